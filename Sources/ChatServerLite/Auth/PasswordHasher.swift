import NIOPosix
import Synchronization

/// Hashes and verifies passwords on threads of its own, so that bcrypt never holds up an event loop.
///
/// At most `queueLength` passwords wait; beyond that the work is refused at once, since a queue of seconds
/// would only grow.
final class PasswordHasher: Sendable {
    /// The queue is full: the client may try again later.
    struct Overloaded: Error, Equatable {}

    private let pool: NIOThreadPool
    private let cost: Int
    private let queueLength: Int
    private let waiting = Mutex(0)
    /// What an unknown account's password is compared with, so that it takes as long as a known one's.
    private let decoy: String

    init(cost: Int, queueLength: Int, threads: Int = 2) {
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        self.cost = cost
        self.queueLength = queueLength
        // Of the same cost as real hashes; no password makes it, since its digest is all zeros.
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        decoy = "$2b$\(digits)$" + String(repeating: ".", count: 53)
    }

    /// The bcrypt hash of `password`; nil when it cannot be hashed.
    func hash(_ password: String) async throws(Overloaded) -> String? {
        try await run { [cost] in PasswordHash.make(password, cost: cost) }
    }

    /// Whether `password` belongs to `hash`; with no hash, false after the same time.
    func verify(_ password: String, against hash: String?) async throws(Overloaded) -> Bool {
        try await run { [decoy] in
            let matches = PasswordHash.verify(password, against: hash ?? decoy)
            return matches && hash != nil
        }
    }

    /// Ends the threads once the work at hand is done.
    func shutdown() async {
        try? await pool.shutdownGracefully()
    }

    private func run<Result: Sendable>(
        _ body: @Sendable @escaping () -> Result
    ) async throws(Overloaded) -> Result {
        let hasRoom = waiting.withLock { waiting in
            guard waiting < queueLength else { return false }
            waiting += 1
            return true
        }
        guard hasRoom else { throw Overloaded() }
        defer { waiting.withLock { $0 -= 1 } }
        do {
            return try await pool.runIfActive(body)
        } catch {
            // The pool ends with the server only.
            throw Overloaded()
        }
    }
}
