import ChatWire

/// One fact learned from the server, to be put into the cache.
enum StoreChange: Equatable, Sendable {
    /// A message, from an acknowledgement, a broadcast, a notification, or a replayed change.
    case message(Message, from: MessageSource)
    /// A page of a conversation, from the newest (`before` nil) or below an id.
    case page(ConversationPage)
    /// `at` is when it was heard of, while it happens; nil for the past.
    case status(MessageID, DeliveryStatus, at: Timestamp? = nil)
    /// The peer has read what the account sent, up to an id or to the newest known.
    case readByPeer(UserID, upTo: MessageID?, at: Timestamp? = nil)
    /// The account has read what the peer sent, here or on another device.
    case readByMe(UserID, upTo: MessageID?)
    case deleted(MessageID)
    /// The whole conversation, up to an id or to the newest message known.
    case conversationDeleted(UserID, upTo: MessageID?)
    case person(Person)
    /// The list. One that is not whole, since elements of it could not be read, takes nobody out.
    case contacts([Contact], isWhole: Bool = true)
    case contact(Contact)
    case contactRemoved(ContactID)
    /// Unread counts by sender, complete. Peers in `unsettled` received something while the answer was on
    /// its way: their counts are only raised. Those in `untold` are about to be told of reading: theirs stay.
    case unread([UserID: Int], unsettled: Set<UserID>, untold: Set<UserID> = [])
    case lastSeen(UserID, Timestamp)
}

/// Which way a message came.
enum MessageSource: Equatable, Sendable {
    /// The answer to a send with this temp_id (the server may not repeat it in the message).
    case confirmation(TempID?)
    /// An event of the realtime link.
    case live
    /// A page of its conversation.
    case page
    /// The stream of changes: complete and in order.
    case sync

    /// True for messages that the server's unread counts may have told of before they came.
    var isLate: Bool { self == .page || self == .sync }
}

/// What the conversation endpoint answered, and what was asked.
struct ConversationPage: Equatable, Sendable {
    let peer: UserID
    /// As the server sent them, newest first.
    let messages: [Message]
    /// How many were asked for.
    let limit: Int
    /// Only messages below this id were asked for; nil for the newest.
    let before: MessageID?
    /// The highest id that was in the cache when the question went out: absence from the page proves a
    /// deletion only up to here.
    let knownAtRequest: MessageID
    /// False when the server has marked the messages as read by answering.
    let isPeek: Bool
    /// How many elements of the answer were no messages and were left out. A page with holes proves no absence.
    var leftOut = 0
    /// False for a server that orders by whole seconds alone: the cut of a full page shows any part of a second.
    var isOrderedByID = true
    /// What the list of contacts says of the conversation's newest message: the second witness of what is gone.
    var listed: ListedNewest?
    /// When it came.
    var answeredAt = Timestamp(seconds: 0)
}

/// The newest message of a conversation in the list of contacts.
struct ListedNewest: Equatable, Sendable {
    let content: String?
    /// Whole seconds; nil when the conversation has no messages.
    let time: Timestamp?
    /// The highest id that was in the cache when the list was asked for: it says nothing of newer ones.
    let knownAtRequest: MessageID
    /// How many messages the list counts as unread.
    var unread = 0
}

/// What a batch of changes did.
struct StoreEffects: Equatable, Sendable {
    /// A message that was not there before and came from another person.
    struct Received: Equatable, Sendable {
        let row: RowID
        let message: Message
    }

    var timelines: Set<UserID> = []
    var isListChanged = false
    var received: [Received] = []
    /// Outbox rows that turned out to be at the server.
    var confirmed: [TempID] = []
    /// Set when the batch showed that the server is another one: what the cache held before is set aside.
    var setAside: HistorySetAside?
    /// How many messages are unread that the cache lacks is a guess by now.
    var isMiscounted = false
    /// How many messages turned out to be gone from a server that had confirmed them.
    var goneFromServer = 0
    /// True when a deletion now waits to be told to the server.
    var hasPendingDeletions = false
    /// How many messages the cache holds that it did not hold before.
    var added = 0
    /// What the page among the changes proved.
    var proof: PageProof?

    /// While a batch is applied: how far the stream of changes has come in each conversation, and which
    /// conversations are known to have their row.
    var streamed: [UserID: MessageID] = [:]
    var ensured: Set<UserID> = []

    mutating func touch(_ peer: UserID) {
        timelines.insert(peer)
        isListChanged = true
    }
}
