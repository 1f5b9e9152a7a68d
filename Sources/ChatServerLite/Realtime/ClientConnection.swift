import ChatCrypto
import ChatSQLite
import ChatWire
import Logging
import NIOCore

/// One websocket of a client: it drives the pure machines of ChatWire with the bytes of its channel.
///
/// Everything happens on the channel's event loop. What one burst of reads calls for is written at its end,
/// by the hub's ``Hub/flush()``. A reader who stops reading is closed when too much waits for it.
final class ClientConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case open
        /// A close frame is out; the peer has until the deadline to end the connection.
        case ending(until: MonotonicInstant)
        case ended
    }

    private let server: ServerContext
    private var webSocket: WebSocketConnection
    private var connection: SocketConnection
    private var phase = Phase.open
    private var channelContext: ChannelHandlerContext?
    private var socket = SocketID(rawValue: 0)
    private var user: Person?
    /// While a token is being looked up nothing further is decoded or read: what follows the CONNECT must
    /// find it answered.
    private var isSigningIn = false
    private var wantsRead = false
    private var isTouched = false
    private var backlog: ByteBuffer?
    private var announcements: [Announcement] = []

    /// How long a peer may take to answer a close frame.
    private static let closeTimeout = Duration.seconds(3)

    init(server: ServerContext) {
        self.server = server
        let limits = server.configuration.limits
        webSocket = WebSocketConnection(
            role: .server, limits: WebSocketLimits(messageLength: limits.maxPayload, fragmentCount: 4096))
        let handshake = EngineHandshake(
            sid: Self.randomName(), pingInterval: limits.pingInterval, pingTimeout: limits.pingTimeout,
            maxPayload: limits.maxPayload)
        connection = .server(handshake, connectTimeout: limits.connectTimeout)
    }

    /// A name that nobody can guess.
    private static func randomName() -> String { Base64URL.encode(RandomBytes.generate(15)) }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        channelContext = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        socket = server.hub.assumeIsolated { $0.open(bound) }
        perform(connection.start(now: ServerClock.monotonic()))
        flush()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        channelContext = nil
        phase = .ended
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .ended
        user = nil
        let socket = socket
        server.hub.assumeIsolated { hub in
            hub.close(socket)
            hub.flush()
        }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard case .open = phase else { return }
        buffer.withUnsafeReadableBytes { webSocket.receive($0) }
        decode()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        settle()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isSigningIn {
            wantsRead = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the peer, most often: the channel becomes inactive after it.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping { goAway() }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What comes in

    private func decode() {
        let now = ServerClock.monotonic()
        while !isSigningIn, let event = webSocket.nextEvent() {
            switch event {
            case .text(let bytes): perform(connection.receive(text: bytes[...], now: now))
            case .binary(let bytes): perform(connection.receive(binary: bytes[...], now: now))
            case .ping, .pong: break
            case .close, .failure: perform(connection.transportClosed())
            }
        }
        if webSocket.transportAction == .close { end() }
    }

    /// Passes on what the burst has gathered and writes what it has made.
    private func settle() {
        let gathered = announcements
        announcements.removeAll(keepingCapacity: true)
        server.hub.assumeIsolated { hub in
            hub.announce(gathered)
            hub.flush()
        }
        if webSocket.outputCount > 0 { flush() }
    }

    private func perform(_ actions: [SocketConnection.Action]) {
        for action in actions {
            switch action {
            case .transmit(.text(let bytes)): webSocket.send(text: bytes)
            case .transmit(.binary(let bytes)): webSocket.send(binary: bytes)
            case .session(.connectRequested(_, let auth)): signIn(auth)
            case .session(.event(let event)): receive(event)
            case .session(.disconnected): signOff()
            case .closed(let reason):
                webSocket.close(code: WebSocketCloseCode(rawValue: reason.webSocketCloseCode))
                end()
            // The rest is told to clients only.
            case .opened, .session: break
            }
        }
    }

    private func receive(_ event: SocketEvent) {
        guard let user else { return }
        let asker = Asker(socket: socket, user: user, acknowledgementID: event.acknowledgementID)
        switch EventHandlers.plan(event.payload, from: asker) {
        case .announce(let immediate):
            announcements += immediate
        case .send(let command, let tempID, let echo):
            var asker = asker
            asker.echo = echo
            submit(command) { [asker] in command.announcements(of: $0, to: asker, named: tempID) }
        case .markRead(let command):
            submit(command) { command.announcements(of: $0, to: asker) }
        case .markDelivered(let command):
            submit(command) { command.announcements(of: $0, to: asker) }
        }
    }

    /// Hands a command to the store; what follows its commit is announced in the order of the commits.
    private func submit<Command: StoreCommand>(
        _ command: Command,
        announcing: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> [Announcement]
    ) {
        server.store.submit(command) { [hub = server.hub] result in
            hub.assumeIsolated { $0.announce(announcing(result)) }
        }
    }

    // MARK: Signing in

    private func signIn(_ auth: JSONValue?) {
        guard let context = channelContext, let token = auth?["token"]?.stringValue,
            let id = try? server.signer.user(of: token, now: ServerClock.now())
        else { return refuse() }
        isSigningIn = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        Task(executorPreference: server.taskExecutor) { [store = server.store] in
            let found = try? await store.read { (tables: ChatTables) throws(SQLiteError) -> SignIn? in
                guard let user = try tables.user(id) else { return nil }
                return SignIn(
                    user: Person(id: id, name: user.name), contacts: try tables.contactUserIDs(of: id))
            }
            bound.value.finishSigningIn(found ?? nil)
        }
    }

    private struct SignIn: Sendable {
        let user: Person
        let contacts: [UserID]
    }

    private func finishSigningIn(_ found: SignIn?) {
        isSigningIn = false
        guard case .open = phase else { return }
        if let found {
            user = found.user
            perform(connection.perform { $0.accept(sid: Self.randomName()) })
            let socket = socket
            server.hub.assumeIsolated { $0.signIn(socket, found.user, contacts: found.contacts) }
        } else {
            refuse()
        }
        decode()
        settle()
        guard wantsRead else { return }
        wantsRead = false
        channelContext?.read()
    }

    private func refuse() {
        // The 41 before it is recorded; clients are used to both.
        perform(connection.perform { $0.refuse(message: "Connection rejected by server", leavesFirst: true) })
    }

    private func signOff() {
        guard user != nil else { return }
        user = nil
        let socket = socket
        server.hub.assumeIsolated { $0.signOff(socket) }
    }

    // MARK: What goes out

    /// Puts a packet behind the others. True when the caller must see to it that ``flush()`` is called.
    func send(_ packet: EncodedPacket) -> Bool {
        // Only who is signed in is in an audience, so the namespace is connected.
        guard user != nil, case .open = phase else { return false }
        webSocket.send(text: packet.bytes)
        guard !isTouched else { return false }
        isTouched = true
        return true
    }

    /// Writes what waits, all of it at once, unless the peer reads too slowly.
    func flush() {
        isTouched = false
        guard let context = channelContext, context.channel.isActive else { return }
        webSocket.drainOutput { bytes in
            if backlog == nil {
                backlog = context.channel.allocator.buffer(bytes: bytes)
            } else {
                backlog?.writeBytes(bytes)
            }
        }
        guard let waiting = backlog else { return }
        if context.channel.isWritable {
            backlog = nil
            context.writeAndFlush(wrapOutboundOut(waiting), promise: nil)
        } else if waiting.readableBytes > server.configuration.limits.outgoingBacklogBytes {
            // A close frame would wait behind all the rest: the reason stands in the log only.
            server.logger.notice(
                "closed a socket that does not read",
                metadata: ["socket": "\(socket.rawValue)", "waiting": "\(waiting.readableBytes)"])
            context.close(promise: nil)
        }
    }

    // MARK: Time and the end

    /// Does what is due.
    func tick(now: MonotonicInstant) {
        switch phase {
        case .open:
            guard let deadline = connection.deadline, deadline <= now else { return }
            perform(connection.tick(now: now))
            flush()
        case .ending(let deadline):
            if deadline <= now { channelContext?.close(promise: nil) }
        case .ended: break
        }
    }

    /// The server stops: close 1001.
    private func goAway() {
        guard case .open = phase else { return }
        webSocket.close(code: .goingAway, reason: "the server is stopping")
        end()
    }

    /// Writes the rest and waits for the peer to end the connection, so that it can still read our close
    /// frame: an immediate close could reset it away.
    private func end() {
        guard case .open = phase else { return }
        signOff()
        flush()
        phase = .ending(until: ServerClock.monotonic() + Self.closeTimeout)
        channelContext?.close(mode: .output, promise: nil)
    }
}

/// Told to every connection when the server stops.
struct ServerIsStopping: Sendable {}
