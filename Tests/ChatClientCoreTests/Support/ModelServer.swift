import ChatWire

@testable import ChatClientCore

/// A server for one account and its peers, as a value: it answers the engine's effects, in the manner of the
/// bundled server or of the real one. Deliberately simple, and written from the contract alone.
struct ModelServer {
    /// Which server it plays.
    var isIdempotent: Bool
    private(set) var messages: [Message] = []
    private var names: [TempID: MessageID] = [:]
    private var nextID: Int64 = 1
    private var nextAck: UInt64 = 0
    var readBy: [UserID] = []
    var joined: Set<UserID> = []
    var delivered: [MessageID] = []
    /// Conversations are answered with an empty list, as when a query fails.
    var failsReads = false
    /// The same of the list of contacts and of the counts.
    var failsLists = false
    /// The account's list of contacts.
    var contactNames: [UserID: String] = [bia: "P2", caio: "P3"]

    init(isIdempotent: Bool) { self.isIdempotent = isIdempotent }

    /// What a new link begins with.
    static var opening: [UInt8] {
        Array(
            #"0{"sid":"s","upgrades":[],"pingTimeout":60000,"pingInterval":25000,"maxPayload":1000000}"#.utf8)
    }

    mutating func store(_ content: String, from sender: UserID, to receiver: UserID, tempID: TempID?)
        -> Message
    {
        let message = Message.sample(nextID, from: sender, to: receiver, content, tempID: tempID)
        nextID += 1
        messages.append(message)
        return message
    }

    mutating func delete(_ id: MessageID) { messages.removeAll { $0.id == id } }

    /// Takes a text message of the client; gives the server's answers in order.
    mutating func receive(_ text: [UInt8]) -> [[UInt8]] {
        let text = text[...]
        if text.starts(with: Array("40{".utf8)) { return [Array(#"40{"sid":"c"}"#.utf8)] }
        guard text.starts(with: Array("42".utf8)),
            let packet = try? SocketPacket(decoding: text.dropFirst()),
            let event = try? ClientEvent.decode(packet.payload)
        else { return [] }
        var answers = handle(event)
        if let id = packet.acknowledgementID {
            answers.append(SendAcknowledgement.handled.packet(acknowledgementID: id).bytes)
        }
        return answers
    }

    private mutating func handle(_ event: ClientEvent) -> [[UInt8]] {
        switch event {
        case .sendMessage(let receiver, let content, let tempID):
            return send(content, to: receiver, tempID: tempID)
        case .messageRead(let sender, _): readBy.append(sender)
        case .messageDelivered(let id, _): delivered.append(id)
        case .joinConversation(let peer): joined.insert(peer)
        default: break
        }
        return []
    }

    private mutating func send(_ content: String, to receiver: UserID, tempID: TempID?) -> [[UInt8]] {
        if content.hasPrefix("recusada") {
            // An error may come after the message was stored.
            if content == "recusada depois" { _ = store(content, from: ana, to: receiver, tempID: nil) }
            return [
                ServerEvent.messageError(tempID: tempID, reason: "A mensagem é muito longa").packet().bytes
            ]
        }
        let stored = stored(content, to: receiver, tempID: tempID)
        return [
            ServerEvent.messageSending(tempID: tempID).packet().bytes,
            ServerEvent.messageConfirmed(tempID: tempID, stored).packet().bytes,
            ServerEvent.newMessage(stored).packet().bytes,
        ]
    }

    /// Stores the message, or finds the one stored before under the same temp_id.
    fileprivate mutating func stored(_ content: String, to receiver: UserID, tempID: TempID?) -> Message {
        if isIdempotent, let tempID, let known = names[tempID],
            let first = messages.first(where: { $0.id == known })
        {
            return first
        }
        let stored = store(content, from: ana, to: receiver, tempID: isIdempotent ? tempID : nil)
        if let tempID, isIdempotent { names[tempID] = stored.id }
        return stored
    }

    /// Answers a question by REST.
    mutating func answer<Question: ServerQuestion>(_ question: Question) -> Question.Answer {
        let answer = (question as? any ModelQuestion)?.answer(by: &self) as? Question.Answer
        guard let answer else { preconditionFailure("the model has no answer to \(question)") }
        return answer
    }

    fileprivate mutating func page(_ question: PageQuestion) -> [Message] {
        if failsReads { return [] }
        let page = with(question.peer).suffix(question.limit).reversed()
        for index in messages.indices where messages[index].senderID == question.peer {
            messages[index].isRead = true
        }
        return page.map { message in
            var copy = message
            // The list does not repeat the name.
            copy.tempID = nil
            return copy
        }
    }

    fileprivate mutating func deleteConversation(with peer: UserID) -> Int {
        let count = messages.count
        messages.removeAll { $0.senderID == peer || $0.receiverID == peer }
        return count - messages.count
    }

    fileprivate var unread: [UserID: Int] {
        Dictionary(grouping: messages.filter { $0.receiverID == ana && !$0.isRead }, by: \.senderID)
            .mapValues(\.count)
    }

    private func with(_ peer: UserID) -> [Message] {
        messages.filter { $0.senderID == peer || $0.receiverID == peer }
    }

    fileprivate func contact(_ peer: UserID) -> Contact {
        .sample(
            peer, contactNames[peer] ?? "P\(peer)", last: with(peer).last,
            unread: messages.count { $0.senderID == peer && !$0.isRead })
    }
}

/// A question that the model answers.
protocol ModelQuestion: ServerQuestion {
    func answer(by server: inout ModelServer) -> Answer
}

extension ServerInformationQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> ServerInformation {
        .capable(of: server.isIdempotent ? [.idempotentSend, .presenceSnapshot] : [])
    }
}

extension AccountQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> User { .ana }
}

extension VerifyTokenQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) {}
}

extension RenewTokenQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> String { "fresh" }
}

extension ContactsQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> PartialList<Contact> {
        PartialList(server.failsLists ? [] : server.contactNames.keys.sorted().map(server.contact))
    }
}

extension UnreadQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> UnreadCounts {
        UnreadCounts(bySender: server.failsLists ? [:] : server.unread)
    }
}

extension ChangesQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> SyncAnswer { .reset() }
}

extension PageQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> PartialList<Message> { PartialList(server.page(self)) }
}

extension SendMessageQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> Answer {
        .sent(server.stored(content, to: peer, tempID: tempID))
    }
}

extension DeleteMessageQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) { server.delete(id) }
}

extension DeleteConversationQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> Int { server.deleteConversation(with: peer) }
}

extension AddContactQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) -> Contact {
        server.contactNames[wish.user] = wish.name ?? "P\(wish.user)"
        return server.contact(wish.user)
    }
}

extension RenameContactQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) { server.contactNames[UserID(id.rawValue - 100)] = name }
}

extension RemoveContactQuestion: ModelQuestion {
    func answer(by server: inout ModelServer) { server.contactNames[UserID(id.rawValue - 100)] = nil }
}
