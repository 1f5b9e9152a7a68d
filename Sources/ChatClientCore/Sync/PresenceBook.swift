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

    // MARK: For other programs

    /// More people than are shown at once.
    private static let publishedMax = 1000

    /// What another program needs to know: `+` where whoever is not named is offline, and the ids of those who
    /// are online, separated by blanks.
    var published: String {
        ((isComplete ? ["+"] : []) + online.prefix(Self.publishedMax).map(\.description)).joined(
            separator: " ")
    }

    /// Reads what another program has published; what cannot be read is left out.
    init(published text: String) {
        for word in text.split(separator: " ").prefix(Self.publishedMax + 1) {
            if word == "+" {
                isComplete = true
            } else if let id = Int64(word) {
                told[UserID(id)] = .online
            }
        }
    }

    init() {}

    var online: [UserID] { told.filter { $0.value == .online }.keys.sorted() }
}
