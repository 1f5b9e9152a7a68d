import ChatWire
import Logging
import NIOCore

/// One Socket.IO client. It feeds the pure state machine of ChatWire with what its transports receive.
///
/// Everything happens on the event loop of the sockets. The output of one burst of reads is written at the
/// end of the burst, by the hub's ``Hub/flush()``.
final class ClientConnection: EngineEndpoint {
    private let server: ServerContext
    /// Whether the client runs on this machine, and no proxy is in between.
    private let isLocal: Bool
    private var connection: SocketConnection
    /// Nil before the session opens and after it ends.
    private var link: EngineConnection?
    private var socket = SocketID(node: NodeID(rawValue: 0), number: 0)
    private var user: Person?
    /// What the token says that let the user in; nil while nobody is signed in.
    private(set) var holder: TokenSigner.Holder?
    /// When that token ends, and the connection with it; nil for never.
    private var tokenEnd: MonotonicInstant?
    /// While a token is being looked up, nothing further is decoded or read: CONNECT must be answered before
    /// the packets that follow it.
    private var isSigningIn = false
    private var isTouched = false
    private var announcements: [Announcement] = []

    init(server: ServerContext, handshake: EngineHandshake, isLocal: Bool) {
        self.server = server
        self.isLocal = isLocal
        let configuration = server.configuration
        // The real server waits for a CONNECT indefinitely.
        connection = .server(
            handshake,
            connectTimeout: configuration.behaviour.realtime.limitsConnectTime
                ? configuration.limits.connectTimeout : nil)
    }

    // MARK: The transport

    func open(on connection: EngineConnection, now: MonotonicInstant) {
        link = connection
        let bound = NIOLoopBound(self, eventLoop: server.hub.eventLoop)
        socket = server.hub.here { $0.open(bound) }
        perform(self.connection.start(now: now))
    }

    func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) {
        perform(connection.receive(text: text, now: now))
    }

    func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) {
        perform(connection.receive(binary: binary, now: now))
    }

    func receive(_ packet: EnginePacket, now: MonotonicInstant) {
        perform(connection.receive(packet, now: now))
    }

    func transportClosed() { perform(connection.transportClosed()) }

    var isBusy: Bool { isSigningIn }

    var account: UserID? { user?.id }

    var deadline: MonotonicInstant? {
        guard let tokenEnd else { return connection.deadline }
        return connection.deadline.map { min($0, tokenEnd) } ?? tokenEnd
    }

    func tick(now: MonotonicInstant) {
        if let tokenEnd, tokenEnd <= now { return endSession(.tokenInvalid) }
        perform(connection.tick(now: now))
    }

    /// Hands the announcements of the burst to the hub and writes them.
    func burstEnded() {
        let gathered = announcements
        announcements.removeAll(keepingCapacity: true)
        server.hub.here { hub in
            hub.announce(gathered)
            hub.flush()
        }
    }

    // MARK: Incoming

    private func perform(_ actions: [SocketConnection.Action]) {
        // A client that was silent for too long must not hear of its own departure.
        if case .closed(.engine(.heartbeatTimeout)) = actions.last { user = nil }
        for action in actions {
            switch action {
            case .transmit(let frame): link?.transmit(frame)
            case .session(.connectRequested(_, let auth)): signIn(auth)
            case .session(.event(let event)): receive(event)
            case .session(.disconnected): signOff()
            case .closed(let reason): end(for: reason)
            // Only clients get the other actions.
            case .opened, .session: break
            }
        }
    }

    private func end(for reason: SocketCloseReason) {
        switch (reason, server.configuration.behaviour.realtime.closesAsRecorded) {
        // The real server gives no code to a client that says goodbye, and fails on one that is silent.
        case (.engine(.peer), true): end(.noStatusReceived)
        case (.engine(.heartbeatTimeout), true): end(.internalError, reason: "Internal Server Error")
        default: end(WebSocketCloseCode(rawValue: reason.webSocketCloseCode))
        }
    }

    private func receive(_ event: SocketEvent) {
        guard let user else { return }
        let asker = Asker(socket: socket, user: user, acknowledgementID: event.acknowledgementID)
        do throws(RequestLimiter.Refused) {
            let isSend = event.payload.starts(with: Self.sending)
            try server.limits.take(isSend ? .send : .events, account: user.id, isLocal: isLocal)
        } catch {
            server.traffic.received(ClientEvent.kind(in: event.payload))
            announcements += refusal(of: event, from: asker, until: error)
            return
        }
        guard event.isReadable else {
            server.traffic.received(ClientEvent.kind(in: event.payload))
            guard !server.configuration.behaviour.realtime.handlesEventsAsRecorded else { return }
            announcements += EventHandlers.unreadable(event.payload, from: asker)
            return
        }
        let plan = plan(event, from: asker)
        server.traffic.received(event.payload, as: plan)
        switch plan {
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
        case .submit(let submission):
            submission.submit(server.store, server.hub)
        }
    }

    private static let sending = Array("[\"\(ClientEvent.Kind.sendMessage.name)\"".utf8)

    private func refusal(
        of event: SocketEvent, from asker: Asker, until limit: RequestLimiter.Refused
    ) -> [Announcement] {
        let action = event.payload.starts(with: Self.sending) ? LimitedAction.send : .events
        server.recordRefusal(
            .limited(action, retryAfter: limit.seconds), by: action, account: asker.user.id)
        // The real server knows no limits, so its clients know no answer.
        guard !server.configuration.behaviour.realtime.handlesEventsAsRecorded else {
            return asker.acknowledgement()
        }
        return EventHandlers.tooMany(event.payload, retryAfter: limit.seconds, from: asker)
    }

    private func plan(_ event: SocketEvent, from asker: Asker) -> EventPlan {
        guard server.configuration.behaviour.realtime.handlesEventsAsRecorded else {
            return EventHandlers.plan(event.payload, from: asker)
        }
        let isPresent = server.hub.here { $0.isPresent(asker.socket) }
        return RecordedEventHandlers.plan(event.payload, from: asker, isPresent: isPresent)
    }

    /// Submits a command to the store. The results are announced after its commit, in the order of the
    /// commits.
    private func submit<Command: StoreCommand>(
        _ command: Command,
        announcing: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> [Announcement]
    ) {
        server.store.submit(command) { [hub = server.hub] result in
            hub.here { $0.announce(announcing(result)) }
        }
    }

    // MARK: Signing in

    private func signIn(_ auth: JSONValue?) {
        guard let token = ConnectAuthorization.token(in: auth),
            let holder = try? server.holder(of: token)
        else { return refuse() }
        isSigningIn = true
        let bound = NIOLoopBound(self, eventLoop: server.hub.eventLoop)
        Task(executorPreference: server.taskExecutor) { [store = server.store, signer = server.signer] in
            do throws(StoreError) {
                let found = try await store.lookUp { view -> SignIn? in
                    guard let user = try view.user(of: holder, by: signer) else { return nil }
                    return SignIn(
                        holder: holder, user: Person(id: user.id, name: user.name),
                        contacts: try view.contactUserIDs(of: user.id))
                }
                bound.value.finishSigningIn(found)
            } catch {
                bound.value.failSigningIn(error)
            }
        }
    }

    private struct SignIn: Sendable {
        let holder: TokenSigner.Holder
        let user: Person
        let contacts: [UserID]
    }

    private func finishSigningIn(_ found: SignIn?) {
        isSigningIn = false
        guard let link else { return }
        if let found, isTooSoon(found.user.id) {
            return end(.tryAgainLater, reason: "too many connections")
        }
        // During the look-up the session may have been ended, or the account disabled.
        if let found, !server.blocked.contains(found.user.id),
            found.holder.session.map({ server.sessions.isEnded($0) }) != true
        {
            admit(found.holder)
            user = found.user
            perform(connection.perform { $0.accept(sid: EngineGateway.randomName()) })
            link.admitted()
            let socket = socket
            server.hub.here { $0.signIn(socket, found.user, contacts: found.contacts) }
        } else {
            refuse()
        }
        link.resume()
        link.flush()
    }

    private func admit(_ holder: TokenSigner.Holder) {
        self.holder = holder
        server.sessions.saw(holder, address: "", agent: "", at: ServerClock.now())
        if let expiry = holder.expiresAt { extend(until: Timestamp(seconds: expiry)) }
    }

    /// Lets the connection last until this time at least.
    func extend(until expiry: Timestamp) {
        guard server.configuration.behaviour.realtime.endsWithToken else { return }
        // A token may live longer than the clock counts.
        let left = min(expiry.seconds - ServerClock.now().seconds, 1 << 32)
        let end = ServerClock.monotonic() + .seconds(left)
        tokenEnd = max(tokenEnd ?? end, end)
    }

    private func isTooSoon(_ user: UserID) -> Bool {
        (try? server.limits.take(.connections, account: user, isLocal: isLocal)) == nil
    }

    /// Ends the session because the database failed. The token may be valid, so the client should try again.
    private func failSigningIn(_ error: StoreError) {
        isSigningIn = false
        server.logFailure(error)
        end(.tryAgainLater, reason: "the database failed")
    }

    private func refuse() {
        // The real server sends DISCONNECT (41) before it refuses, as recorded. Clients accept both.
        perform(connection.perform { $0.refuse(message: "Connection rejected by server", leavesFirst: true) })
    }

    private func signOff() {
        guard user != nil else { return }
        let socket = socket
        server.hub.here { $0.signOff(socket) }
        user = nil
        holder = nil
        tokenEnd = nil
    }

    // MARK: Outgoing

    /// Queues a packet.
    ///
    /// - Returns: whether the caller must arrange for ``flush()`` to be called.
    func send(_ packet: EncodedPacket) -> Bool {
        // An audience contains only signed-in sockets, so the namespace is connected.
        guard user != nil, let link else { return false }
        link.transmit(EngineFrame(packet))
        server.traffic.packetsSent.add()
        guard !isTouched else { return false }
        isTouched = true
        return true
    }

    /// Writes the queued packets.
    func flush() {
        isTouched = false
        link?.flush()
    }

    // MARK: End

    /// Dismisses this connection, the oldest of an account that has too many.
    func makeRoom() { link?.dismiss() }

    /// Ends the session, because its user may no longer use the account. The next one is refused.
    func signOut() {
        guard user != nil else { return }
        end(.policyViolation, reason: "signed out by the server")
    }

    /// Ends the connection because what let the user in is no longer valid. The client is told why, and its
    /// namespace is disconnected, so that clients in browsers do not try again with the same token.
    func endSession(_ problem: RequestProblem) {
        guard user != nil, let link else { return }
        link.transmit(EngineFrame(ServerEvent.error(problem.message).packet()))
        perform(connection.perform { $0.disconnect() })
        link.flush()
        end(.policyViolation, reason: "the session has ended")
    }

    private func end(_ code: WebSocketCloseCode, reason: String = "") {
        user = nil
        holder = nil
        tokenEnd = nil
        link?.end(code: code, reason: reason)
        link = nil
        let socket = socket
        server.hub.here { $0.close(socket) }
    }
}
