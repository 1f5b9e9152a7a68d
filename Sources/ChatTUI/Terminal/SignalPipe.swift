import Glibc
import Synchronization

/// Where the main loops learn of signals.
protocol SignalSource: AnyObject {
    /// Becomes readable when a signal has come.
    var descriptor: Int32 { get }
    /// The signals that came since the last call, each once, those first that end the program.
    func take() -> [Int32]
}

extension SignalSource {
    /// Waits until a signal has come, at most for `milliseconds`; false when none has.
    @discardableResult
    func wait(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }
}

/// Turns signals into bytes of a pipe that the main loop polls. signalfd would need the
/// signals blocked in every thread, and this type does not control the threads that other code starts.
final class SignalPipe: SignalSource {
    var descriptor: Int32 { pipe.reading }
    private let pipe: WakePipe
    private var replaced: [(number: Int32, action: sigaction)] = []

    /// The pipe that handlers write to; -1 for none.
    private static let target = Atomic<Int32>(-1)

    init(signals: [Int32]) throws(TerminalError) {
        pipe = try WakePipe()
        Self.target.store(pipe.writing, ordering: .sequentiallyConsistent)
        for number in signals { replace(number) }
    }

    deinit {
        for var old in replaced { sigaction(old.number, &old.action, nil) }
        Self.target.store(-1, ordering: .sequentiallyConsistent)
    }

    func take() -> [Int32] {
        let arrived = Set(pipe.take().map { Int32($0) })
        return arrived.sorted {
            (EndingSignals.contains($0) ? 0 : 1, $0) < (EndingSignals.contains($1) ? 0 : 1, $1)
        }
    }

    private func replace(_ number: Int32) {
        // What was ignored from the start (nohup, a script's background) stays ignored.
        guard !JobControl.isIgnored(number) else { return }
        var action = sigaction()
        var old = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            // A full pipe wakes the loop anyway.
            _ = write(SignalPipe.target.load(ordering: .relaxed), &byte, 1)
            errno = saved
        }
        action.sa_flags = Int32(SA_RESTART)
        // One after another, the lowest number first: who ends a stopped program sends SIGTERM, then SIGCONT.
        sigfillset(&action.sa_mask)
        if sigaction(number, &action, &old) == 0 { replaced.append((number, old)) }
    }
}
