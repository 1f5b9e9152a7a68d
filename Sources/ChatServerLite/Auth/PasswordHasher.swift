import ChatWire
import Synchronization

/// Hashes and verifies passwords on its own threads, so that bcrypt never blocks an event loop.
///
/// The queue holds as many requests as can be served in two seconds. ``FairQueue`` shares it among addresses
/// and accounts.
final class PasswordHasher: Sendable {
    /// The result of verifying a password.
    struct Verdict: Equatable, Sendable {
        let isRight: Bool
        /// A new hash of the right password at the current cost, when the stored hash has another cost.
        var renewed: String?
    }

    private let worker: FairWorker
    private let cost: Int
    /// The highest cost of any hash. Every refusal takes as long as this cost.
    private let costMax: Int

    /// - Parameter storedCost: the highest cost among the stored hashes.
    init(cost: Int, storedCost: Int = 0, queueLength: Int, threads: Int = 2) {
        self.cost = cost
        costMax = max(cost, min(storedCost, 31))
        let estimate = Duration.microseconds(80) * (1 << costMax)
        worker = FairWorker(threads: threads, estimate: estimate, lengthMax: queueLength)
    }

    /// The bcrypt hash of `password`; nil when it cannot be hashed.
    ///
    /// - Throws: `Refused` when the queue is full.
    func hash(_ password: String, for asker: FairAsker) async throws(FairWorker.Refused) -> String? {
        let hash = try await worker.run(for: asker) { [cost] in PasswordHash.make(password, cost: cost) }
        worker.note(asker, isKnown: hash != nil)
        return hash
    }

    /// Whether `hash` was made from `password`; false when there is no hash. A refusal always takes the same
    /// time, whatever the cost of the hash and whether there is one.
    ///
    /// - Throws: `Refused` when the queue is full.
    func verify(
        _ password: String, against hash: String?, for asker: FairAsker
    ) async throws(FairWorker.Refused) -> Verdict {
        let verdict = try await worker.run(for: asker) { [cost, costMax] in
            Self.verdict(password, hash, cost: cost, costMax: costMax)
        }
        worker.note(asker, isKnown: verdict.isRight)
        return verdict
    }

    /// How many passwords wait.
    var waitingCount: Int { worker.waitingCount }

    /// Finishes the running work and ends the threads.
    func shutdown() async { await worker.shutdown() }

    private static func verdict(_ password: String, _ hash: String?, cost: Int, costMax: Int) -> Verdict {
        let stored = hash.flatMap { PasswordHash.cost(of: $0) }
        var costs = costsOfRefusal(stored: stored, highest: costMax)
        if let hash, let stored {
            if PasswordHash.verify(password, against: hash) {
                let renewed = stored == cost ? nil : PasswordHash.make(password, cost: cost)
                return Verdict(isRight: true, renewed: renewed)
            }
            costs.removeFirst()
        }
        for step in costs { _ = PasswordHash.verify(password, against: PasswordHash.decoy(cost: step)) }
        return Verdict(isRight: false)
    }

    /// The costs of the hashes to compute before a refusal, the stored hash's cost first. Each step of the
    /// cost doubles the time, so the other costs add up to the difference from the highest.
    static func costsOfRefusal(stored: Int?, highest: Int) -> [Int] {
        guard let stored else { return [highest] }
        return [stored] + Array(stored..<max(stored, highest))
    }
}
