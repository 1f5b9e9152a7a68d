import CNcurses
import ChatWire
import Glibc

/// The terminal on standard input and output, told what to do in the words of the
/// terminal database. ncurses' own windows are not used: their cells hold neither long
/// emoji sequences nor our widths.
final class CursesTerminal: Terminal {
    let colours: ColourDepth
    private let input: Int32 = STDIN_FILENO
    private let output: Int32 = STDOUT_FILENO
    /// The terminal's settings before this program changed them.
    private var saved = termios()
    private let entering: [UInt8]
    private let leaving: [UInt8]
    /// True where operating system commands are understood, or at least passed over in silence.
    private let takesCommands: Bool
    private var encoder: FrameEncoder
    private var isEntered = false
    private var answers = AnswerWatch()
    /// How long the terminal may take to answer when the program leaves: a round trip around the world.
    private static let answerDelay: Duration = .milliseconds(200)

    /// Looks the terminal up without touching it. `usesColour` nil lets the terminal decide.
    init(
        environment: [String: String], usesColour: Bool?, usesMouse: Bool = false
    ) throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        guard let type = environment["TERM"], !type.isEmpty else { throw .noTerminalType }
        var outcome: Int32 = 0
        // With a place for the outcome, setupterm reports instead of ending the program.
        guard setupterm(type, STDOUT_FILENO, &outcome) == OK else {
            throw outcome == 1 ? .incapableTerminal(type) : .unknownTerminalType(type)
        }
        guard Self.string("cup") != nil else { throw .incapableTerminal(type) }
        takesCommands = Self.takesCommands(type)
        var capabilities = Self.capabilities(usesColour: usesColour)
        capabilities.hasHyperlinks = takesCommands
        colours = capabilities.colours
        encoder = FrameEncoder(capabilities: capabilities)
        entering =
            (Self.bytes("smcup") ?? []) + (Self.bytes("smkx") ?? [])
            + Array("\u{1B}[?2004h\u{1B}[?1004h".utf8)
            + (usesMouse ? MouseEvent.enabling : [])
        leaving =
            (usesMouse ? MouseEvent.disabling : []) + (takesCommands ? TerminalMessage.restoreTitle : [])
            + Array("\u{1B}[?1004l\u{1B}[?2004l".utf8)
            + capabilities.resetStyle + capabilities.showCursor
            + (Self.bytes("rmkx") ?? [])
            + (Self.bytes("rmcup") ?? Array("\u{1B}[999;1H\r\n".utf8))
    }

    deinit { restore() }

    var inputDescriptor: Int32 { input }

    var size: Size {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }

    var isForeground: Bool { JobControl.isForeground(on: input) }

    func enter() throws(TerminalError) {
        guard JobControl.waitForForeground(on: input) else { throw .inBackground }
        // Not earlier: until now the settings were those of a shell that reads a line.
        guard tcgetattr(input, &saved) == 0 else { throw .system(call: "tcgetattr", code: errno) }
        isEntered = true
        CrashGuard.arm(descriptor: output, bytes: leaving, settings: saved)
        try setModes(TCSAFLUSH)
        if takesCommands { try write(TerminalMessage.keepTitle) }
    }

    func resume() throws(TerminalError) {
        guard JobControl.waitForForeground(on: input) else { throw .inBackground }
        // What was typed ahead, and answers of the terminal, are for this program.
        try setModes(TCSADRAIN)
    }

    private func setModes(_ moment: Int32) throws(TerminalError) {
        var raw = saved
        cfmakeraw(&raw)
        // Signals from other programs still come; from the keyboard they are keys.
        guard tcsetattr(input, moment, &raw) == 0 else { throw .system(call: "tcsetattr", code: errno) }
        encoder.invalidate()
        try write(entering)
    }

    func restore() {
        guard isEntered else { return }
        isEntered = false
        CrashGuard.disarm()
        // The shell does not reset the modes of a program that ends in the background. But the screen may be
        // another program's, and must not be written to.
        if isForeground || JobControl.isShellInForeground(on: input) {
            JobControl.ignoringOutputStop { try? write(leaving) }
        }
        // In the background the settings are the shell's.
        guard isForeground else { return }
        discardAnswers()
        tcsetattr(input, TCSAFLUSH, &saved)
    }

    /// Waits for the answers that the terminal owes: the shell would read them as typed text.
    private func discardAnswers() {
        let end = SystemClock.instant + Self.answerDelay
        while answers.isAwaited {
            let left = (end - SystemClock.instant).saturatedNanoseconds / 1_000_000
            var entry = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&entry, 1, Int32(clamping: left)) > 0, let bytes = try? read(),
                !bytes.isEmpty
            else { break }
        }
        answers.giveUp()
    }

    func read() throws(TerminalError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            // A read that stopped the program would begin anew in the foreground, and wait for what the shell has
            // taken.
            let (count, errno) = JobControl.ignoringInputStop {
                let count = Glibc.read(input, &buffer, buffer.count)
                return (count, Glibc.errno)
            }
            if count >= 0 {
                answers.receive(buffer.prefix(count))
                return Array(buffer.prefix(count))
            }
            if errno == EIO { return [] }
            guard errno == EINTR || errno == EAGAIN else { throw .system(call: "read", code: errno) }
        }
    }

    func present(_ screen: Screen) throws(TerminalError) -> Bool {
        let bytes = encoder.encode(screen)
        try write(bytes)
        return !bytes.isEmpty
    }

    func invalidate() { encoder.invalidate() }

    func askBackground() throws(TerminalError) {
        guard takesCommands else { return }
        // Every terminal answers the second question, and answers in order: then the first is settled too.
        answers.ask()
        try write(Array("\u{1B}]11;?\u{7}\u{1B}[c".utf8))
    }

    func tell(_ message: TerminalMessage) throws(TerminalError) -> Bool {
        guard takesCommands || message == .bell, let bytes = message.bytes else { return false }
        try write(bytes)
        return true
    }

    private func write(_ bytes: [UInt8]) throws(TerminalError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Somebody made the terminal non-blocking; it is theirs too, so wait.
                var descriptor = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                poll(&descriptor, 1, 1000)
            } else if errno != EINTR {
                throw .system(call: "write", code: errno)
            }
        }
    }

    private static func takesCommands(_ type: String) -> Bool {
        [
            "xterm", "tmux", "foot", "alacritty", "rxvt", "gnome", "konsole", "st-", "wezterm", "vte",
            "contour", "ghostty", "iterm", "mintty", "screen",
        ]
        .contains { type.hasPrefix($0) }
    }

    private static func capabilities(usesColour: Bool?) -> TerminalCapabilities {
        let cup = string("cup") ?? ""
        let setaf = string("setaf")
        let setab = string("setab")
        let number = tigetnum("colors")
        let depth: ColourDepth =
            usesColour == false || setaf == nil || setab == nil || number < 8
            ? .none : (number >= 256 ? .palette : number >= 16 ? .sixteen : .eight)
        // Eight colours include no bright ones.
        let limit = UInt8(clamping: max(1, number) - 1)
        let wraps = tigetflag("am") == 1
        return TerminalCapabilities(
            moveCursor: { expanded(cup, Int32(clamping: $0), Int32(clamping: $1)) },
            setForeground: { expanded(setaf ?? "", Int32($0 > limit ? $0 & 7 : $0), 0) },
            setBackground: { expanded(setab ?? "", Int32($0 > limit ? $0 & 7 : $0), 0) },
            resetStyle: bytes("sgr0") ?? [], bold: bytes("bold") ?? [], dim: bytes("dim") ?? [],
            italic: bytes("sitm") ?? [], underline: bytes("smul") ?? [], reverse: bytes("rev") ?? [],
            clearScreen: bytes("clear") ?? [], clearToLineEnd: bytes("el") ?? [],
            hideCursor: bytes("civis") ?? [], showCursor: bytes("cnorm") ?? [],
            canWriteLastCell: !wraps || tigetflag("xenl") == 1, colours: depth)
    }

    /// A capability's text; nil when the terminal lacks it.
    private static func string(_ name: String) -> String? {
        guard let pointer = tigetstr(name), Int(bitPattern: pointer) != -1 else { return nil }
        let text = String(cString: pointer)
        return text.isEmpty ? nil : text
    }

    private static func bytes(_ name: String) -> [UInt8]? {
        string(name).map { withoutPadding($0) }
    }

    private static func expanded(_ capability: String, _ first: Int32, _ second: Int32) -> [UInt8] {
        guard let pointer = chat_tparm(capability, first, second) else { return [] }
        return withoutPadding(String(cString: pointer))
    }

    /// Leaves out `$<milliseconds>`, which terminals that are screens do not need.
    private static func withoutPadding(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if rest.starts(with: [UInt8(ascii: "$"), UInt8(ascii: "<")]),
                let end = rest.firstIndex(of: UInt8(ascii: ">"))
            {
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
