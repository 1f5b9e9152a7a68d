import ChatWire

/// One message of a conversation as it is to be shown.
public struct TimelineRow: Identifiable, Hashable, Sendable {
    /// Local and stable from queued to read.
    public let id: RowID
    /// Where the row stands; give the oldest row's to ``ChatClient/timeline(with:before:limit:)`` for the
    /// page before it.
    public let position: TimelinePosition
    /// The server's id, once it has one.
    public let messageID: MessageID?
    /// What the message was sent under; nil for messages of others and of other devices.
    public let tempID: TempID?
    /// Who wrote it: the account or the other person.
    public let senderID: UserID
    /// True when the account sent it, from this device or another.
    public let isMine: Bool
    /// The text as it came: to be sanitised before it reaches a terminal.
    public let content: String
    /// The server's time of a sent message, the time of entry of an unsent one.
    public let time: Timestamp
    /// What is known of it.
    public internal(set) var state: RowState
    /// Why it failed or is held, in the server's words where there are any.
    public let failure: String?
    /// Why it is held, when it is not for its age or because its fate cannot be told.
    public let heldReason: HeldReason?
    /// Set for a message of a former server, which the present one does not have: what the other person was called
    /// there. Whoever has that person's number now may be somebody else.
    public let formerPeer: String?
    /// When an own message reached the other person's program: the server's time, or else when this program
    /// heard of it; nil when it did not.
    public let deliveredAt: Timestamp?
    /// When the other person read it; known in the same way.
    public let readAt: Timestamp?
    /// True when messages may be missing between this row and the one before it: the server has more than
    /// was fetched. ``ChatClient/fillGap(_:)`` fetches them.
    public internal(set) var isGapAbove: Bool

    /// Makes a row; programs receive rows from ``ChatClient``, their tests make them.
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
    /// The position of the message that the server numbered `id`.
    public init(sent id: MessageID) { self.init(id.rawValue) }

    /// The position of the unsent message that was entered as the `number`th, counted from 0.
    public init(unsent number: Int64) { self.init(Self.firstUnsent + max(0, min(number, 1 << 60))) }
}
