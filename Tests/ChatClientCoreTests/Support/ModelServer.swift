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
    private mutating func stored(_ content: String, to receiver: UserID, tempID: TempID?) -> Message {
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
    mutating func answer(_ call: EngineCall) -> EngineAnswer {
        switch call {
        case .serverInformation:
            return .serverInformation(
                ServerInformation(
                    name: "MyChat API", version: "1",
                    capabilities: isIdempotent ? [.idempotentSend, .presenceSnapshot] : []))
        case .account: return .account(.ana)
        case .verifyToken: return .done
        case .renewToken: return .token("fresh")
        case .contacts where failsLists: return .contacts([])
        case .unread where failsLists: return .unread(UnreadCounts(bySender: [:]))
        case .contacts: return .contacts(contactNames.keys.sorted().map(contact))
        case .unread:
            let unread = messages.filter { $0.receiverID == ana && !$0.isRead }
            return .unread(
                UnreadCounts(bySender: Dictionary(grouping: unread, by: \.senderID).mapValues(\.count)))
        case .changes: return .changes(.reset())
        case .page where failsReads: return .messages([])
        case .page(let peer, let limit, _):
            let page = with(peer).suffix(limit).reversed()
            for index in messages.indices where messages[index].senderID == peer {
                messages[index].isRead = true
            }
            return .messages(
                page.map { message in
                    var copy = message
                    // The list does not repeat the name.
                    copy.tempID = nil
                    return copy
                })
        case .sendMessage(let tempID, let peer, let content):
            return .sent(stored(content, to: peer, tempID: tempID))
        case .deleteMessage(let id):
            delete(id)
            return .done
        case .deleteConversation(let peer):
            messages.removeAll { $0.senderID == peer || $0.receiverID == peer }
            return .done
        case .addContact(let user, let name):
            contactNames[user] = name ?? "P\(user)"
            return .contact(contact(user))
        case .renameContact(let id, let name):
            contactNames[UserID(id.rawValue - 100)] = name
            return .done
        case .removeContact(let id):
            contactNames[UserID(id.rawValue - 100)] = nil
            return .done
        }
    }

    private func with(_ peer: UserID) -> [Message] {
        messages.filter { $0.senderID == peer || $0.receiverID == peer }
    }

    private func contact(_ peer: UserID) -> Contact {
        .sample(
            peer, contactNames[peer] ?? "P\(peer)", last: with(peer).last,
            unread: messages.count { $0.senderID == peer && !$0.isRead })
    }
}
