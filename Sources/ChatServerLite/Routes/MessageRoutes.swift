import ChatWire

/// Messages: sending, reading, marking, deleting.
enum MessageRoutes {
    static let all = [
        // Six bytes of JSON for each of 5000 code points, twice that beyond the BMP, and room for a text that is
        // refused in words.
        Route(.post, "/api/messages/send", for: send).taking(1 << 18),
        Route(.get, "/api/messages/conversation/#", for: conversation),
        Route(.put, "/api/messages/mark-read/#", for: markRead),
        Route(.get, "/api/messages/unread", for: unread),
        Route(.delete, "/api/messages/#", for: deleteMessage),
        Route(.delete, "/api/messages/conversation/#", for: deleteConversation),
    ]

    @Sendable
    private static func send(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let behaviour = context.configuration.behaviour
        let echoesIDs = behaviour.rules.echoesIDs
        let body = try JSONBody(request)
        let receiver = try body.userID("receiver_id", missing: .receiverMissing, unknown: .receiverUnknown)
        if body.isBlank("content") { throw .refused(.contentMissing) }
        let command: SendMessage
        do {
            command = try SendMessage(
                from: Person(id: user.id, name: user.name), to: receiver, content: try body.text("content"),
                tempID: behaviour.has(.idempotentSend)
                    ? body["temp_id"]?.stringValue.map { TempID($0) } : nil,
                allowingSelf: echoesIDs && body["receiver_id"]?.isNumber == false)
        } catch let refusal as Refusal {
            throw .refused(refusal)
        } catch {
            throw .refused(.invalidData)
        }
        let outcome = try await context.perform(command)
        return .success("Mensagem enviada com sucesso", status: 201) { writer in
            writer.key("message")
            var message = behaviour.shown(outcome.message)
            message.senderName = nil
            message.receiverName = nil
            writer.object(echoing: body.present(echoesIDs ? ["receiver_id"] : [])) {
                message.write(to: &$0, as: .object)
            }
        }
    }

    @Sendable
    private static func conversation(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let contact = UserID(request.id())
        let behaviour = context.configuration.behaviour
        let page = try page(request.query, behaviour)
        let (answer, newestUnread) = try await context.large(for: user) { view in
            let shown = try ConversationView(of: user, with: contact, page, view)
            let answer = RouteResponse.success { writer in
                writer.key("messages")
                writer.beginArray()
                for message in shown.messages { behaviour.shown(message).write(to: &writer, as: .list) }
                writer.endArray()
            }
            return (answer, shown.newestUnread)
        }
        // The page shows the state from before, as the real server's does.
        if let newest = newestUnread, !(behaviour.has(.peek) && request.query["peek"] == "1") {
            try await mark(MarkRead(reader: user.id, sender: contact, upTo: newest), context)
        }
        return answer
    }

    /// Who reads is served also while nothing can be written; what was unread stays so.
    private static func mark(_ command: MarkRead, _ context: ServerContext) async throws(RouteError) {
        do throws(RouteError) {
            try await context.perform(command)
        } catch .storage(let failure) where failure.kind.mayPass {
        } catch {
            throw error
        }
    }

    /// The page that a query asks for. A bad limit is 50 (recorded), a bad id is refused.
    static func page(
        _ query: QueryItems, _ behaviour: ServerBehaviour = .extended
    ) throws(RouteError) -> ConversationPage {
        let limit = query["limit"].flatMap { integer($0) } ?? 50
        var page = ConversationPage(limit: limit < 0 ? 50 : min(limit, 200))
        guard behaviour.has(.paging) else { return page }
        if let text = query["before_id"] { page.before = MessageID(try messageID(text)) }
        if let text = query["after_id"] { page.after = MessageID(try messageID(text)) }
        return page
    }

    /// A number as Python reads it; one too large for 64 bits is simply large.
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
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let outcome = try await context.perform(
            MarkRead(reader: user.id, sender: UserID(request.id())))
        return .success("Mensagens marcadas como lidas") { writer in
            writer.key("count")
            writer.integer(outcome.count)
        }
    }

    @Sendable
    private static func unread(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let rows = try await routing { () async throws(StoreError) in
            try await context.store.read { view in
                try view.unreadCounts(of: user.id)
            }
        }
        let counts = UnreadCounts(
            bySender: Dictionary(uniqueKeysWithValues: rows.map { ($0.sender, $0.count) }))
        return .success { counts.writeMembers(to: &$0) }
    }

    @Sendable
    private static func deleteMessage(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        _ = try await context.perform(DeleteMessage(message: MessageID(request.id()), user: user.id))
        return .success("Mensagem deletada com sucesso")
    }

    @Sendable
    private static func deleteConversation(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        var count = 0
        var piece: DeleteConversation? = DeleteConversation(user: user.id, contact: UserID(request.id()))
        while let command = piece {
            let outcome = try await context.perform(command)
            count = outcome.count
            piece = command.next(after: outcome)
        }
        return .success("\(count) mensagens deletadas com sucesso") { writer in
            writer.key("deleted_count")
            writer.integer(count)
        }
    }
}

/// A page of a conversation as one of its two users sees it.
struct ConversationView: Sendable {
    var messages: [Message]
    /// The newest message that fetching the page marks as read.
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
            // What the other side called its message is nobody else's business.
            if !isOwn { messages[index].tempID = nil }
        }
    }
}
