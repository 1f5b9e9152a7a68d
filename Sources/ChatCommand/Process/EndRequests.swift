import ChatNet
import Glibc
import Synchronization

/// Asks a program that runs until it is told to end: by a signal (INT, TERM, HUP), or when the reader of its output
/// pipe has gone. In effect as long as it lives; only one at a time.
final class EndRequests {
    private let signals: SignalRelay
    private let thread = IOThread()
    private let watches: Watches

    /// Ended by the first request: the descriptor stays readable.
    private final class Watches: Sendable {
        private let all = Mutex<[IOWatch]>([])

        func add(_ watch: IOWatch) { all.withLock { $0.append(watch) } }

        /// False when it was already ended.
        func end() -> Bool {
            all.withLock { watches in
                for watch in watches { watch.end() }
                defer { watches = [] }
                return !watches.isEmpty
            }
        }
    }

    /// - Parameter action: ends the program; called once, on another thread.
    init(_ action: @escaping @Sendable () -> Void) throws(SystemError) {
        signals = try SignalRelay(signals: [SIGINT, SIGTERM, SIGHUP])
        let watches = Watches()
        self.watches = watches
        let handler: IOThread.Handler = { _ in if watches.end() { action() } }
        watches.add(thread.watch(signals.descriptor, for: .readable, handler))
        if Self.isPipe(STDOUT_FILENO) {
            // Nothing is ever read from it: poll(2) reports when its reader has gone.
            watches.add(thread.watch(STDOUT_FILENO, for: .readable, handler))
        }
    }

    deinit { _ = watches.end() }

    private static func isPipe(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }
}
