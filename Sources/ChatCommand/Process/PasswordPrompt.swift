import Glibc

/// Asks for a line on the person's terminal; for a secret, without showing what is typed.
///
/// The question goes to `/dev/tty`, whatever the standard streams are. The terminal is put back on every
/// way out: the answer, the end of input, and the signals that end or stop a program.
struct PasswordPrompt {
    enum Failure: Error, Hashable, Sendable {
        /// There is no terminal to ask on.
        case noTerminal
        /// The person ended the input (Ctrl-D) or the line is longer than ``lengthMax``.
        case noAnswer
        /// A signal ended the question; it is to be raised again once everything is put in order.
        case interrupted(Int32)
    }

    /// In bytes; longer secrets come from files.
    static let lengthMax = 1024

    /// The line that the person typed, without its end.
    static func ask(_ question: String, isSecret: Bool = true) throws(Failure) -> String {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { throw .noTerminal }
        defer { close(terminal) }
        var settings = termios()
        guard isatty(terminal) == 1, tcgetattr(terminal, &settings) == 0 else { throw .noTerminal }
        guard let relay = try? SignalRelay(signals: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]) else {
            throw .noTerminal
        }
        let prompt = PasswordPrompt(
            terminal: terminal, settings: settings, question: question, isSecret: isSecret, relay: relay)
        defer { prompt.finish() }
        prompt.start()
        return try prompt.readLine()
    }

    private let terminal: Int32
    /// The terminal as it was.
    private let settings: termios
    private let question: String
    private let isSecret: Bool
    private let relay: SignalRelay

    private func start() {
        var settings = settings
        if isSecret { settings.c_lflag &= ~tcflag_t(ECHO | ECHONL) }
        settings.c_lflag |= tcflag_t(ICANON | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &settings)
        try? FileSystem.write(question.utf8, to: terminal)
    }

    private func restore() {
        var settings = settings
        tcsetattr(terminal, TCSAFLUSH, &settings)
    }

    private func finish() {
        restore()
        // The person's own line end was not shown either.
        if isSecret { try? FileSystem.write("\n".utf8, to: terminal) }
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
                guard signal == SIGTSTP else { throw .interrupted(signal) }
                pause()
                continue
            }
            guard entries[0].revents != 0 else { continue }
            var byte: UInt8 = 0
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { throw .noAnswer }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        throw .noAnswer
    }

    /// Stops the program as Ctrl-Z asked, with the terminal as it was, and asks again afterwards.
    private func pause() {
        restore()
        raise(SIGSTOP)
        start()
    }
}
