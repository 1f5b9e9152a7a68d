import ChatWire

/// Who is connected and who types, as the server tells on one link, and what it is told of the account's own typing.
struct Company: Equatable, Sendable {
    private(set) var presence = PresenceBook()
    private var typists = IncomingTyping()
    private var typing = OutgoingTyping()

    var deadline: MonotonicInstant? { [typists.deadline, typing.deadline].compactMap { $0 }.min() }

    // MARK: Others

    func isTyping(_ peer: UserID) -> Bool { typists.isTyping(peer) }

    /// True when the person did not type before.
    mutating func startedTyping(_ peer: UserID, at now: MonotonicInstant) -> Bool {
        typists.started(peer, at: now)
    }

    /// True when the person typed.
    mutating func stoppedTyping(_ peer: UserID) -> Bool { typists.stopped(peer) }

    /// True when this is news.
    mutating func set(_ user: UserID, online: Bool) -> Bool { presence.set(user, online: online) }

    /// The server lists the contacts that are online at the start of a link.
    mutating func presenceIsComplete() { presence.becomeComplete() }

    // MARK: The account

    /// The person types, or has stopped, in the conversation with `peer`.
    mutating func typing(_ isTyping: Bool, to peer: UserID, at now: MonotonicInstant) -> [ClientEvent] {
        isTyping ? typing.keyPressed(peer, at: now) : stopTyping(to: peer)
    }

    /// The text to `peer` was sent or discarded.
    mutating func stopTyping(to peer: UserID) -> [ClientEvent] {
        typing.isTyping(to: peer) ? typing.stop() : []
    }

    /// The person has another conversation on the screen, or none.
    mutating func stopTyping(unlessTo peer: UserID?) -> [ClientEvent] {
        if let peer, typing.isTyping(to: peer) { return [] }
        return typing.stop()
    }

    // MARK: Time and the link

    /// Those who have not typed for too long: they count as having stopped.
    mutating func expire(at now: MonotonicInstant) -> [UserID] { typists.expire(at: now) }

    mutating func tick(at now: MonotonicInstant) -> [ClientEvent] { typing.tick(at: now) }

    /// Without a link nothing is known. Returns those who typed.
    mutating func linkWentDown() -> [UserID] {
        defer { self = Company() }
        return typists.stopAll()
    }
}
