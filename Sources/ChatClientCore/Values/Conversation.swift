import ChatWire

/// One line of the list of conversations.
public struct Conversation: Hashable, Sendable, Identifiable {
    /// The other person.
    public let peer: UserID
    /// The name that the account gave the contact, otherwise the person's own; unchanged, so sanitise it before it is
    /// shown.
    public let name: String
    /// The person's address; nil for a person who is not a contact.
    public let email: String?
    /// The newest message's text, unchanged.
    public let preview: String?
    /// True when the account wrote the newest message.
    public let previewIsMine: Bool
    /// The newest message's state, when the cache holds that message.
    public internal(set) var previewState: RowState?
    /// When the newest message was sent, or entered while it is unsent.
    public let lastTime: Timestamp?
    /// How many messages the account has not seen.
    public let unread: Int
    /// Whether the person is online, as far as it is known.
    public internal(set) var presence: Presence
    /// When this program last saw the person online; nil when it never did.
    public let lastSeen: Timestamp?
    /// True while the person types to the account.
    public internal(set) var isTyping: Bool
    /// The unfinished text, when there is one.
    public let draft: String?
    /// True for a contact, false for a person who only wrote or was written to.
    public let isContact: Bool
    /// True when the account chose the contact's name, and not the person themselves.
    public let isNameGiven: Bool
    /// Whether it is above the others; the person chose this on this machine.
    public let isPinned: Bool
    /// Whether its messages cause no notifications; the person chose this on this machine.
    public let isMuted: Bool

    /// The peer: there is one conversation with each.
    public var id: UserID { peer }

    /// Makes a line. Programs receive them from ``ChatClient``; tests make them.
    public init(
        peer: UserID, name: String, email: String? = nil, preview: String? = nil, previewIsMine: Bool = false,
        previewState: RowState? = nil, lastTime: Timestamp? = nil, unread: Int = 0,
        presence: Presence = .unknown, lastSeen: Timestamp? = nil, isTyping: Bool = false,
        draft: String? = nil, isContact: Bool = true, isNameGiven: Bool = false,
        isPinned: Bool = false, isMuted: Bool = false
    ) {
        self.peer = peer
        self.name = name
        self.email = email
        self.preview = preview
        self.previewIsMine = previewIsMine
        self.previewState = previewState
        self.lastTime = lastTime
        self.unread = unread
        self.presence = presence
        self.lastSeen = lastSeen
        self.isTyping = isTyping
        self.draft = draft
        self.isContact = isContact
        self.isNameGiven = isNameGiven
        self.isPinned = isPinned
        self.isMuted = isMuted
    }
}
