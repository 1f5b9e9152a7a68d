import ChatWire

@testable import ChatClientCore

extension ServerModel {
    /// Answers a question by REST, asked with `token`.
    mutating func answer<Question: ServerQuestion>(
        _ question: Question, token shown: String?
    ) -> Result<Question.Answer, ChatError> {
        if !(question is ServerInformationQuestion), shown != token {
            return .failure(.unauthorized(message: "Token inválido ou expirado."))
        }
        do throws(ChatError) {
            let answer = try (question as? any SimulatedQuestion)?.answer(by: &self) as? Question.Answer
            guard let answer else { preconditionFailure("the model has no answer to \(question)") }
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    fileprivate func user(of id: ContactID) throws(ChatError) -> UserID {
        let user = UserID(id.rawValue - 100)
        guard contactNames[user] != nil else {
            throw .refused(status: 400, message: "Contato não encontrado")
        }
        return user
    }

    /// The newest messages of a conversation, or those before an id, newest first, and how many elements of the answer
    /// were none. Without `peek` the peer's count as read from now on, and are given as they were before.
    mutating func page(
        with peer: UserID, limit: Int, before: MessageID?, peek: Bool
    ) -> (messages: [Message], leftOut: Int) {
        if readFaults.areAll { return ([], 0) }
        let all = messages(with: peer).filter { one in before.map { one.id < $0 } ?? true }.map(Self.listed)
        let page =
            kind == .original && readFaults.next == nil
            ? readFaults.loosely(all, limit: min(limit, 200)) : all.suffix(min(limit, 200)).reversed()
        if !(peek && kind == .bundled) { otherDeviceReads(peer) }
        return readFaults.distort(page, with: peer)
    }

    /// Lists give whole seconds.
    private static func listed(_ message: Message) -> Message {
        var copy = message
        copy.createdAt = Timestamp(seconds: message.createdAt.seconds)
        return copy
    }

    fileprivate func contact(_ peer: UserID) -> Contact {
        let last = messages(with: peer).last
        return .sample(
            peer, contactNames[peer] ?? "P\(peer)",
            last: last.map(Self.listed), unread: unread(from: peer))
    }

    // MARK: The stream of changes

    /// Short, so that it takes several.
    private static let changesMax = 20

    fileprivate func answerChanges(since cursor: String?) throws(ChatError) -> SyncAnswer {
        guard kind == .bundled else { throw .refused(status: 404, message: "") }
        var from = floor
        if let cursor {
            guard let number = Int64(cursor), number >= floor else { return .reset(state()) }
            if number > Int64(changes.count) { return .reset(state(isBehindCursor: true)) }
            from = number
        }
        let open = changes.filter { $0.sequence > from }
        let part = open.prefix(Self.changesMax)
        let next = part.last?.sequence ?? from
        return .changes(
            PartialList(part.compactMap(syncChange)), cursor: String(next),
            hasMore: open.count > part.count, state: state(isWhole: cursor == nil && floor == 0))
    }

    private func state(isBehindCursor: Bool = false, isWhole: Bool = false) -> SyncState {
        SyncState(
            epoch: epoch, newestID: MessageID(Int64(records.count)), isBehindCursor: isBehindCursor,
            isWhole: isWhole)
    }

    /// Nil for what is gone by now: a later change says so.
    private func syncChange(_ change: Change) -> SyncChange? {
        var members: [(String, String)] = [("seq", "\(change.sequence)")]
        switch change.fact {
        case .created(let id):
            guard let record = records.first(where: { $0.message.id == id }), !record.isGone else {
                return nil
            }
            var writer = JSONWriter()
            record.message.write(to: &writer, as: .object)
            members.append(("type", "\"message_created\""))
            members.append(("message", String(decoding: writer.finished(), as: UTF8.self)))
        case .delivered(let id):
            members.append(("type", "\"message_delivered\""))
            members.append(("message_id", "\(id)"))
        case .read(let reader, let sender, let upTo):
            members.append(("type", "\"messages_read\""))
            members.append(("reader_id", "\(reader)"))
            members.append(("sender_id", "\(sender)"))
            members.append(("up_to_id", "\(upTo)"))
        case .deleted(let id):
            members.append(("type", "\"message_deleted\""))
            members.append(("message_id", "\(id)"))
        case .conversationDeleted(let peer, let upTo):
            members.append(("type", "\"conversation_deleted\""))
            members.append(("contact_user_id", "\(peer)"))
            members.append(("up_to_id", "\(upTo)"))
        }
        let text = "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
        return (try? JSONValue(parsing: Array(text.utf8))).flatMap { try? SyncChange(json: $0) }
    }
}

/// A question that the model of a server answers.
protocol SimulatedQuestion: ServerQuestion {
    func answer(by server: inout ServerModel) throws(ChatError) -> Answer
}

extension ServerInformationQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> ServerInformation {
        ServerInformation(
            name: "MyChat API", version: "1",
            capabilities: server.kind == .bundled ? Set(Capability.allCases) : [],
            epoch: server.kind == .bundled ? server.epoch : nil)
    }
}

extension AccountQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> User { server.owner }
}

extension VerifyTokenQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) {}
}

extension RenewTokenQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> String { server.token }
}

extension ContactsQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> PartialList<Contact> {
        if server.readFaults.areAll { return [] }
        return PartialList(server.peers.filter { server.contactNames[$0] != nil }.map(server.contact))
    }
}

extension UnreadQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> UnreadCounts {
        // Where there is a contact: of an account without any nothing tells a server that fails from an empty one.
        if server.readFaults.areAll, !server.contactNames.isEmpty { return UnreadCounts(bySender: [:]) }
        let pairs = server.peers.map { ($0, server.unread(from: $0)) }.filter { $0.1 > 0 }
        return UnreadCounts(bySender: Dictionary(uniqueKeysWithValues: pairs))
    }
}

extension ChangesQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) throws(ChatError) -> SyncAnswer {
        try server.answerChanges(since: cursor)
    }
}

extension PageQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> PartialList<Message> {
        let page = server.page(with: peer, limit: limit, before: nil, peek: isPeek)
        var list = PartialList(page.messages)
        list.leftOutCount = page.leftOut
        return list
    }
}

extension SendMessageQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> Answer {
        let known = server.kind == .bundled ? server.record(of: tempID)?.message : nil
        return .sent(known ?? server.store(content, from: ana, to: peer, tempID: tempID))
    }
}

extension DeleteMessageQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) throws(ChatError) {
        guard server.delete(id, by: ana) else {
            throw .refused(status: 400, message: "Mensagem não encontrada")
        }
    }
}

extension DeleteConversationQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) -> Int {
        server.deleteConversation(with: peer, by: ana)
        return 0
    }
}

extension AddContactQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) throws(ChatError) -> Contact {
        guard server.contactNames[wish.user] == nil else {
            throw .refused(status: 400, message: "Contato já adicionado")
        }
        server.contactNames[wish.user] = wish.name ?? "P\(wish.user)"
        return server.contact(wish.user)
    }
}

extension RenameContactQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) throws(ChatError) {
        server.contactNames[try server.user(of: id)] = name
    }
}

extension RemoveContactQuestion: SimulatedQuestion {
    func answer(by server: inout ServerModel) throws(ChatError) {
        server.contactNames[try server.user(of: id)] = nil
    }
}
