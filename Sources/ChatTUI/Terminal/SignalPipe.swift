import Glibc
import Synchronization

/// Turns signals into bytes of a pipe that the main loop polls. signalfd would need the
/// signals blocked in every thread, and threads that others started are not ours to block.
final class SignalPipe {
    /// Becomes readable when a signal has come.
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

    /// The signals that came since the last call, each once.
    func take() -> Set<Int32> { Set(pipe.take().map { Int32($0) }) }

    /// Gives a signal its usual effect while `body` runs.
    func letThrough(_ number: Int32, while body: () -> Void) {
        var usual = sigaction()
        var ours = sigaction()
        usual.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(number, &usual, &ours)
        body()
        sigaction(number, &ours, nil)
    }

    private func replace(_ number: Int32) {
        var action = sigaction()
        var old = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            // A full pipe holds signals enough.
            _ = write(SignalPipe.target.load(ordering: .relaxed), &byte, 1)
            errno = saved
        }
        action.sa_flags = Int32(SA_RESTART)
        if sigaction(number, &action, &old) == 0 { replaced.append((number, old)) }
    }
}
