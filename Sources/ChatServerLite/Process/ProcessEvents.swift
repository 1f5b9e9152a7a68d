import Glibc

/// Events from outside the process that the main thread waits for: signals, the end of standard input, and
/// ``wake()``.
///
/// Create it once, before any other thread. Later threads inherit the blocked signals, so that only the
/// thread made here takes them. No signal handler runs anywhere. Signals that were ignored from the start
/// (`nohup`) stay ignored.
struct ProcessEvents: Sendable {
    enum Event: Equatable {
        case signal(Int32)
        case inputEnded
        case woken
    }

    private let reading: Int32
    private let writing: Int32

    init() throws(ServerStartError) {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotRun(reason: String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
        // Reaching the file size limit must fail the write, not kill the process.
        signal(SIGXFSZ, SIG_IGN)
        var signals = Self.set(of: Self.taken)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var thread = pthread_t()
        // A file descriptor fits into a pointer. One is added because descriptor 0 would be the null pointer.
        let argument = UnsafeMutableRawPointer(bitPattern: Int(writing) + 1)
        let code = pthread_create(&thread, nil, { Self.relaySignals(to: $0) }, argument)
        guard code == 0 else { throw .cannotRun(reason: String(cString: strerror(code))) }
        pthread_detach(thread)
    }

    /// The signals that stop the server: a request to end, the loss of the terminal or of power, and the CPU
    /// time limit.
    private static let stopping = [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGPWR, SIGXCPU]
    /// Signals that make other daemons do something that this server does not do. They are ignored. The log
    /// goes to standard error, so there is no file to reopen, and the settings are read only at the start.
    private static let passedOver =
        [SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGSTKFLT]
        + Array(__libc_current_sigrtmin()...__libc_current_sigrtmax())

    /// Whether this signal asks the server to stop.
    static func stops(_ signal: Int32) -> Bool { stopping.contains(signal) }

    /// Whether a second signal of this kind asks to end at once. When a terminal closes, or a service manager
    /// stops the server, other signals follow the first; those don't count.
    static func hurries(_ signal: Int32) -> Bool { [SIGTERM, SIGINT, SIGQUIT].contains(signal) }

    private static let taken = (stopping + passedOver).filter { !isIgnored($0) }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        sigaction(signal, nil, &action)
        // SIG_IGN is the address 1. Function pointers cannot be compared in any other way.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    private static func set(of numbers: [Int32]) -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in numbers { sigaddset(&signals, number) }
        return signals
    }

    /// The body of the thread that takes the signals. It runs for the life of the process.
    private static func relaySignals(to argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        let pipe = Int32(truncatingIfNeeded: Int(bitPattern: argument) - 1)
        var signals = set(of: taken)
        while true {
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { continue }
            send(UInt8(truncatingIfNeeded: number), to: pipe)
        }
    }

    private static func send(_ byte: UInt8, to pipe: Int32) {
        var byte = byte
        while write(pipe, &byte, 1) < 0, errno == EINTR {}
    }

    /// Makes ``next(watchingInput:)`` return `woken`.
    func wake() { Self.send(0, to: writing) }

    /// Blocks until the next event.
    func next(watchingInput: Bool) -> Event {
        var descriptors = [
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: watchingInput ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            if poll(&descriptors, nfds_t(descriptors.count), -1) < 0 { continue }
            if descriptors[0].revents != 0 { return readEvent() }
            if descriptors[1].revents != 0, hasInputEnded() { return .inputEnded }
        }
    }

    private func readEvent() -> Event {
        var byte: UInt8 = 0
        while read(reading, &byte, 1) < 0, errno == EINTR {}
        return byte == 0 ? .woken : .signal(Int32(byte))
    }

    /// Reads and discards input, to notice its end.
    private func hasInputEnded() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)
    }
}
