import Glibc
import Synchronization

/// Turns signals into bytes of a pipe, so that ordinary code can wait for them and clean up before the program ends.
///
/// Only one relay can be active at a time; at its end it restores the previous signal actions.
final class SignalRelay {
    /// Readable when a signal has arrived.
    let descriptor: Int32
    private let writingEnd: Int32
    private var previous: [(signal: Int32, action: sigaction)] = []

    /// Starts to relay the signals.
    init(signals: [Int32]) throws(SystemError) {
        (descriptor, writingEnd) = try FileSystem.makePipe()
        for end in [descriptor, writingEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        relayDescriptor.store(writingEnd, ordering: .sequentiallyConsistent)
        for signal in signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = relaySignal
            action.sa_flags = SA_RESTART
            // One after another, the lowest number first: to end a stopped program, a shell sends SIGTERM, then
            // SIGCONT.
            sigfillset(&action.sa_mask)
            var old = sigaction()
            sigaction(signal, &action, &old)
            // A signal that was ignored from the start (nohup) stays ignored.
            if old.__sigaction_handler.sa_handler == nil || !Self.isIgnored(old) {
                previous.append((signal, old))
            } else {
                sigaction(signal, &old, nil)
            }
        }
    }

    deinit {
        for entry in previous {
            var action = entry.action
            sigaction(entry.signal, &action, nil)
        }
        relayDescriptor.store(-1, ordering: .sequentiallyConsistent)
        close(descriptor)
        close(writingEnd)
    }

    /// The next signal, if any; does not wait.
    func take() -> Int32? {
        var number: UInt8 = 0
        return read(descriptor, &number, 1) == 1 ? Int32(number) : nil
    }

    /// Ends this program as the signal would have; returns only when the signal is blocked.
    static func endProcess(by number: Int32) {
        signal(number, SIG_DFL)
        // To the process and not to this thread: the threads that tasks share block signals.
        kill(getpid(), number)
        sleep(1)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        // SIG_IGN is the address 1, a macro that Swift does not import.
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}

/// The descriptor that the handler writes to; -1 when nobody listens. It is atomic because a signal handler reads it.
private let relayDescriptor = Atomic<Int32>(-1)

/// The handler calls only `write`, which is async-signal-safe, and preserves errno.
private func relaySignal(_ signal: Int32) {
    let saved = errno
    let descriptor = relayDescriptor.load(ordering: .sequentiallyConsistent)
    if descriptor >= 0 {
        var number = UInt8(truncatingIfNeeded: signal)
        _ = write(descriptor, &number, 1)
    }
    errno = saved
}
