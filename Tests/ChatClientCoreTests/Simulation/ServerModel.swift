import ChatWire

/// A server for one account and its peers, as a value, in the manner of the bundled server or of the original
/// one. Written from the API's description alone, and simple: what counts here is what happens, not how fast.
///
/// Whatever it wants to say is gathered in ``outgoing`` by connection; the network is somebody else's matter.
struct ServerModel {
    enum Kind: String, CaseIterable, Sendable {
        /// Recognises a temp_id, keeps the changes, gives pages without marking them as read, announces all.
        case bundled
        /// Forgets the temp_id, marks as read what it gives, announces neither REST sends nor deletions, hears
        /// only the newest socket of a user.
        case original
    }

    /// A message that was stored at some time, under which name it was sent, and whether it is there still.
    struct Record {
        var message: Message
        let tempID: TempID?
        var isGone = false
    }

    private struct Connection {
        var isAccepted = false
        var joined: Set<UserID> = []
    }

    /// A line in the stream of changes.
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
    /// The present, which messages are dated by.
    var time = Timestamp(seconds: 2_000_000)
    /// The only token that is accepted.
    private(set) var token = "token 0"
    /// Whose the token is.
    private(set) var owner = User.ana
    /// Another one after the database was replaced, where the server notices.
    private(set) var epoch = "epoch 0"
    private var tokenNumber = 0
    private(set) var records: [Record] = []
    /// What the account calls its contacts.
    var contactNames: [UserID: String]
    private(set) var changes: [Change] = []
    /// Changes up to here are no longer kept.
    private(set) var floor: Int64 = 0
    /// What is to be sent on each connection, in order.
    var outgoing: [(connection: Int, text: [UInt8])] = []
    private var connections: [Int: Connection] = [:]
    /// The original's one socket of the account.
    private var only: Int?
    /// The next send is lost in a handler that breaks: before it has stored the message, or after.
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

    /// What it was sent under, if a program of the account sent it.
    func record(of tempID: TempID) -> Record? { records.first { $0.tempID == tempID } }

    mutating func expireToken() {
        tokenNumber += 1
        token = "token \(tokenNumber)"
    }

    /// Another database is put in the place of this one. The secret that signs tokens stays.
    ///
    /// - Parameter isNoticed: whether the server sees it, and says that it has another epoch.
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

    /// What a new link begins with.
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

    /// The process died: what it had stored stays.
    mutating func crash() {
        connections = [:]
        only = nil
        outgoing = []
    }

    /// A device that is not part of the simulation takes the account, where only one may have it.
    mutating func takeAccount() {
        guard kind == .original else { return }
        announce(.userOnline(Person(id: ana, name: "Ana")))
        only = -1
    }

    mutating func giveAccountBack() {
        if only == -1 { only = nil }
    }

    /// Whether an event of this socket is an event of the account.
    private func isHeard(_ connection: Int) -> Bool {
        guard connections[connection]?.isAccepted == true else { return false }
        return kind == .bundled || only == connection
    }

    /// To all sockets of the account that are told of everything.
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

    /// Nil when the handler broke and answers nothing.
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

    /// What every message that a server refuses for good begins with.
    static let refused = "recusada"
    /// What a server says that has no space left.
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

    /// To the rooms, and on the bundled server to the sender's other sockets.
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

    /// The highest id that was unread.
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

    /// Deletes a message for both sides. False when it is not there.
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

    /// Old changes are thrown away.
    mutating func compactChanges() { floor = Int64(changes.count) }
}
