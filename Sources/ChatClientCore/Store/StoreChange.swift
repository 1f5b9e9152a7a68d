import ChatWire

/// One fact from the server.
enum StoreChange: Equatable, Sendable {
    /// A message, from an acknowledgement, a broadcast, a notification, or a replayed change.
    case message(Message, from: MessageSource)
    /// A page of a conversation, from the newest (`before` nil) or below an id.
    case page(ConversationPage)
    /// `at` is when this device heard of it as it happened; nil for the past.
    case status(MessageID, DeliveryStatus, at: Timestamp? = nil)
    /// The peer has read what the account sent, up to an id; nil for the newest.
    case readByPeer(UserID, upTo: MessageID?, at: Timestamp? = nil)
    /// The account has read what the peer sent, here or on another device.
    case readByMe(UserID, upTo: MessageID?)
    case deleted(MessageID)
    /// The whole conversation, up to an id; nil for the newest.
    case conversationDeleted(UserID, upTo: MessageID?)
    case person(Person)
    /// The list of contacts. It is not whole when a part of it could not be read; then it removes nobody.
    case contacts([Contact], isWhole: Bool = true)
    case contact(Contact)
    case contactRemoved(ContactID)
    /// All unread counts by sender. Conversations in `unsettled` received something while the answer was in flight, so
    /// their counts can only rise. Those in `untold` have read marks that are about to be reported, so their counts
    /// stay.
    case unread([UserID: Int], unsettled: Set<UserID>, untold: Set<UserID> = [])
    case lastSeen(UserID, Timestamp)
}

/// The way in which a message came.
enum MessageSource: Equatable, Sendable {
    /// The answer to a send with this temp_id (the server may not repeat it in the message).
    case confirmation(TempID?)
    /// An event of the realtime link.
    case live
    /// A page of its conversation.
    case page
    /// The stream of changes: complete and in order.
    case sync

    /// Whether the server's unread counts may have included the message before it came.
    var isLate: Bool { self == .page || self == .sync }
}

/// A page of a conversation, with the request that it answers.
struct ConversationPage: Equatable, Sendable {
    let peer: UserID
    /// As the server sent them, newest first.
    let messages: [Message]
    /// How many were asked for.
    let limit: Int
    /// Only messages below this id were asked for; nil for the newest.
    let before: MessageID?
    /// The highest id in the cache when the page was requested. Absence from the page proves a deletion only up to
    /// here.
    let knownAtRequest: MessageID
    /// False when the answer has marked the messages as read on the server.
    let isPeek: Bool
    /// How many elements of the answer could not be read. A page with holes proves no absence.
    var leftOut = 0
    /// False for a server that orders by whole seconds only, so that a full page may end anywhere inside a second.
    var isOrderedByID = true
    /// The conversation's newest message in the list of contacts: the second witness of what is gone.
    var listed: ListedNewest?
    /// When the page came.
    var answeredAt = Timestamp(seconds: 0)
}

/// The newest message of a conversation in the list of contacts.
struct ListedNewest: Equatable, Sendable {
    let content: String?
    /// Whole seconds; nil when the conversation has no messages.
    let time: Timestamp?
    /// The highest id in the cache when the list was requested. The list says nothing about newer messages.
    let knownAtRequest: MessageID
    /// How many messages the list counts as unread.
    var unread = 0
}

/// What a batch of changes has done.
struct StoreEffects: Equatable, Sendable {
    /// A new message from another person.
    struct Received: Equatable, Sendable {
        let row: RowID
        let message: Message
    }

    var timelines: Set<UserID> = []
    var isListChanged = false
    var received: [Received] = []
    /// Messages of the outbox that turned out to be on the server.
    var confirmed: [TempID] = []
    /// Set when the batch proved another database, so that the former history was set aside.
    var setAside: HistorySetAside?
    /// Whether the number of unread messages that the cache lacks is now a guess.
    var isMiscounted = false
    /// How many messages are gone from a server that had confirmed them.
    var goneFromServer = 0
    /// Whether a deletion now has to be reported to the server.
    var hasPendingDeletions = false
    /// How many messages the cache has gained.
    var added = 0
    /// What the page in the batch proves.
    var proof: PageProof?

    /// While a batch is applied: how far the stream of changes has come in each conversation, and the conversations
    /// that are known to have a row.
    var streamed: [UserID: MessageID] = [:]
    var ensured: Set<UserID> = []

    mutating func touch(_ peer: UserID) {
        timelines.insert(peer)
        isListChanged = true
    }
}
