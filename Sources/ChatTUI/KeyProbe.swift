import Glibc

/// The terminal of standard input, from which each key comes at once and as it is.
private final class RawInput {
    private var saved: termios?

    /// Takes the terminal, or takes it again; in the background the program stops here until it is brought to the front.
    func enter() throws(TerminalError) {
        guard JobControl.waitForForeground(on: STDIN_FILENO) else { throw .inBackground }
        var found = termios()
        guard tcgetattr(STDIN_FILENO, &found) == 0 else { throw .system(call: "tcgetattr", code: errno) }
        let settings = saved ?? found
        saved = settings
        var raw = settings
        cfmakeraw(&raw)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else {
            throw .system(call: "tcsetattr", code: errno)
        }
        CrashGuard.arm(descriptor: STDOUT_FILENO, bytes: [], settings: settings)
    }

    func restore() {
        guard var settings = saved else { return }
        CrashGuard.disarm()
        if JobControl.isForeground(on: STDIN_FILENO) { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
    }
}

/// Shows what the terminal sends for each key, and what the key does, so that a person can find out why one does nothing.
public enum KeyProbe {
    /// Reads keys from the terminal of standard input until Ctrl-C, and prints a line for each.
    ///
    /// - Throws: `TerminalError` when standard input is not a terminal.
    public static func run(
        keys: KeyBindings, language: Language, print: (String) -> Void
    ) throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal }
        let signals = try SignalPipe(signals: EndingSignals.all + [SIGTSTP, SIGCONT])
        let terminal = RawInput()
        try JobControl.withSignals { () throws(TerminalError) in
            try terminal.enter()
            defer { terminal.restore() }
            try read(terminal, signals, keys: keys, language: language, print: print)
        }
    }

    private static func read(
        _ terminal: RawInput, _ signals: SignalPipe, keys: KeyBindings, language: Language,
        print: (String) -> Void
    ) throws(TerminalError) {
        let strings = language.catalogue()
        let keymap = keys.applied(to: .standard)
        // The terminal is raw: a line break alone does not go back to the left.
        print(strings.keyProbeBegins + "\r")
        var decoder = KeyDecoder()
        var bytes: [UInt8] = []
        while true {
            var descriptors = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&descriptors, 2, decoder.deadline == nil ? -1 : 50)
            if count > 0, descriptors[1].revents != 0 {
                guard try goesOn(after: signals, terminal) else { return }
                continue
            }
            var events = decoder.expire(now: SystemClock.instant)
            if count > 0, descriptors[0].revents != 0 {
                var buffer = [UInt8](repeating: 0, count: 512)
                let read = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
                guard read > 0 else { return }
                bytes += buffer.prefix(read)
                events += decoder.receive(buffer.prefix(read), now: SystemClock.instant)
            }
            if decoder.deadline == nil || !events.isEmpty {
                for line in lines(events, bytes, keymap, strings) { print(line + "\r") }
                bytes = []
            }
            if events.contains(.key(.character("c", .control))) { return }
        }
    }

    /// False when a signal ends the program.
    private static func goesOn(after signals: SignalPipe, _ terminal: RawInput) throws(TerminalError) -> Bool
    {
        for signal in signals.take() {
            switch signal {
            case SIGCONT: try terminal.enter()
            case SIGTSTP where JobControl.canStop:
                terminal.restore()
                JobControl.stop()
                // What woke it comes next, and takes the terminal again.
                if !signals.wait(milliseconds: 2000) { try terminal.enter() }
            case SIGTSTP: break
            default: return false
            }
        }
        return true
    }

    /// A line for each key: the name that configuration files have for it, its command, and what came.
    static func lines(
        _ events: [InputEvent], _ bytes: [UInt8], _ keymap: Keymap, _ strings: any Catalogue
    ) -> [String] {
        guard !bytes.isEmpty || !events.isEmpty else { return [] }
        let sent = bytes.map(shown).joined(separator: " ")
        guard !events.isEmpty else { return [row(strings.noKey, "", sent)] }
        return events.map { event in
            switch event {
            case .key(let key):
                let commands = [
                    keymap.command(for: key), keymap.messageCommand(for: key).map(Command.message),
                ]
                let names = commands.compactMap { $0?.name }.joined(separator: ", ")
                return row(Sanitizer.line(key.name), names.isEmpty ? "-" : names, sent)
            case .paste(let text): return row(strings.pasted(text.count), "-", "")
            case .mouse, .focus, .background: return row(strings.noKey, "", sent)
            }
        }
    }

    /// The keymap as the table `[keys]` of a configuration file.
    public static func table(keys: KeyBindings, language: Language) -> [String] {
        let strings = language.catalogue()
        return ["[keys]"]
            + keys.applied(to: .standard).bindings.map { binding in
                let names = binding.keys.map { "\"" + escaped($0.name) + "\"" }.joined(separator: ", ")
                let setting = "\(binding.command.name) = [\(names)]"
                return padded(setting, to: 52) + " # " + strings.describe(binding.command)
            }
    }

    private static func escaped(_ name: String) -> String {
        name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }

    private static func row(_ name: String, _ command: String, _ sent: String) -> String {
        padded(name, to: 20) + " " + padded(command, to: 22) + " " + sent
    }

    private static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - TextWidth.of(text)))
    }

    private static func shown(_ byte: UInt8) -> String {
        switch byte {
        case 0x1B: return "ESC"
        case 0x21...0x7E: return String(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            return "0x" + (digits.count == 1 ? "0" : "") + digits
        }
    }
}
