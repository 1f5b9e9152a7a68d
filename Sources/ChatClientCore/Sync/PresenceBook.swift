import ChatWire

/// Who is connected, as far as the server has said on this link.
struct PresenceBook: Equatable, Sendable {
    private var told: [UserID: Presence] = [:]
    /// The server has said who of the contacts is online: the others are not.
    private var isComplete = false

    /// True when it is news.
    mutating func set(_ user: UserID, online: Bool) -> Bool {
        let presence: Presence = online ? .online : .offline
        return told.updateValue(presence, forKey: user) != presence
    }

    /// The server is one that tells at the start of a link which contacts are online.
    mutating func becomeComplete() { isComplete = true }

    /// Without a link nothing is known.
    mutating func forget() { self = PresenceBook() }

    func presence(of user: UserID, isContact: Bool) -> Presence {
        told[user] ?? (isComplete && isContact ? .offline : .unknown)
    }

    var online: [UserID] { told.filter { $0.value == .online }.keys.sorted() }
}
