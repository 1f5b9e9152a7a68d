import ChatWire

/// The routes of messages: sending, reading, marking and deleting.
enum MessageRoutes {
    static let all = [
        Route(send, limit: .send), Route(conversation), Route(markRead), Route(unread), Route(deleteMessage),
        Route(deleteConversation),
    ]

    @Sendable
    private static func send(
        _ call: RouteCall<API.Send>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Send> {
        let behaviour = context.configuration.behaviour
        let echoesIDs = behaviour.rules.echoesIDs
        let body = try call.body()
        let receiver = try body.userID(
            API.Send.receiver, missing: .receiverMissing, unknown: .receiverUnknown)
        if body.isBlank(API.Send.content) { throw .refused(.contentMissing) }
        let command: SendMessage
        do {
            command = try SendMessage(
                from: Person(id: user.id, name: user.name), to: receiver,
                content: try body.text(API.Send.content),
                tempID: behaviour.has(.idempotentSend)
                    ? body[API.Send.tempID].flatMap { TempID(lenient: $0) } : nil,
                allowingSelf: echoesIDs && body[API.Send.receiver]?.isNumber == false)
        } catch let refusal as Refusal {
            throw .refused(refusal)
        } catch {
            throw .refused(.invalidData)
        }
        let outcome = try await context.perform(command)
        var message = behaviour.shown(outcome.message)
        message.senderName = nil
        message.receiverName = nil
        return Reply(
            message, message: "Mensagem enviada com sucesso",
            echoing: echoesIDs ? body.present([API.Send.receiver.description]) : [:], in: API.Send.message)
    }

    @Sendable
    private static func conversation(
        _ call: RouteCall<API.Conversation>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Conversation> {
        let contact = call.parameter
        let behaviour = context.configuration.behaviour
        let page = try page(call.request.query, behaviour)
        let (answer, newestUnread) = try await context.large(for: user) { view in
            let shown = try ConversationView(of: user, with: contact, page, view)
            let reply = Reply<API.Conversation>(PartialList(shown.messages.map(behaviour.shown)))
            return (reply, shown.newestUnread)
        }
        // The page shows the state before it was marked, as on the real server.
        if let newest = newestUnread, !(behaviour.has(.peek) && call[API.Conversation.peek] == "1") {
            try await mark(MarkRead(reader: user.id, sender: contact, upTo: newest), context)
        }
        return answer
    }

    /// Marks messages as read. Reading works even while nothing can be written; then the messages stay
    /// unread.
    private static func mark(_ command: MarkRead, _ context: ServerContext) async throws(RouteError) {
        do throws(RouteError) {
            try await context.perform(command)
        } catch .storage(let failure) where failure.kind.mayPass {
        } catch {
            throw error
        }
    }

    /// The page that a query requests. As recorded, an invalid limit means 50. An invalid id is refused.
    static func page(
        _ query: QueryItems, _ behaviour: ServerBehaviour = .extended
    ) throws(RouteError) -> ConversationPage {
        var page = ConversationPage(limit: limit(query[API.Conversation.limit.item]))
        guard behaviour.has(.paging) else { return page }
        if let text = query[API.Conversation.before] { page.before = MessageID(try messageID(text)) }
        if let text = query[API.Conversation.after] { page.after = MessageID(try messageID(text)) }
        return page
    }

    private static func limit(_ text: String?) -> Int {
        let limits = API.Conversation.limit
        guard let limit = text.flatMap({ integer($0) }), limit >= 0 else { return limits.standard }
        return min(limit, limits.maximum)
    }

    /// A number as Python reads it. One too large for 64 bits becomes the largest number.
    private static func integer(_ text: String) -> Int? {
        let trimmed = strippedLikePython(text)
        if let number = Int(trimmed) { return number }
        let digits = trimmed.hasPrefix("+") ? trimmed.dropFirst() : trimmed[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? .max : nil
    }

    private static func messageID(_ text: String) throws(RouteError) -> Int64 {
        guard let id = Int64(text), id >= 0 else { throw .refused(.invalidData) }
        return id
    }

    @Sendable
    private static func markRead(
        _ call: RouteCall<API.MarkRead>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.MarkRead> {
        let outcome = try await context.perform(
            MarkRead(reader: user.id, sender: call.parameter))
        return Reply(outcome.count, message: "Mensagens marcadas como lidas")
    }

    @Sendable
    private static func unread(
        _ call: RouteCall<API.Unread>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Unread> {
        let rows = try await routing { () async throws(StoreError) in
            try await context.store.read { view in
                try view.unreadCounts(of: user.id)
            }
        }
        return Reply(
            UnreadCounts(bySender: Dictionary(uniqueKeysWithValues: rows.map { ($0.sender, $0.count) })))
    }

    @Sendable
    private static func deleteMessage(
        _ call: RouteCall<API.DeleteMessage>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.DeleteMessage> {
        _ = try await context.perform(DeleteMessage(message: call.parameter, user: user.id))
        context.record(.messageDeleted(call.parameter), account: user.id, from: call.request.client)
        return Reply(message: "Mensagem deletada com sucesso")
    }

    @Sendable
    private static func deleteConversation(
        _ call: RouteCall<API.DeleteConversation>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.DeleteConversation> {
        var count = 0
        var piece: DeleteConversation? = DeleteConversation(user: user.id, contact: call.parameter)
        while let command = piece {
            let outcome = try await context.perform(command)
            count = outcome.count
            piece = command.next(after: outcome)
        }
        context.record(
            .conversationDeleted(with: call.parameter, count: count), account: user.id,
            from: call.request.client)
        return Reply(count, message: "\(count) mensagens deletadas com sucesso")
    }
}

/// A page of a conversation as one of its two users sees it.
struct ConversationView: Sendable {
    var messages: [Message]
    /// The newest message that is marked as read when the page is fetched.
    var newestUnread: MessageID?

    init(of user: User, with contact: UserID, _ page: ConversationPage, _ view: any StorageView) throws {
        messages = try view.conversation(UserPair(user.id, contact), page)
        newestUnread = try view.newestUnread(from: contact, to: user.id)
        guard !messages.isEmpty else { return }
        let contactName = try view.userName(contact)
        for index in messages.indices {
            let isOwn = messages[index].senderID == user.id
            messages[index].senderName = isOwn ? user.name : contactName
            messages[index].receiverName = messages[index].receiverID == user.id ? user.name : contactName
            // Only the sender may see the `temp_id`.
            if !isOwn { messages[index].tempID = nil }
        }
    }
}
