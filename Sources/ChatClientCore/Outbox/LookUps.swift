import ChatWire

/// When conversations are looked up for messages of unknown fate. A look-up without a result is repeated after pauses that
/// double from two seconds on. One that would mark messages as read waits until the person opens the conversation.
struct LookUps: Equatable, Sendable {
    private struct Look: Equatable {
        var count: Int
        var notBefore: MonotonicInstant
    }

    /// How often a conversation was looked up on this link without a result.
    private var looks: [UserID: Look] = [:]
    /// Conversations that may not be looked up before the person opens them.
    private var deferred: Set<UserID> = []
    /// When the next look-up is due that has had to wait; nil for none.
    private(set) var next: MonotonicInstant?

    /// How often a conversation is looked up without a result.
    static let max = 6

    mutating func linkCameUp() { looks = [:] }

    mutating func linkWentDown() { next = nil }

    /// The turns of all messages are looked at again.
    mutating func beginTurn() { next = nil }

    /// Whether the conversation may be looked up now. If it must wait, ``next`` says until when.
    mutating func mayLook(at peer: UserID, at now: MonotonicInstant) -> Bool {
        guard !deferred.contains(peer) else { return false }
        if let due = looks[peer]?.notBefore, due > now {
            next = min(next ?? due, due)
            return false
        }
        return true
    }

    /// True when the next page that proves nothing is the last one that is waited for.
    func isLast(of peer: UserID) -> Bool { (looks[peer]?.count ?? 0) + 1 >= Self.max }

    /// The page has come.
    ///
    /// - Parameter isUnproved: it proved nothing about some of the messages.
    mutating func looked(at peer: UserID, isUnproved: Bool, at now: MonotonicInstant) {
        guard isUnproved else {
            looks[peer] = nil
            return
        }
        let count = (looks[peer]?.count ?? 0) + 1
        looks[peer] = Look(count: count, notBefore: now + .seconds(1 << min(count, 9)))
    }

    /// The person wants an answer: the count starts over.
    mutating func startOver(_ peer: UserID) { looks[peer] = nil }

    mutating func `defer`(_ peer: UserID) { deferred.insert(peer) }

    mutating func opened(_ peer: UserID) { deferred.remove(peer) }
}
