import ChatTUI
import Glibc

/// Asks for a line on the person's terminal; for a secret, without echo.
///
/// The question goes to `/dev/tty`, whatever the standard streams are. The terminal is restored in every case: after
/// the answer, at the end of input, and on every signal that ends or stops a program. In the background the program
/// stops before it asks.
struct PasswordPrompt {
    enum Failure: Error, Hashable, Sendable {
        /// There is no terminal.
        case noTerminal
        /// The person ended the input (Ctrl-D), or the line is longer than ``lengthMax``.
        case noAnswer
        /// A signal ended the question; raise it again after everything is restored.
        case interrupted(Int32)
    }

    /// In bytes; longer secrets come from files.
    static let lengthMax = 1024

    /// The line that the person typed, without its line end.
    static func ask(_ question: String, isSecret: Bool = true) throws(Failure) -> String {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { throw .noTerminal }
        defer { close(terminal) }
        guard isatty(terminal) == 1,
            let relay = try? SignalRelay(signals: EndingSignals.all + [SIGTSTP, SIGCONT])
        else { throw .noTerminal }
        return try JobControl.withSignals { () throws(Failure) in
            try ask(question, isSecret: isSecret, on: terminal, relay)
        }
    }

    /// Asks on a terminal that stays the caller's.
    static func ask(
        _ question: String, isSecret: Bool, on terminal: Int32, _ relay: SignalRelay
    ) throws(Failure) -> String {
        try waitForForeground(on: terminal, relay)
        var settings = termios()
        // Read only now: earlier, the settings may have been those of a shell that reads a line.
        guard tcgetattr(terminal, &settings) == 0 else { throw .noTerminal }
        let prompt = PasswordPrompt(
            terminal: terminal, settings: settings, question: question, isSecret: isSecret, relay: relay)
        defer { prompt.finish() }
        prompt.start()
        return try prompt.readLine()
    }

    /// Started in the background, the program stops here until it comes to the foreground.
    private static func waitForForeground(on terminal: Int32, _ relay: SignalRelay) throws(Failure) {
        guard !JobControl.isForeground(on: terminal) else { return }
        guard JobControl.waitForForeground(on: terminal) else { throw .noTerminal }
        // A waking signal needs nothing; an ending one ends the wait.
        var entry = pollfd(fd: relay.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, wakingDelay) > 0, let signal = relay.take() else { return }
        if EndingSignals.all.contains(signal) { throw .interrupted(signal) }
    }

    private let terminal: Int32
    /// The original settings of the terminal.
    private let settings: termios
    private let question: String
    private let isSecret: Bool
    private let relay: SignalRelay

    private func start() {
        setModes()
        try? FileSystem.write(question.utf8, to: terminal)
    }

    private func setModes() {
        var settings = settings
        if isSecret { settings.c_lflag &= ~tcflag_t(ECHO | ECHONL) }
        settings.c_lflag |= tcflag_t(ICANON | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &settings)
    }

    /// False in the background, where the settings are the shell's.
    @discardableResult
    private func restore() -> Bool {
        guard JobControl.isForeground(on: terminal) else { return false }
        var settings = settings
        tcsetattr(terminal, TCSAFLUSH, &settings)
        return true
    }

    private func finish() {
        // The line end that the person typed was not echoed either.
        if restore(), isSecret { try? FileSystem.write("\n".utf8, to: terminal) }
    }

    private func readLine() throws(Failure) -> String {
        var line: [UInt8] = []
        while line.count <= Self.lengthMax {
            var entries = [
                pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
                pollfd(fd: relay.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&entries, 2, -1) > 0 else { continue }
            if let signal = relay.take() {
                switch signal {
                case SIGTSTP: pause()
                case SIGCONT: try goOn()
                default: throw .interrupted(signal)
                }
                line = []
                continue
            }
            guard entries[0].revents != 0 else { continue }
            guard JobControl.isForeground(on: terminal) else {
                try goOn()
                continue
            }
            var byte: UInt8 = 0
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { throw .noAnswer }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        throw .noAnswer
    }

    /// Stops the program after Ctrl-Z, with the terminal restored; does nothing where nobody could continue it.
    private func pause() {
        guard JobControl.canStop else { return }
        restore()
        JobControl.stop()
        // The waking signal arrives next, and the question is asked again; without it the program was never stopped.
        var entry = pollfd(fd: relay.descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, Self.wakingDelay) <= 0, JobControl.isForeground(on: terminal) { setModes() }
    }

    /// In milliseconds: how long the waking signal may take to arrive on a busy machine.
    private static let wakingDelay: Int32 = 2000

    /// Asks again: the program in the foreground may have changed the terminal's modes.
    private func goOn() throws(Failure) {
        guard JobControl.waitForForeground(on: terminal) else { throw .noTerminal }
        // Over the question if it is still visible; the typed text is lost.
        try? FileSystem.write((isSecret ? "\r" : "\n").utf8, to: terminal)
        start()
    }
}
