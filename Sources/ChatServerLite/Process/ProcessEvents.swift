import Glibc

/// What happens to the process from outside, for a main thread that waits for it: signals to stop, the end
/// of standard input, and ``wake()`` from the program itself.
///
/// Made once, before any other thread: the threads that follow inherit the blocked signals, so that only the
/// one here ever takes them. No signal handler runs anywhere.
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
        // A file that may not grow any more is a full disk, which the writer deals with.
        signal(SIGXFSZ, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotRun(reason: String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
        var signals = Self.stopSignals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var thread = pthread_t()
        // A file descriptor fits into a pointer; plus one, since the null pointer is no pointer.
        let argument = UnsafeMutableRawPointer(bitPattern: Int(writing) + 1)
        let code = pthread_create(&thread, nil, { Self.relaySignals(to: $0) }, argument)
        guard code == 0 else { throw .cannotRun(reason: String(cString: strerror(code))) }
        pthread_detach(thread)
    }

    private static var stopSignals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }

    /// The body of the thread that takes the signals, for as long as the process lives.
    private static func relaySignals(to argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        let pipe = Int32(truncatingIfNeeded: Int(bitPattern: argument) - 1)
        var signals = stopSignals
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

    /// Waits for the next event.
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

    /// What is typed is of no interest, only its end.
    private func hasInputEnded() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)
    }
}
