import ChatWire

@testable import ChatClientCore

extension ServerModel {
    /// Answers a question by REST, asked with `token`.
    mutating func answer(_ call: EngineCall, token shown: String?) -> Result<EngineAnswer, ChatError> {
        if call != .serverInformation, shown != token {
            return .failure(.unauthorized(message: "Token inválido ou expirado."))
        }
        switch call {
        case .serverInformation:
            return .success(
                .serverInformation(
                    ServerInformation(
                        name: "MyChat API", version: "1",
                        capabilities: kind == .bundled ? Set(Capability.allCases) : [],
                        epoch: kind == .bundled ? epoch : nil)))
        case .account: return .success(.account(owner))
        case .verifyToken: return .success(.done)
        case .renewToken: return .success(.token(token))
        // Where there is a contact: of an account without any nothing tells a server that fails from an empty one.
        case .contacts where readFaults.areAll: return .success(.contacts([]))
        case .unread where readFaults.areAll && !contactNames.isEmpty:
            return .success(.unread(UnreadCounts(bySender: [:])))
        case .contacts: return .success(.contacts(peers.filter { contactNames[$0] != nil }.map(contact)))
        case .unread:
            let pairs = peers.map { ($0, unread(from: $0)) }.filter { $0.1 > 0 }
            return .success(.unread(UnreadCounts(bySender: Dictionary(uniqueKeysWithValues: pairs))))
        case .changes(let cursor): return answerChanges(since: cursor)
        case .page(let peer, let limit, let peek):
            let page = page(with: peer, limit: limit, before: nil, peek: peek)
            return .success(.messages(page.messages, leftOut: page.leftOut))
        case .sendMessage(let tempID, let peer, let content):
            let known = kind == .bundled ? record(of: tempID)?.message : nil
            return .success(.sent(known ?? store(content, from: ana, to: peer, tempID: tempID)))
        case .deleteMessage(let id):
            guard delete(id, by: ana) else {
                return .failure(.refused(status: 400, message: "Mensagem não encontrada"))
            }
            return .success(.done)
        case .deleteConversation(let peer):
            deleteConversation(with: peer, by: ana)
            return .success(.done)
        case .addContact(let user, let name):
            guard contactNames[user] == nil else {
                return .failure(.refused(status: 400, message: "Contato já adicionado"))
            }
            contactNames[user] = name ?? "P\(user)"
            return .success(.contact(contact(user)))
        case .renameContact(let id, let name):
            guard contactNames[user(of: id)] != nil else { return Self.noContact }
            contactNames[user(of: id)] = name
            return .success(.done)
        case .removeContact(let id):
            guard contactNames.removeValue(forKey: user(of: id)) != nil else { return Self.noContact }
            return .success(.done)
        }
    }

    private static let noContact = Result<EngineAnswer, ChatError>.failure(
        .refused(status: 400, message: "Contato não encontrado"))

    private func user(of id: ContactID) -> UserID { UserID(id.rawValue - 100) }

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

    private func contact(_ peer: UserID) -> Contact {
        let last = messages(with: peer).last
        return .sample(
            peer, contactNames[peer] ?? "P\(peer)",
            last: last.map(Self.listed), unread: unread(from: peer))
    }

    // MARK: The stream of changes

    /// Short, so that it takes several.
    private static let changesMax = 20

    private func answerChanges(since cursor: String?) -> Result<EngineAnswer, ChatError> {
        guard kind == .bundled else { return .failure(.refused(status: 404, message: "")) }
        var from = floor
        if let cursor {
            guard let number = Int64(cursor), number >= floor else {
                return .success(.changes(.reset(state())))
            }
            if number > Int64(changes.count) {
                return .success(.changes(.reset(state(isBehindCursor: true))))
            }
            from = number
        }
        let open = changes.filter { $0.sequence > from }
        let part = open.prefix(Self.changesMax)
        let next = part.last?.sequence ?? from
        return .success(
            .changes(
                .changes(
                    PartialList(part.compactMap(syncChange)), cursor: String(next),
                    hasMore: open.count > part.count, state: state(isWhole: cursor == nil && floor == 0))))
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
