import ChatWire
import Synchronization

/// Hashes and verifies passwords on threads of its own, so that bcrypt never holds up an event loop.
///
/// As many wait as are served in two seconds; who waits is decided fairly by addresses and accounts.
final class PasswordHasher: Sendable {
    /// What came of comparing a password.
    struct Verdict: Equatable, Sendable {
        let isRight: Bool
        /// The right password's hash at the cost of today, when the stored one has another.
        var renewed: String?
    }

    private let worker: FairWorker
    private let cost: Int
    /// No stored hash costs more: refusals take as long as it does.
    private let costMax: Int

    /// - Parameter storedCost: the highest cost of the hashes that there are.
    init(cost: Int, storedCost: Int = 0, queueLength: Int, threads: Int = 2) {
        self.cost = cost
        costMax = max(cost, min(storedCost, 31))
        let estimate = Duration.microseconds(80) * (1 << costMax)
        worker = FairWorker(threads: threads, estimate: estimate, lengthMax: queueLength)
    }

    /// The bcrypt hash of `password`; nil when it cannot be hashed.
    func hash(_ password: String, for asker: FairAsker) async throws(FairWorker.Refused) -> String? {
        let hash = try await worker.run(for: asker) { [cost] in PasswordHash.make(password, cost: cost) }
        worker.note(asker, isKnown: hash != nil)
        return hash
    }

    /// Whether `password` belongs to `hash`; with no hash it does not. No takes the same time, whatever the cost
    /// of the hash, and whether there is one.
    func verify(
        _ password: String, against hash: String?, for asker: FairAsker
    ) async throws(FairWorker.Refused) -> Verdict {
        let verdict = try await worker.run(for: asker) { [cost, costMax] in
            Self.verdict(password, hash, cost: cost, costMax: costMax)
        }
        worker.note(asker, isKnown: verdict.isRight)
        return verdict
    }

    /// Ends the threads once the work at hand is done.
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

    /// The costs at which is hashed before a no, that of the stored hash first. Each step of the cost doubles the
    /// time: the others add up to what is missing to the highest.
    static func costsOfRefusal(stored: Int?, highest: Int) -> [Int] {
        guard let stored else { return [highest] }
        return [stored] + Array(stored..<max(stored, highest))
    }
}
