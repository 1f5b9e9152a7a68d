import ChatWire
import NIOCore

/// The meeting point of all realtime connections of this node: it owns who is there, and passes events on.
///
/// It lives on the event loop of the sockets, so passing on is a plain call: no lock, no hop. Packets are
/// collected per socket and written by ``flush()``, once for a burst; what other nodes are to hear leaves then too.
actor Hub {
    nonisolated let eventLoop: any EventLoop
    private let node: Node
    private let hasOthers: Bool
    private var roster: Roster
    private var connections: [SocketID: NIOLoopBound<ClientConnection>] = [:]
    private var touched: [NIOLoopBound<ClientConnection>] = []
    /// What waits to be published.
    private var outgoing: [NodeMessage] = []
    private var lastSocket: Int64 = 0
    /// The sockets of each user, displaced ones too, in the order of their coming.
    private var sockets: [UserID: [SocketID]] = [:]
    private let socketsPerUser: Int
    private var recentPushes = RecentPushes()
    /// Is told of messages whose receiver has no connection.
    private var missed: (@Sendable (Message, Person) -> Void)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    init(
        eventLoop: any EventLoop, limits: ServerLimits, newestSocketDisplaces: Bool = false,
        node: Node = .alone()
    ) {
        self.eventLoop = eventLoop
        self.node = node
        hasOthers = node.fanout.hasOthers
        socketsPerUser = limits.socketsPerUser
        roster = Roster(
            typingLifetime: limits.typingLifetime, newestSocketDisplaces: newestSocketDisplaces,
            presence: node.presence)
    }

    var connectionCount: Int { connections.count }

    /// From now on `handler` is called, on the event loop, with each new message of this node whose receiver is not
    /// connected to any node, and its sender.
    func onMissedMessage(_ handler: @escaping @Sendable (Message, Person) -> Void) { missed = handler }

    /// Runs `body` on the event loop, after the work that is queued there.
    nonisolated func tell(_ body: @escaping @Sendable (isolated Hub) -> Void) {
        eventLoop.execute { self.assumeIsolated(body) }
    }

    // MARK: Pushes

    /// A missed message was queued for pushing, as these deliveries.
    func pushWasQueued(_ message: Message, as deliveries: [Int64]) {
        recentPushes.queued(message, as: deliveries, now: ServerClock.monotonic())
    }

    func pushWasTried(_ delivery: Int64) {
        recentPushes.tried(delivery, now: ServerClock.monotonic())
    }

    // MARK: Connections

    /// Takes an open session in; nobody is signed in on it yet.
    func open(_ connection: NIOLoopBound<ClientConnection>) -> SocketID {
        lastSocket += 1
        let socket = SocketID(node: node.id, number: lastSocket)
        connections[socket] = connection
        return socket
    }

    /// Forgets a session that has ended, and signs off whoever was on it.
    func close(_ socket: SocketID) {
        connections[socket] = nil
        signOff(socket)
    }

    func signIn(_ socket: SocketID, _ user: Person, contacts: [UserID]) {
        announce(roster.connect(socket, user, contacts: contacts))
        sockets[user.id, default: []].append(socket)
        guard let all = sockets[user.id], all.count > socketsPerUser else { return }
        connections[all[0]]?.value.makeRoom()
    }

    func signOff(_ socket: SocketID) {
        if let user = roster.user(of: socket)?.id {
            sockets[user]?.removeAll { $0 == socket }
            if sockets[user]?.isEmpty == true { sockets[user] = nil }
        }
        announce(roster.disconnect(socket))
    }

    /// Whether the socket stands for its user: a displaced one does not.
    func isPresent(_ socket: SocketID) -> Bool { roster.isPresent(socket) }

    // MARK: Announcements of this node

    /// Carries out what is announced. The packets wait for ``flush()``.
    func announce(_ announcements: [Announcement]) {
        for announcement in announcements { announce(announcement) }
    }

    private func announce(_ announcement: Announcement) {
        switch announcement {
        case .event(let event, let audience, let echo):
            send(to: audience) { event.packet(echoing: echo) }
        case .message(let delivery):
            deliver(delivery)
        case .acknowledgement(let answer, let id, let socket, let echo):
            send(to: .socket(socket)) { answer.packet(acknowledgementID: id, echoing: echo) }
        case .packet(let packet, let audience):
            send(to: audience) { packet }
        case .push(let message, let sender, let isBlind):
            guard isBlind || !node.presence.isOnline(message.receiverID),
                recentPushes.begin(message, now: ServerClock.monotonic())
            else { return }
            missed?(message, sender)
        case .joined(let pair, let socket):
            roster.join(pair, socket)
        case .left(let pair, let socket):
            roster.leave(pair, socket)
        case .typing(let isTyping, let pair, let user):
            announce(roster.setTyping(isTyping, in: pair, by: user, now: ServerClock.monotonic()))
        case .contactAdded(let contact, let user):
            if hasOthers { outgoing.append(.contactAdded(contact, to: user)) }
            addContact(contact, to: user)
        case .contactRemoved(let contact, let user):
            if hasOthers { outgoing.append(.contactRemoved(contact, from: user)) }
            roster.removeContact(contact, from: user)
        }
    }

    private func deliver(_ delivery: MessageDelivery) {
        delivery.forEachPacket { audience, packet in send(to: audience, packet) }
        guard !delivery.isReplay, !node.presence.isOnline(delivery.message.receiverID) else { return }
        missed?(delivery.message, delivery.sender)
    }

    /// Makes the packet once, when somebody is to have it.
    private func send(to audience: Audience, _ makePacket: () -> EncodedPacket) {
        let packet = sendHere(to: audience, makePacket)
        guard hasOthers, audience.reachesBeyond(node.id) else { return }
        outgoing.append(.packet(packet ?? makePacket(), to: audience))
    }

    /// - Returns: the packet, when somebody here was to have it.
    @discardableResult
    private func sendHere(to audience: Audience, _ makePacket: () -> EncodedPacket) -> EncodedPacket? {
        var packet: EncodedPacket?
        roster.forEach(in: audience) { socket in
            guard let connection = connections[socket] else { return }
            let made = packet ?? makePacket()
            packet = made
            if connection.value.send(made) { touched.append(connection) }
        }
        return packet
    }

    /// Each node tells its own sockets what follows from a new contact.
    private func addContact(_ contact: UserID, to user: UserID) {
        for case .event(let event, let audience, _) in roster.addContact(contact, to: user) {
            sendHere(to: audience) { event.packet() }
        }
    }

    /// Writes what has been collected, one write for each socket.
    func flush() {
        if !outgoing.isEmpty {
            node.fanout.publish(outgoing)
            outgoing.removeAll()
        }
        guard !touched.isEmpty else { return }
        let connections = touched
        touched.removeAll(keepingCapacity: true)
        for connection in connections { connection.value.flush() }
    }

    // MARK: Announcements of other nodes

    /// Tells the sockets of this node what another node has announced.
    func receive(_ messages: [NodeMessage]) {
        for message in messages {
            switch message {
            case .packet(let packet, let audience): sendHere(to: audience) { packet }
            case .contactAdded(let contact, let user): addContact(contact, to: user)
            case .contactRemoved(let contact, let user): roster.removeContact(contact, from: user)
            }
        }
        flush()
    }

    // MARK: Time

    /// Lets time pass: typing goes stale.
    func tick() {
        announce(roster.expireTyping(now: ServerClock.monotonic()))
        flush()
    }
}
