import ChatWire
import NIOCore

/// The meeting point of all realtime connections of this node. It knows who is connected, and distributes
/// events.
///
/// It lives on the event loop of the sockets, so distributing is a plain call: no lock, no hop. ``flush()``
/// writes the packets of a burst, one write per socket, and publishes the messages for other nodes.
actor Hub {
    nonisolated let eventLoop: any EventLoop
    private let node: Node
    private let hasOthers: Bool
    private var roster: Roster
    private var connections: [SocketID: NIOLoopBound<ClientConnection>] = [:]
    private var touched: [NIOLoopBound<ClientConnection>] = []
    /// The messages to publish to other nodes.
    private var outgoing: [NodeMessage] = []
    private var lastSocket: Int64 = 0
    /// The sockets of each user in order of arrival, displaced ones included.
    private var sockets: [UserID: [SocketID]] = [:]
    private let socketsPerUser: Int
    /// The sessions that were ended, on any node, and those that were used lately.
    nonisolated let register = SessionRegister()
    private var recentPushes = RecentPushes()
    /// Called for each message whose receiver has no connection.
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

    /// The number of users with a signed-in socket on this node.
    var userCount: Int { sockets.count }

    /// Sets the handler for new messages of this node whose receiver is not connected to any node. It is
    /// called on the event loop with the message and its sender.
    func onMissedMessage(_ handler: @escaping @Sendable (Message, Person) -> Void) { missed = handler }

    /// Runs `body` on the event loop, after the work that is queued there.
    nonisolated func tell(_ body: @escaping @Sendable (isolated Hub) -> Void) {
        eventLoop.execute { self.here(body) }
    }

    /// Runs `body` now. The caller must be on the event loop.
    ///
    /// SwiftNIO calls the handlers of a channel on its event loop, but not as part of an actor, so the compiler cannot
    /// know that they are isolated to the hub. Awaiting the hub instead would end the turn of the event loop: packets
    /// would overtake each other, and the writes of a burst would not be joined. So the isolation is checked here, at
    /// run time, in the only place: a call from another thread traps.
    nonisolated func here<Result: Sendable>(_ body: (isolated Hub) throws -> Result) rethrows -> Result {
        try assumeIsolated(body)
    }

    // MARK: Pushes

    /// Records that a missed message was queued for pushing as these deliveries.
    func pushWasQueued(_ message: Message, as deliveries: [Int64]) {
        recentPushes.queued(message, as: deliveries, now: ServerClock.monotonic())
    }

    /// Records that a delivery was attempted, successfully or not.
    func pushWasTried(_ delivery: Int64) {
        recentPushes.tried(delivery, now: ServerClock.monotonic())
    }

    // MARK: Connections

    /// Adds an open session. Nobody is signed in on it yet.
    func open(_ connection: NIOLoopBound<ClientConnection>) -> SocketID {
        lastSocket += 1
        let socket = SocketID(node: node.id, number: lastSocket)
        connections[socket] = connection
        return socket
    }

    /// Removes a session that has ended, and signs its user off.
    func close(_ socket: SocketID) {
        connections[socket] = nil
        signOff(socket)
    }

    /// Signs a user in on a socket. If the account has too many sockets, the oldest is dismissed.
    func signIn(_ socket: SocketID, _ user: Person, contacts: [UserID]) {
        announce(roster.connect(socket, user, contacts: contacts))
        sockets[user.id, default: []].append(socket)
        guard let all = sockets[user.id], all.count > socketsPerUser else { return }
        connections[all[0]]?.value.makeRoom()
    }

    /// Signs off the user of a socket, if there is one.
    func signOff(_ socket: SocketID) {
        if let user = roster.user(of: socket)?.id {
            sockets[user]?.removeAll { $0 == socket }
            if sockets[user]?.isEmpty == true { sockets[user] = nil }
        }
        announce(roster.disconnect(socket))
    }

    /// Ends the sessions of a user on this node.
    func dismiss(_ user: UserID) {
        for socket in sockets[user] ?? [] { connections[socket]?.value.signOut() }
        flush()
    }

    /// Carries out announcements of a command that came from outside the sockets.
    func announceNow(_ announcements: [Announcement]) {
        announce(announcements)
        flush()
    }

    /// Whether the socket counts as one of its user's. A displaced socket does not.
    func isPresent(_ socket: SocketID) -> Bool { roster.isPresent(socket) }

    // MARK: Sessions

    /// Closes the sockets of sessions that were ended, on all nodes. The caller has told this node's register.
    func end(_ sessions: SessionsEnd) {
        if hasOthers { outgoing.append(.sessionsEnded(sessions)) }
        closeSockets(of: sessions)
        flush()
    }

    private func closeSockets(of sessions: SessionsEnd) {
        let connections = (self.sockets[sessions.user] ?? []).compactMap { self.connections[$0] }
        for connection in connections {
            guard let holder = connection.value.holder, sessions.ends(holder.session) else { continue }
            connection.value.endSession(.sessionEnded)
        }
    }

    /// Lets the sockets of a session last until the end of its fresh token.
    func extend(_ session: SessionID, of user: UserID, until expiry: Timestamp) {
        for socket in sockets[user] ?? [] {
            guard let connection = connections[socket]?.value, connection.holder?.session == session else {
                continue
            }
            connection.extend(until: expiry)
        }
    }

    /// Closes the sockets whose tokens are no longer valid, because their key is gone.
    func closeSockets(unless isValid: (TokenSigner.Holder) -> Bool) {
        let connections = sockets.values.joined().compactMap { self.connections[$0] }
        for connection in connections {
            guard let holder = connection.value.holder, !isValid(holder) else { continue }
            connection.value.endSession(.tokenInvalid)
        }
        flush()
    }

    /// Records the sessions with a socket as used.
    func seeSessions(at now: Timestamp) {
        for socket in sockets.values.joined() {
            guard let holder = connections[socket]?.value.holder else { continue }
            register.saw(holder, address: "", agent: "", at: now)
        }
    }

    // MARK: Announcements of this node

    /// Carries out announcements. Their packets wait for ``flush()``.
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

    /// Sends a packet to an audience on all nodes. The packet is made at most once, and only when somebody
    /// may get it.
    private func send(to audience: Audience, _ makePacket: () -> EncodedPacket) {
        let packet = sendHere(to: audience, makePacket)
        guard hasOthers, audience.reachesBeyond(node.id) else { return }
        outgoing.append(.packet(packet ?? makePacket(), to: audience))
    }

    /// - Returns: the packet, if any socket of this node was to get it; otherwise nil.
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

    /// Adds a contact and informs the user's sockets on this node. Each node informs its own.
    private func addContact(_ contact: UserID, to user: UserID) {
        for case .event(let event, let audience, _) in roster.addContact(contact, to: user) {
            sendHere(to: audience) { event.packet() }
        }
    }

    /// Publishes the queued messages, and writes the queued packets with one write per socket.
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

    /// Handles messages from another node: sends them to the sockets of this node.
    func receive(_ messages: [NodeMessage]) {
        for message in messages {
            switch message {
            case .packet(let packet, let audience): sendHere(to: audience) { packet }
            case .contactAdded(let contact, let user): addContact(contact, to: user)
            case .contactRemoved(let contact, let user): roster.removeContact(contact, from: user)
            case .sessionsEnded(let end):
                register.end(end.sessions)
                closeSockets(of: end)
            }
        }
        flush()
    }

    // MARK: Time

    /// Ends typing that has expired, and flushes.
    func tick() {
        announce(roster.expireTyping(now: ServerClock.monotonic()))
        flush()
    }
}
