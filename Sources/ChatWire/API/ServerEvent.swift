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
}

// MARK: - The declarations

extension ServerEvent {
    /// The events of the API, each with its name, its meaning and its members.
    public enum Kind: CaseIterable, Sendable {
        case newMessage, messageConfirmed, messageSent, messageNotification, messageSending, messageError
        case error, userOnline, userOffline, userTyping, userStoppedTyping, messagesRead
        case messageStatusUpdate, messageDeleted, conversationDeleted

        /// The name on the wire.
        public var name: StaticString {
            switch self {
            case .newMessage: "new_message"
            case .messageConfirmed: "message_confirmed"
            case .messageSent: "message_sent"
            case .messageNotification: "message_notification"
            case .messageSending: "message_sending"
            case .messageError: "message_error"
            case .error: "error"
            case .userOnline: "user_online"
            case .userOffline: "user_offline"
            case .userTyping: "user_typing"
            case .userStoppedTyping: "user_stopped_typing"
            case .messagesRead: "messages_read"
            case .messageStatusUpdate: "message_status_update"
            case .messageDeleted: "message_deleted"
            case .conversationDeleted: "conversation_deleted"
            }
        }

        /// What the event means, in one sentence.
        public var summary: String {
            switch self {
            case .newMessage: "A message, to everybody who has joined the conversation, including the sender."
            case .messageConfirmed: "The message is stored, to its sender."
            case .messageSent: "Another name of `message_confirmed`; a server may send either or both."
            case .messageNotification: "A message, to its receiver."
            case .messageSending: "The message has arrived and is being processed, to its sender."
            case .messageError: "The message is refused, to its sender."
            case .error: "Something else failed."
            case .userOnline: "A user has connected."
            case .userOffline: "A user has disconnected."
            case .userTyping: "A user is typing in a joined conversation."
            case .userStoppedTyping: "A user has stopped typing."
            case .messagesRead: "A user has read messages."
            case .messageStatusUpdate: "A message has come further, to its sender."
            case .messageDeleted: "One message is deleted for both."
            case .conversationDeleted: "A whole conversation is deleted for both."
            }
        }

        /// The members of the payload.
        public var members: [FieldDescription] {
            switch self {
            case .newMessage: Message.members
            case .messageConfirmed, .messageSent: [Fields.tempID.description, Fields.message.description]
            case .messageNotification: [Fields.message.description, Fields.fromUser.description]
            case .messageSending: [Fields.tempID.description, Fields.progress.description]
            case .messageError: [Fields.tempID.description, Fields.reason.description]
            case .error: [Fields.reason.description]
            case .userOnline, .userTyping: [Fields.user.description, Fields.userName.description]
            case .userOffline, .userStoppedTyping: [Fields.user.description]
            case .messagesRead:
                [
                    Fields.by.description, Fields.reader.description, Fields.sender.description,
                    Fields.upTo.description,
                ]
            case .messageStatusUpdate: [Fields.messageID.description, Fields.status.description]
            case .messageDeleted:
                [Fields.messageID.description, Fields.by.description, Fields.contact.description]
            case .conversationDeleted: [Fields.by.description, Fields.contact.description]
            }
        }

        init?(_ name: some MemberKey) {
            guard let kind = Self.all.first(where: { name == $0.name }) else { return nil }
            self = kind
        }

        private static let all = allCases
    }

    /// The members of the payloads.
    public enum Fields {
        public static let tempID = Field<TempID>(
            "temp_id", "The name that the sender's client gave the message, as it was sent; may be null.")
        public static let progress = Field<String>("status", "`processing`.", isRequired: false)
        public static let message = Field<Message>("message", "The message as it is stored.")
        public static let reason = Field<String>("message", "The reason, meant for people.")
        public static let fromUser = Field<Person>("from_user", "The sender, without the address.")
        public static let user = Field<UserID>("user_id", "The user.")
        public static let userName = Field<String>("name", "The user's own name.")
        public static let by = Field<UserID>("by_user_id", "The user who did it.")
        public static let reader = Field<UserID>(
            "reader_id", "The user who read, from newer servers.", isRequired: false)
        public static let sender = Field<UserID>(
            "sender_id", "The user whose messages were read, from newer servers.", isRequired: false)
        public static let upTo = Field<MessageID>(
            "up_to_id", "The last message that was read, from newer servers.", isRequired: false)
        public static let messageID = Field<MessageID>("message_id", "The message.")
        public static let status = Field<DeliveryStatus>("status", "How far the message has come.")
        public static let contact = Field<UserID>(
            "contact_user_id", "The other user of the conversation, as its receiver sees it.")
    }

    /// The declaration of this event; nil when it is not of the API.
    /// - Parameter confirmation: The name of a confirmation; other events ignore it.
    public func kind(as confirmation: Confirmation = .messageConfirmed) -> Kind? {
        switch self {
        case .messageSending: .messageSending
        case .messageConfirmed: confirmation == .messageSent ? .messageSent : .messageConfirmed
        case .messageError: .messageError
        case .error: .error
        case .newMessage: .newMessage
        case .messageNotification: .messageNotification
        case .userOnline: .userOnline
        case .userOffline: .userOffline
        case .userTyping: .userTyping
        case .userStoppedTyping: .userStoppedTyping
        case .messagesRead: .messagesRead
        case .messageStatusUpdate: .messageStatusUpdate
        case .messageDeleted: .messageDeleted
        case .conversationDeleted: .conversationDeleted
        case .unknown: nil
        }
    }
}
