/// One change that concerns the user, from the stream of a server with `Capability.sync`.
public struct SyncChange: Hashable, Sendable {
    /// Rises with each change.
    public var sequence: Int64
    /// When it happened; nil when the server does not say.
    public var time: Timestamp?
    /// What happened.
    public var fact: Fact

    public init(sequence: Int64, time: Timestamp? = nil, fact: Fact) {
        self.sequence = sequence
        self.time = time
        self.fact = fact
    }

    /// What happened. Members that a client can do without are optional.
    public enum Fact: Hashable, Sendable {
        /// A message was stored, as it is now.
        indirect case messageCreated(Message)
        /// The receiver's client got a message of this user's.
        case messageDelivered(MessageID, contact: UserID?)
        /// The reader has seen the sender's messages, up to one.
        case messagesRead(reader: UserID, sender: UserID, upTo: MessageID?)
        /// A message was deleted, for both.
        case messageDeleted(MessageID, contact: UserID?)
        /// A whole conversation was deleted for both, up to a message.
        case conversationDeleted(by: UserID?, contact: UserID, upTo: MessageID?)
        /// An entry of the list of contacts was made, as it is now.
        indirect case contactAdded(Contact)
        /// An entry of the list of contacts got another name.
        indirect case contactRenamed(Contact)
        /// An entry of the list of contacts was removed.
        case contactRemoved(ContactID, contact: UserID?)
        /// A kind that this version does not know, or a change that lacks something essential.
        case unknown(kind: String)
    }
}

// MARK: - Both codecs

extension SyncChange: WireObject {
    private enum Fields {
        static let sequence = Field<Int64>("seq", "Rises with each change.")
        static let kind = Field<String>("type", "What happened: one of the kinds of change.")
        static let time = Field<Timestamp>("at", "When it happened.", isRequired: false)
    }

    public static var members: [FieldDescription] {
        [Fields.sequence.description, Fields.kind.description, Fields.time.description]
    }

    /// Reads a change of any kind.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "change")
        sequence = try fields[Fields.sequence]
        time = fields.optional(Fields.time)
        let kind = try fields[Fields.kind]
        fact = Fact(kind: kind, fields) ?? .unknown(kind: kind)
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.sequence, sequence)
        writer.member(Fields.kind, fact.kind)
        writer.member(Fields.time, ifPresent: time, as: form)
        fact.writeMembers(to: &writer, as: form)
    }
}

extension SyncChange.Fact {
    /// A kind of change: its name on the wire, what it means, and its members beside those that all changes have.
    public enum Kind: String, CaseIterable, Sendable {
        case messageCreated = "message_created"
        case messageDelivered = "message_delivered"
        case messagesRead = "messages_read"
        case messageDeleted = "message_deleted"
        case conversationDeleted = "conversation_deleted"
        case contactAdded = "contact_added"
        case contactRenamed = "contact_renamed"
        case contactRemoved = "contact_removed"

        /// What happened, in one sentence.
        public var summary: String {
            switch self {
            case .messageCreated: "A message was stored; it is given as it is now."
            case .messageDelivered: "The receiver's client got a message of this user's."
            case .messagesRead: "The reader has seen the sender's messages, up to one."
            case .messageDeleted: "A message was deleted, for both."
            case .conversationDeleted: "A whole conversation was deleted for both, up to a message."
            case .contactAdded: "An entry of the list of contacts was made; it is given as it is now."
            case .contactRenamed: "An entry of the list of contacts got another name."
            case .contactRemoved: "An entry of the list of contacts was removed."
            }
        }

        public var members: [FieldDescription] {
            switch self {
            case .messageCreated: [Fields.message.description]
            case .messageDelivered, .messageDeleted:
                [Fields.messageID.description, Fields.contactUser.description]
            case .messagesRead:
                [Fields.reader.description, Fields.sender.description, Fields.upTo.description]
            case .conversationDeleted:
                [Fields.by.description, Fields.contactUser.description, Fields.upTo.description]
            case .contactAdded, .contactRenamed: [Fields.contact.description]
            case .contactRemoved: [Fields.contactID.description, Fields.contactUser.description]
            }
        }
    }

    private enum Fields {
        static let message = Field<Message>("message", "The message.")
        static let messageID = Field<MessageID>("message_id", "The message.")
        static let contactUser = Field<UserID>("contact_user_id", "The other user.")
        static let reader = Field<UserID>("reader_id", "The user who read.")
        static let sender = Field<UserID>("sender_id", "The user whose messages were read.")
        static let by = Field<UserID>("by_user_id", "The user who deleted the conversation.")
        static let upTo = Field<MessageID>(
            "up_to_id", "The last message that the change covers; later ones are not concerned.",
            isRequired: false)
        static let contact = Field<Contact>("contact", "The entry.")
        static let contactID = Field<ContactID>("contact_id", "The number of the entry.")
    }

    /// Nil for an unknown kind, and when something essential is missing.
    fileprivate init?(kind: String, _ fields: JSONFields) {
        switch Kind(rawValue: kind) {
        case .messageCreated:
            guard let message = try? fields[Fields.message] else { return nil }
            self = .messageCreated(message)
        case .messageDelivered:
            guard let id = fields.optional(Fields.messageID) else { return nil }
            self = .messageDelivered(id, contact: fields.optional(Fields.contactUser))
        case .messagesRead:
            guard let reader = fields.optional(Fields.reader), let sender = fields.optional(Fields.sender)
            else { return nil }
            self = .messagesRead(reader: reader, sender: sender, upTo: fields.optional(Fields.upTo))
        case .messageDeleted:
            guard let id = fields.optional(Fields.messageID) else { return nil }
            self = .messageDeleted(id, contact: fields.optional(Fields.contactUser))
        case .conversationDeleted:
            guard let contact = fields.optional(Fields.contactUser) else { return nil }
            self = .conversationDeleted(
                by: fields.optional(Fields.by), contact: contact, upTo: fields.optional(Fields.upTo))
        case .contactAdded:
            guard let contact = try? fields[Fields.contact] else { return nil }
            self = .contactAdded(contact)
        case .contactRenamed:
            guard let contact = try? fields[Fields.contact] else { return nil }
            self = .contactRenamed(contact)
        case .contactRemoved:
            guard let id = fields.optional(Fields.contactID) else { return nil }
            self = .contactRemoved(id, contact: fields.optional(Fields.contactUser))
        case nil: return nil
        }
    }

    fileprivate func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        switch self {
        case .messageCreated(let message): writer.member(Fields.message, message, as: form)
        case .messageDelivered(let message, let contact), .messageDeleted(let message, let contact):
            writer.member(Fields.messageID, message)
            writer.member(Fields.contactUser, ifPresent: contact)
        case .messagesRead(let reader, let sender, let upTo):
            writer.member(Fields.reader, reader)
            writer.member(Fields.sender, sender)
            writer.member(Fields.upTo, ifPresent: upTo)
        case .conversationDeleted(let user, let contact, let upTo):
            writer.member(Fields.by, ifPresent: user)
            writer.member(Fields.contactUser, contact)
            writer.member(Fields.upTo, ifPresent: upTo)
        // A contact has the same form as in the list.
        case .contactAdded(let contact), .contactRenamed(let contact):
            writer.member(Fields.contact, contact, as: .list)
        case .contactRemoved(let entry, let contact):
            writer.member(Fields.contactID, entry)
            writer.member(Fields.contactUser, ifPresent: contact)
        case .unknown: break
        }
    }

    /// The name on the wire.
    fileprivate var kind: String {
        switch self {
        case .messageCreated: Kind.messageCreated.rawValue
        case .messageDelivered: Kind.messageDelivered.rawValue
        case .messagesRead: Kind.messagesRead.rawValue
        case .messageDeleted: Kind.messageDeleted.rawValue
        case .conversationDeleted: Kind.conversationDeleted.rawValue
        case .contactAdded: Kind.contactAdded.rawValue
        case .contactRenamed: Kind.contactRenamed.rawValue
        case .contactRemoved: Kind.contactRemoved.rawValue
        case .unknown(let kind): kind
        }
    }
}
