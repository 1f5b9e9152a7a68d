import ChatWire

/// A server for one account and its peers, as a value that behaves like the bundled server or like the original one.
/// It was written from the API's description alone, and is simple: it must be right, not fast.
///
/// It collects everything that it sends in ``outgoing``, by connection; the network is elsewhere.
struct ServerModel {
    enum Kind: String, CaseIterable, Sendable {
        /// Recognises a temp_id, keeps the changes, returns pages without marking them as read, announces everything.
        case bundled
        /// Forgets the temp_id, marks as read what it returns, announces neither REST sends nor deletions, hears only
        /// the newest socket of a user.
        case original
    }

    /// A message that was stored at some time, the temp_id that it was sent with, and whether it still exists.
    struct Record {
        var message: Message
        let tempID: TempID?
        var isGone = false
    }

    private struct Connection {
        var isAccepted = false
        var joined: Set<UserID> = []
    }

    /// An entry in the stream of changes.
    struct Change {
        enum Fact {
            case created(MessageID)
            case delivered(MessageID)
            case read(reader: UserID, sender: UserID, upTo: MessageID)
            case deleted(MessageID)
            case conversationDeleted(UserID, upTo: MessageID)
        }

        let sequence: Int64
        let fact: Fact
    }

    let kind: Kind
    let peers: [UserID]
    /// The current time, which dates messages.
    var time = Timestamp(seconds: 2_000_000)
    /// The only accepted token.
    private(set) var token = "token 0"
    /// The user that the token belongs to.
    private(set) var owner = User.ana
    /// Changes when the database is replaced and the server notices.
    private(set) var epoch = "epoch 0"
    private var tokenNumber = 0
    private(set) var records: [Record] = []
    /// The account's names for its contacts.
    var contactNames: [UserID: String]
    private(set) var changes: [Change] = []
    /// Changes up to here were pruned.
    private(set) var floor: Int64 = 0
    /// What is to be sent on each connection, in order.
    var outgoing: [(connection: Int, text: [UInt8])] = []
    private var connections: [Int: Connection] = [:]
    /// The original's single socket of the account.
    private var only: Int?
    /// A failing handler loses the next send, before or after it has stored the message.
    var breaksBeforeStoring = false
    var breaksAfterStoring = false
    /// There is no space for another message.
    var isFull = false
    var readFaults = ReadFaults()

    init(kind: Kind, peers: [UserID]) {
        self.kind = kind
        self.peers = peers
        contactNames = Dictionary(uniqueKeysWithValues: peers.map { ($0, "P\($0)") })
    }

    var messages: [Message] { records.filter { !$0.isGone }.map(\.message) }

    func messages(with peer: UserID) -> [Message] {
        messages.filter { $0.senderID == peer || $0.receiverID == peer }
    }

    func unread(from peer: UserID) -> Int {
        messages.count { $0.senderID == peer && !$0.isRead }
    }

    /// The record of a temp_id, if a program of the account sent it.
    func record(of tempID: TempID) -> Record? { records.first { $0.tempID == tempID } }

    mutating func expireToken() {
        tokenNumber += 1
        token = "token \(tokenNumber)"
    }

    /// Replaces this database with another one. The secret that signs tokens stays.
    ///
    /// - Parameter isNoticed: whether the server notices, and gets another epoch.
    mutating func become(_ other: ServerModel, isNoticed: Bool, owner: User) {
        let (time, token, number, epoch) = (time, token, tokenNumber, epoch)
        self = other
        crash()
        self.time = time
        self.token = token
        tokenNumber = number
        self.epoch = isNoticed ? epoch + "'" : epoch
        self.owner = owner
        breaksBeforeStoring = false
        breaksAfterStoring = false
        isFull = false
    }

    // MARK: Connections

    /// The first packet on a new link.
    static let opening = Array(
        #"0{"sid":"s","upgrades":[],"pingTimeout":60000,"pingInterval":25000,"maxPayload":1000000}"#.utf8)

    mutating func opened(_ connection: Int) {
        connections[connection] = Connection()
        outgoing.append((connection, Self.opening))
    }

    mutating func closed(_ connection: Int) {
        connections[connection] = nil
        if only == connection { only = nil }
    }

    /// The process died; stored messages stay.
    mutating func crash() {
        connections = [:]
        only = nil
        outgoing = []
    }

    /// A device outside of the simulation takes the account, where only one socket is allowed.
    mutating func takeAccount() {
        guard kind == .original else { return }
        announce(.userOnline(Person(id: ana, name: "Ana")))
        only = -1
    }

    mutating func giveAccountBack() {
        if only == -1 { only = nil }
    }

    /// Whether the server handles events of this socket.
    private func isHeard(_ connection: Int) -> Bool {
        guard connections[connection]?.isAccepted == true else { return false }
        return kind == .bundled || only == connection
    }

    /// Sends to all sockets of the account that receive every event.
    private mutating func announce(_ event: ServerEvent, except: Int? = nil) {
        let text = event.packet().bytes
        for (number, one) in connections.sorted(by: { $0.key < $1.key })
        where one.isAccepted && number != except && (kind == .bundled || only == number) {
            outgoing.append((number, text))
        }
    }

    mutating func receive(_ text: [UInt8], on connection: Int) {
        guard connections[connection] != nil else { return }
        if text.starts(with: Array("40".utf8)) { return connect(text, on: connection) }
        if text.starts(with: Array("41".utf8)) { return closed(connection) }
        guard text.starts(with: Array("42".utf8)), connections[connection]?.isAccepted == true,
            let packet = try? SocketPacket(decoding: text[...].dropFirst()),
            let event = try? ClientEvent.decode(packet.payload)
        else { return }
        var acknowledgement: SendAcknowledgement? = .handled
        if isHeard(connection) {
            acknowledgement = handle(event, on: connection)
        } else if case .sendMessage = event {
            say(.error("Usuario não autenticado"), on: connection)
        }
        guard let acknowledgement, let id = packet.acknowledgementID else { return }
        outgoing.append((connection, acknowledgement.packet(acknowledgementID: id).bytes))
    }

    private mutating func say(_ event: ServerEvent, on connection: Int) {
        outgoing.append((connection, event.packet().bytes))
    }

    private mutating func connect(_ text: [UInt8], on connection: Int) {
        guard String(decoding: text, as: UTF8.self).contains("\"\(token)\"") else {
            outgoing.append((connection, Array(#"44{"message":"Connection rejected by server"}"#.utf8)))
            return
        }
        if kind == .original {
            announce(.userOnline(Person(id: ana, name: "Ana")), except: connection)
            only = connection
        }
        connections[connection]?.isAccepted = true
        outgoing.append((connection, Array(#"40{"sid":"c"}"#.utf8)))
    }

    // MARK: Events of the account

    /// Nil when the handler failed and answers nothing.
    private mutating func handle(_ event: ClientEvent, on connection: Int) -> SendAcknowledgement? {
        switch event {
        case .sendMessage(let receiver, let content, let tempID):
            return send(content, to: receiver, tempID: tempID, on: connection)
        case .messageRead(let sender, let upTo):
            readByAccount(sender, upTo: kind == .bundled ? upTo : nil, from: connection)
        case .messageDelivered: break
        case .joinConversation(let peer): connections[connection]?.joined.insert(peer)
        case .leaveConversation(let peer): connections[connection]?.joined.remove(peer)
        case .typingStart, .typingStop, .unknown: break
        }
        return .handled
    }

    /// The beginning of every message that the server refuses for good.
    static let refused = "recusada"
    /// The server's answer when it has no space left.
    static let full = "Servidor sem espaço em disco, tente novamente mais tarde"

    private mutating func send(
        _ content: String, to receiver: UserID, tempID: TempID?, on connection: Int
    ) -> SendAcknowledgement? {
        if breaksBeforeStoring {
            breaksBeforeStoring = false
            return nil
        }
        say(.messageSending(tempID: tempID), on: connection)
        let known = kind == .bundled ? tempID.flatMap { record(of: $0) } : nil
        if content.hasPrefix(Self.refused) || isFull && known == nil {
            let reason = content.hasPrefix(Self.refused) ? "A mensagem é muito longa" : Self.full
            say(.messageError(tempID: tempID, reason: reason), on: connection)
            return kind == .bundled ? .refused(reason: reason, tempID: tempID) : .handled
        }
        var message = known?.message ?? store(content, from: ana, to: receiver, tempID: tempID)
        if breaksAfterStoring {
            breaksAfterStoring = false
            outgoing.removeLast()
            return nil
        }
        message.tempID = tempID
        say(.messageConfirmed(tempID: tempID, message), on: connection)
        if kind == .bundled {
            let again = ServerEvent.messageConfirmed(tempID: tempID, message)
            outgoing.append((connection, again.packet(as: .messageSent).bytes))
        }
        if known == nil { announceNew(message, by: connection) }
        return kind == .bundled ? .accepted(message) : .handled
    }

    /// Sends to the rooms, and on the bundled server to the sender's other sockets.
    private mutating func announceNew(_ message: Message, by connection: Int?) {
        let peer = message.senderID == ana ? message.receiverID : message.senderID
        let isMine = message.senderID == ana
        for (number, one) in connections.sorted(by: { $0.key < $1.key }) where one.isAccepted {
            let hears = one.joined.contains(peer) || (kind == .bundled && isMine && number != connection)
            if hears { say(.newMessage(message), on: number) }
        }
    }

    private mutating func readByAccount(
        _ sender: UserID, upTo last: MessageID? = nil, from connection: Int?
    ) {
        guard let upTo = markRead(sender, upTo: last) else { return }
        guard kind == .bundled else { return }
        announce(
            .messagesRead(by: ana, readerID: ana, senderID: sender, upToID: upTo), except: connection)
    }

    /// Marks messages as read; returns the highest id that was unread.
    @discardableResult
    private mutating func markRead(_ sender: UserID, upTo last: MessageID?) -> MessageID? {
        var highest: MessageID?
        for index in records.indices where records[index].message.senderID == sender {
            guard !records[index].isGone, !records[index].message.isRead else { continue }
            guard records[index].message.id <= last ?? .init(.max) else { continue }
            records[index].message.isRead = true
            records[index].message.status = kind == .bundled ? .read : nil
            highest = records[index].message.id
        }
        if let highest { note(.read(reader: ana, sender: sender, upTo: highest)) }
        return highest
    }

    // MARK: What others do

    @discardableResult
    mutating func store(
        _ content: String, from sender: UserID, to receiver: UserID, tempID: TempID? = nil
    ) -> Message {
        let message = Message(
            id: MessageID(Int64(records.count) + 1), senderID: sender, receiverID: receiver,
            content: content, isRead: false, createdAt: time,
            tempID: kind == .bundled && sender == ana ? tempID : nil,
            status: kind == .bundled ? .sent : nil)
        records.append(Record(message: message, tempID: sender == ana ? tempID : nil))
        note(.created(message.id))
        return message
    }

    /// A peer writes, by a socket or by REST.
    mutating func peerSends(_ content: String, from peer: UserID, byREST: Bool) {
        let message = store(content, from: peer, to: ana)
        if byREST, kind == .original { return }
        announceNew(message, by: nil)
        announce(.messageNotification(message, from: Person(id: peer, name: "P\(peer)")))
    }

    /// Another device of the account writes.
    mutating func otherDeviceSends(_ content: String, to peer: UserID, byREST: Bool) {
        var message = store(content, from: ana, to: peer)
        if kind == .original, byREST { return }
        message.tempID = TempID("elsewhere-\(message.id)")
        announceNew(message, by: nil)
    }

    /// Another device of the account reads.
    mutating func otherDeviceReads(_ peer: UserID) { readByAccount(peer, from: nil) }

    mutating func peerReads(_ peer: UserID) {
        var highest: MessageID?
        for index in records.indices where records[index].message.receiverID == peer {
            guard !records[index].isGone, !records[index].message.isRead else { continue }
            records[index].message.isRead = true
            records[index].message.status = kind == .bundled ? .read : nil
            highest = records[index].message.id
        }
        guard let highest else { return }
        note(.read(reader: peer, sender: ana, upTo: highest))
        let isKnown = kind == .bundled
        announce(
            .messagesRead(
                by: peer, readerID: isKnown ? peer : nil, senderID: isKnown ? ana : nil,
                upToID: isKnown ? highest : nil))
    }

    mutating func peerReceives(_ peer: UserID) {
        guard
            let index = records.lastIndex(where: {
                $0.message.receiverID == peer && !$0.isGone && !$0.message.isRead
            })
        else { return }
        let id = records[index].message.id
        if kind == .bundled {
            for other in records.indices
            where records[other].message.receiverID == peer && other <= index
                && records[other].message.status == .sent
            {
                records[other].message.status = .delivered
            }
            note(.delivered(id))
        }
        announce(.messageStatusUpdate(id, .delivered))
    }

    /// Deletes a message for both sides. False when it does not exist.
    @discardableResult
    mutating func delete(_ id: MessageID, by user: UserID) -> Bool {
        guard let index = records.firstIndex(where: { $0.message.id == id }), !records[index].isGone else {
            return false
        }
        records[index].isGone = true
        let message = records[index].message
        note(.deleted(id))
        if kind == .bundled {
            let peer = message.senderID == ana ? message.receiverID : message.senderID
            announce(.messageDeleted(id, by: user, contact: peer))
        }
        return true
    }

    mutating func deleteConversation(with peer: UserID, by user: UserID) {
        let highest = messages(with: peer).last?.id
        guard let highest else { return }
        for index in records.indices {
            let message = records[index].message
            if message.senderID == peer || message.receiverID == peer { records[index].isGone = true }
        }
        note(.conversationDeleted(peer, upTo: highest))
        if kind == .bundled {
            announce(.conversationDeleted(by: user, contact: user == ana ? peer : ana))
        }
    }

    private mutating func note(_ fact: Change.Fact) {
        changes.append(Change(sequence: Int64(changes.count) + 1, fact: fact))
    }

    /// Prunes old changes.
    mutating func compactChanges() { floor = Int64(changes.count) }
}
