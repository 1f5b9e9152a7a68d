/// What the server tells a client in real time. Each is a Socket.IO event whose one argument is an
/// object.
///
/// The cases with a message keep it outside: an event is handed on by several hands, and copying
/// the message each time takes longer than the one allocation.
public enum ServerEvent: Hashable, Sendable {
    /// The message has arrived and is being looked at.
    case messageSending(tempID: TempID?)
    /// The message is stored. `message_confirmed` and `message_sent` say the same: a server may
    /// send either or both.
    indirect case messageConfirmed(tempID: TempID?, Message)
    /// The message is refused, for a reason in words meant for people.
    case messageError(tempID: TempID?, reason: String)
    /// Something else went wrong, in words meant for people.
    case error(String)
    /// To everybody who has joined the conversation, the sender included.
    indirect case newMessage(Message)
    /// To the receiver, who gets a `newMessage` of the same message too after joining.
    indirect case messageNotification(Message, from: Person)
    case userOnline(Person)
    case userOffline(UserID)
    case userTyping(Person)
    case userStoppedTyping(UserID)
    /// The first user has read what the receiver of this event sent. What follows comes from
    /// servers that know more: whose reading of whose messages it was, and up to which.
    case messagesRead(by: UserID, readerID: UserID?, senderID: UserID?, upToID: MessageID?)
    case messageStatusUpdate(MessageID, DeliveryStatus)
    /// One message is gone for both, out of the conversation with this contact.
    case messageDeleted(MessageID, by: UserID, contact: UserID)
    /// A whole conversation is gone for both.
    case conversationDeleted(by: UserID, contact: UserID)
    /// An event that is not of the API.
    case unknown(name: String)

    /// The two names under which a confirmation goes out.
    public enum Confirmation: Hashable, Sendable {
        /// As the real server calls it.
        case messageConfirmed
        /// As its documentation calls it.
        case messageSent
    }

    /// The event's name on the wire; of a confirmation, the one that the real server uses.
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
