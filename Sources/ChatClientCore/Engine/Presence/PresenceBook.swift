import ChatWire

/// Who is connected, as far as the server has said on this link.
struct PresenceBook: Equatable, Sendable {
    private var told: [UserID: Presence] = [:]
    /// Whether the server has listed the contacts that are online, so that all others are offline.
    private var isComplete = false

    /// True when this is news.
    mutating func set(_ user: UserID, online: Bool) -> Bool {
        let presence: Presence = online ? .online : .offline
        return told.updateValue(presence, forKey: user) != presence
    }

    /// Records that the server lists the online contacts at the start of a link.
    mutating func becomeComplete() { isComplete = true }

    /// Without a link nothing is known.
    mutating func forget() { self = PresenceBook() }

    func presence(of user: UserID, isContact: Bool) -> Presence {
        told[user] ?? (isComplete && isContact ? .offline : .unknown)
    }

    // MARK: For other programs

    /// More people than are shown at once.
    private static let publishedMax = 1000

    /// The text for other programs: `+` when everybody who is not listed is offline, and the ids of the online
    /// people, separated by spaces.
    var published: String {
        ((isComplete ? ["+"] : []) + online.prefix(Self.publishedMax).map(\.description)).joined(
            separator: " ")
    }

    /// Reads the text of another program; invalid parts are ignored.
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
