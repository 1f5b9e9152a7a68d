/// An event that the server sends in real time. Each is a Socket.IO event whose one argument is an object.
///
/// The cases with a message are indirect: an event passes through several functions, and copying the message each
/// time takes longer than the one allocation.
public enum ServerEvent: Hashable, Sendable {
    /// The message has arrived and is being processed.
    case messageSending(tempID: TempID?)
    /// The message is stored. `message_confirmed` and `message_sent` mean the same: a server may send either or both.
    indirect case messageConfirmed(tempID: TempID?, Message)
    /// The message is refused, for a reason meant for people.
    case messageError(tempID: TempID?, reason: String)
    /// Something else failed, for a reason meant for people.
    case error(String)
    /// Goes to everybody who has joined the conversation, including the sender.
    indirect case newMessage(Message)
    /// Goes to the receiver, who also gets a `newMessage` of the same message after joining.
    indirect case messageNotification(Message, from: Person)
    case userOnline(Person)
    case userOffline(UserID)
    case userTyping(Person)
    case userStoppedTyping(UserID)
    /// The first user has read messages of this event's receiver. The other values come from newer servers: who read
    /// whose messages, and up to which one.
    case messagesRead(by: UserID, readerID: UserID?, senderID: UserID?, upToID: MessageID?)
    case messageStatusUpdate(MessageID, DeliveryStatus)
    /// One message is deleted for both, from the conversation with this contact.
    case messageDeleted(MessageID, by: UserID, contact: UserID)
    /// A whole conversation is deleted for both.
    case conversationDeleted(by: UserID, contact: UserID)
    /// An event that is not of the API.
    case unknown(name: String)

    /// The two names of a confirmation.
    public enum Confirmation: Hashable, Sendable {
        /// The real server's name for it.
        case messageConfirmed
        /// The name in the real server's documentation.
        case messageSent
    }

    /// The event's name on the wire; for a confirmation, the one that the real server uses.
    public var name: String {
        switch self {
        case .messageSending: "message_sending"
        case .messageConfirmed: "message_confirmed"
        case .messageError: "message_error"
        case .error: "error"
        case .newMessage: "new_message"
        case .messageNotification: "message_notification"
        case .userOnline: "user_online"
        case .userOffline: "user_offline"
        case .userTyping: "user_typing"
        case .userStoppedTyping: "user_stopped_typing"
        case .messagesRead: "messages_read"
        case .messageStatusUpdate: "message_status_update"
        case .messageDeleted: "message_deleted"
        case .conversationDeleted: "conversation_deleted"
        case .unknown(let name): name
        }
    }
}
