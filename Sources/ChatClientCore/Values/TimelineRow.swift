import ChatWire

/// One message of a conversation, ready to be shown.
public struct TimelineRow: Identifiable, Hashable, Sendable {
    /// Local and stable from queued to read.
    public let id: RowID
    /// The row's position; pass the oldest row's to ``ChatClient/timeline(with:before:limit:)`` to get the page
    /// before it.
    public let position: TimelinePosition
    /// The server's id, as soon as it has one.
    public let messageID: MessageID?
    /// The temp_id that the message was sent with; nil for messages of others and of other devices.
    public let tempID: TempID?
    /// Who wrote it: the account or the other person.
    public let senderID: UserID
    /// True when the account sent it, from this device or another.
    public let isMine: Bool
    /// The text, unchanged: sanitise it before it reaches a terminal.
    public let content: String
    /// The server's time for a sent message, the time of entry for an unsent one.
    public let time: Timestamp
    /// What is known of it.
    public internal(set) var state: RowState
    /// Why it failed or is held, in the server's words if there are any.
    public let failure: String?
    /// Why it is held, when the reason is neither its age nor its unknown fate.
    public let heldReason: HeldReason?
    /// Set for a message of a former server that the current one does not have: the name of the other person there.
    /// That person's id may now belong to somebody else.
    public let formerPeer: String?
    /// When one's own message reached the other person's client: the server's time, or else the time when this
    /// program learned of it; nil when it has not.
    public let deliveredAt: Timestamp?
    /// When the other person read it; known in the same way.
    public let readAt: Timestamp?
    /// True when messages may be missing between this row and the previous one: the server has more than was fetched.
    /// ``ConversationHistory/fillGap(_:)`` fetches them.
    public internal(set) var isGapAbove: Bool

    /// Makes a row. Programs receive rows from ``ChatClient``; tests make them.
    public init(
        id: RowID, position: TimelinePosition, messageID: MessageID?, tempID: TempID?, senderID: UserID,
        isMine: Bool, content: String, time: Timestamp, state: RowState, failure: String? = nil,
        deliveredAt: Timestamp? = nil, readAt: Timestamp? = nil, isGapAbove: Bool = false,
        heldReason: HeldReason? = nil, formerPeer: String? = nil
    ) {
        self.id = id
        self.position = position
        self.messageID = messageID
        self.tempID = tempID
        self.senderID = senderID
        self.isMine = isMine
        self.content = content
        self.time = time
        self.state = state
        self.failure = failure
        self.deliveredAt = deliveredAt
        self.readAt = readAt
        self.isGapAbove = isGapAbove
        self.heldReason = heldReason
        self.formerPeer = formerPeer
    }
}

extension TimelinePosition {
    /// The position of the message with the server's id `id`.
    public init(sent id: MessageID) { self.init(id.rawValue) }

    /// The position of the unsent message that was entered as number `number`, counted from 0.
    public init(unsent number: Int64) { self.init(Self.firstUnsent + max(0, min(number, 1 << 60))) }
}
