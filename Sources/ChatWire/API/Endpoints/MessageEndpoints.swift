// Messages: sending, reading, marking, deleting.
extension API {
    static let messageEndpoints: [any Endpoint.Type] = [
        Send.self, Conversation.self, MarkRead.self, Unread.self, DeleteMessage.self, DeleteConversation.self,
    ]

    public enum Send: AccountEndpoint {
        public static let summary = "Stores a message and passes it to its receiver."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/messages/send")
        public static let receiver = Field<UserID>(
            "receiver_id", "The user who receives the message, somebody else.")
        public static let content = Field<String>(
            "content", "The text: at most 5,000 Unicode scalars, counted before stripping, and not blank.")
        public static let tempID = Field<TempID>(
            "temp_id", "The name that the client gave the message, at most 128 bytes; see `idempotent-send`.",
            isRequired: false)
        public static let body = [receiver.description, content.description, tempID.description]
        // Six bytes of JSON for each of 5000 code points, twice that beyond the BMP, and room for a text that is
        // refused in words.
        public static let bodyBytesMax = 1 << 18
        public static let message = Field<Message>("message", "The message as it is stored.")
        public static let answer = AnswerFormat.member(message)
        public static let successStatus = 201
        public static let refusals: [Refusal] = [
            .receiverMissing, .contentMissing, .contentBlank, .contentTooLong, .receiverIsSelf,
            .receiverUnknown,
        ]
    }

    /// - Parameter tempID: Stored by servers with `Capability.idempotentSend`, ignored by others.
    public static func send(to receiver: UserID, content: String, tempID: TempID? = nil) -> APICall<Message> {
        Send.call(
            body: JSONObject(
                [Send.receiver(receiver), Send.content(content)] + (tempID.map { [Send.tempID($0)] } ?? [])))
    }

    public enum Conversation: AccountEndpoint {
        public static let summary =
            "Messages of a conversation, the newest first. Marks the other person's messages as read, unless `peek` is"
            + " requested and the server supports it."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath<UserID>("/api/messages/conversation/", "The other user.")
        public static let limit = QueryLimit("At most this many messages.", standard: 50, maximum: 200)
        public static let before = QueryItem<MessageID>(
            "before_id", "Only messages with a lower id.", capability: .paging)
        public static let after = QueryItem<MessageID>(
            "after_id", "Only messages with a higher id.", capability: .paging)
        public static let peek = QueryItem<Int>("peek", "1: mark nothing as read.", capability: .peek)
        public static let query = [
            limit.description, before.description, after.description, peek.description,
        ]
        public static let messages = Field<PartialList<Message>>(
            "messages", "The messages, the newest first.")
        public static let answer = AnswerFormat.member(messages, as: .list)
    }

    /// Messages of a conversation, the newest first. **Marks the other person's messages as read**, unless `peek` is
    /// requested and the server supports it.
    /// - Parameters:
    ///   - limit: At most this many; servers return no more than 200.
    ///   - before: Only messages with a lower id. Needs `Capability.paging`.
    ///   - after: Only messages with a higher id. Needs `Capability.paging`.
    ///   - peek: Mark nothing as read. Needs `Capability.peek`.
    public static func conversation(
        with user: UserID, limit: Int = Conversation.limit.standard, before: MessageID? = nil,
        after: MessageID? = nil,
        peek: Bool = false
    ) -> APICall<PartialList<Message>> {
        Conversation.call(
            user,
            query: [
                Conversation.limit.item(limit), Conversation.before(before), Conversation.after(after),
                Conversation.peek(peek ? 1 : nil),
            ])
    }

    public enum MarkRead: AccountEndpoint {
        public static let summary = "Marks everything from a sender as read; returns the number of messages."
        public static let method = HTTPMethod.put
        public static let path = EndpointPath<UserID>("/api/messages/mark-read/", "The sender.")
        public static let count = Field<Int>("count", "How many messages were unread.")
        public static let answer = AnswerFormat.member(count)
    }

    /// Marks everything from `sender` as read; returns the number of messages.
    public static func markRead(from sender: UserID) -> APICall<Int> { MarkRead.call(sender) }

    public enum Unread: AccountEndpoint {
        public static let summary = "The number of unread messages, by sender. Changes nothing."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/messages/unread")
        public static let answer = AnswerFormat<UnreadCounts>.data
    }

    public static func unread() -> APICall<UnreadCounts> { Unread.call() }

    public enum DeleteMessage: AccountEndpoint {
        public static let summary = "Deletes one of the account's own messages for both sides."
        public static let method = HTTPMethod.delete
        public static let path = EndpointPath<MessageID>("/api/messages/", "The message.")
        public static let answer = AnswerFormat.nothing
        public static let refusals: [Refusal] = [.messageUnknown, .messageNotDeletable]
    }

    public static func deleteMessage(_ message: MessageID) -> APICall<Void> { DeleteMessage.call(message) }

    public enum DeleteConversation: AccountEndpoint {
        public static let summary =
            "Deletes a whole conversation for both sides; returns the number of messages."
        public static let method = HTTPMethod.delete
        public static let path = EndpointPath<UserID>("/api/messages/conversation/", "The other user.")
        public static let count = Field<Int>("deleted_count", "How many messages are deleted.")
        public static let answer = AnswerFormat.member(count)
        public static let refusals: [Refusal] = [.contactUnknown]
    }

    /// Deletes a whole conversation **for both sides**; returns the number of messages.
    public static func deleteConversation(with user: UserID) -> APICall<Int> { DeleteConversation.call(user) }
}
