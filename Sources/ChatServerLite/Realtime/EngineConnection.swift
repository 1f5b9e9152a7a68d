import ChatWire
import NIOCore

/// One Engine.IO session with its transports: a websocket, polling, or polling that upgrades to a websocket.
///
/// It carries out the decisions of `EngineServerTransport`. It lives on the event loop of its sockets.
package final class EngineConnection: WebSocketUser {
    typealias Answer = (RouteResponse) -> Void

    let sid: String
    /// Whether nobody has signed in yet.
    var isStranger = true
    private let endpoint: any EngineEndpoint
    private let behaviour: ServerBehaviour.Realtime
    private let sessions: EngineSessions
    private let eventLoop: any EventLoop
    private var transport: EngineServerTransport
    /// The session's websocket, and the websocket of an upgrade in progress.
    private var webSocket: WebSocketHandler?
    private var candidate: WebSocketHandler?
    private var openPoll: Answer?
    private var newPoll: Answer?
    private var openPost: Answer?
    /// The actions that wait until the endpoint is no longer busy: the rest of a POST.
    private var held: [EngineServerTransport.Action] = []
    private var closing: (code: WebSocketCloseCode, reason: String) = (.normal, "")
    private var isOver = false
    private let maxPayload: Int
    private let backlogs: ByteBudget<UserID>?
    /// The bytes queued for a polling client, as last counted for its account.
    private var counted = (bytes: 0, account: UserID(0))
    /// The deadline for the next GET of a client whose last GET was answered because it had closed its
    /// sending side; nil for other clients.
    private var returnBy: MonotonicInstant?

    /// How long such a client may take to come back.
    private static let returnTime = Duration.seconds(5)

    /// How late a tick may be without postponing the next deadline.
    private static let lateness = Duration.milliseconds(100)

    init(
        sid: String, transport: EngineServerTransport, endpoint: any EngineEndpoint,
        sessions: EngineSessions, eventLoop: any EventLoop, maxPayload: Int, backlogs: ByteBudget<UserID>?,
        behaviour: ServerBehaviour.Realtime
    ) {
        self.maxPayload = maxPayload
        self.backlogs = backlogs
        self.behaviour = behaviour
        self.sid = sid
        self.transport = transport
        self.endpoint = endpoint
        self.sessions = sessions
        self.eventLoop = eventLoop
    }

    // MARK: Calls of the endpoint

    /// Sends a frame. With polling it goes out at once if a GET waits, otherwise with the next GET. A
    /// websocket sends it at the next ``flush()``.
    package func transmit(_ frame: EngineFrame) {
        // Nearly all frames take this path, which avoids making a list of actions.
        if transport.isWebSocket {
            webSocket?.send(frame)
        } else {
            carryOut(transport.transmit(frame))
            count()
        }
    }

    /// Whether somebody has signed in, or is signing in with a well-formed token.
    var isAdmitted: Bool { endpoint.account != nil || endpoint.isBusy }

    /// Allows long messages from now on, because somebody has signed in.
    func admitted() {
        guard let account = endpoint.account else { return }
        webSocket?.admit(account, messageLength: maxPayload)
        sessions.settle(self)
    }

    /// Counts the bytes queued for a polling client. The session is lost when they exceed the budget.
    private func count() {
        guard let backlogs else { return }
        let bytes = isOver ? 0 : transport.queuedBytes
        guard bytes != counted.bytes else { return }
        backlogs.give(counted.bytes, of: counted.account)
        counted = (bytes, endpoint.account ?? UserID(0))
        if backlogs.take(bytes, for: counted.account) { return }
        counted.bytes = 0
        carryOut(transport.end() + [.lost])
    }

    /// Writes the queued frames.
    package func flush() {
        webSocket?.flush()
        candidate?.flush()
    }

    /// Ends the session. The endpoint gets no further calls.
    package func end(code: WebSocketCloseCode, reason: String = "") {
        guard !isOver else { return }
        isOver = true
        sessions.remove(self)
        if closing.code == .normal { closing = (code, reason) }
        carryOut(transport.end())
        if !held.isEmpty { answerPost(Self.refused) }
        held = []
        count()
    }

    /// Continues after the endpoint was busy.
    package func resume() {
        let actions = held
        held = []
        carryOut(actions)
        endpoint.burstEnded()
        if !isPaused { webSocket?.resume() }
    }

    private var isPaused: Bool { endpoint.isBusy || !held.isEmpty }

    // MARK: Requests

    /// Begins the session. With polling, `answer` answers the first GET.
    func open(answer: Answer? = nil) {
        let now = ServerClock.monotonic()
        if let answer { poll(answer) }
        endpoint.open(on: self, now: now)
        endpoint.burstEnded()
    }

    /// Handles a GET. `answer` is called once, now or later.
    func poll(_ answer: @escaping Answer) {
        returnBy = nil
        defer { count() }
        let actions = transport.pollRequested()
        if actions.contains(.rejectPoll) { newPoll = answer } else { openPoll = answer }
        carryOut(actions)
    }

    /// Handles the loss of the connection whose GET is waiting.
    func pollAborted() {
        openPoll = nil
        carryOut(transport.pollAborted())
    }

    /// Answers the waiting GET because its client has closed its sending side. If the client is gone
    /// altogether, no further GET comes in time and the session is lost.
    func pollEnded() {
        guard openPoll != nil else { return }
        returnBy = ServerClock.monotonic() + Self.returnTime
        carryOut(transport.releasePoll())
        count()
    }

    /// Handles a POST. It is answered once all its packets have been delivered.
    func post(_ body: [UInt8], _ answer: @escaping Answer) {
        guard openPost == nil else {
            answer(Self.refused)
            return carryOut(transport.end() + [.lost])
        }
        if returnBy != nil { returnBy = ServerClock.monotonic() + Self.returnTime }
        openPost = answer
        carryOut(transport.posted(body[...]))
        endpoint.burstEnded()
    }

    /// Dismisses the session, because too many sessions have nobody signed in.
    func dismiss() {
        closing = (.tryAgainLater, "too many connections")
        lose()
    }

    /// Ends the session because the server is stopping.
    func goAway() {
        closing = (.goingAway, "the server is stopping")
        if !transport.isWebSocket { carryOut(transport.transmit(EnginePacket.close.frame)) }
        endpoint.transportClosed()
    }

    /// Does everything that is due at `now`.
    func tick(now: MonotonicInstant) {
        carryOut(transport.tick(now: now))
        if let returnBy, returnBy <= now {
            self.returnBy = nil
            carryOut(transport.end() + [.lost])
        }
        // The next deadline counts from this one, so that small delays don't add up. After a long stall it
        // counts from now, because the peer must get its full time.
        while !isOver, let deadline = endpoint.deadline, deadline <= now {
            endpoint.tick(now: now - deadline < Self.lateness ? deadline : now)
        }
        flush()
    }

    // MARK: Websockets

    package func webSocketOpened(_ webSocket: WebSocketHandler) {
        if transport.isWebSocket, self.webSocket == nil, !isOver {
            self.webSocket = webSocket
            return open()
        }
        let actions = transport.webSocketOpened(now: ServerClock.monotonic())
        guard actions.isEmpty, !isOver else { return webSocket.close() }
        candidate = webSocket
    }

    package func webSocket(_ webSocket: WebSocketHandler, received event: WebSocketEvent) {
        guard webSocket === self.webSocket else {
            if webSocket === candidate { receive(event, fromCandidate: webSocket) }
            return
        }
        let now = ServerClock.monotonic()
        switch event {
        case .text(let bytes): endpoint.receive(text: bytes[...], now: now)
        case .binary(let bytes): endpoint.receive(binary: bytes[...], now: now)
        case .ping, .pong: break
        case .close, .failure: carryOut(transport.webSocketClosed())
        }
        if isPaused { webSocket.hold() }
    }

    private func receive(_ event: WebSocketEvent, fromCandidate webSocket: WebSocketHandler) {
        let packet: EnginePacket
        switch event {
        // An unreadable packet is neither the probe nor the upgrade, so it ends the attempt like any other
        // packet.
        case .text(let bytes): packet = (try? EnginePacket(text: bytes[...])) ?? .noop
        case .binary(let bytes): packet = .message(.binary(bytes[...]))
        case .ping, .pong: return
        case .close, .failure: return webSocketEnded(webSocket)
        }
        let actions = transport.receive(packet)
        if transport.isWebSocket {
            self.webSocket = webSocket
            returnBy = nil
            candidate = nil
            if let account = endpoint.account { webSocket.admit(account, messageLength: maxPayload) }
            if isPaused { webSocket.hold() }
        }
        carryOut(actions)
        count()
    }

    package func webSocketBurstEnded(_ webSocket: WebSocketHandler) {
        if webSocket === self.webSocket { endpoint.burstEnded() }
    }

    package func webSocketEnded(_ webSocket: WebSocketHandler) {
        if webSocket === self.webSocket {
            self.webSocket = nil
        } else if webSocket === candidate {
            candidate = nil
        } else {
            return
        }
        carryOut(transport.webSocketClosed())
    }

    package func serverStops(_ webSocket: WebSocketHandler) {
        if webSocket === self.webSocket { goAway() } else { webSocket.close(.goingAway) }
    }

    // MARK: Actions

    private func carryOut(_ actions: [EngineServerTransport.Action]) {
        var rest = actions[...]
        while let action = rest.first {
            if case .deliver = action, endpoint.isBusy {
                held += rest
                return
            }
            rest.removeFirst()
            carryOut(action)
        }
    }

    private func carryOut(_ action: EngineServerTransport.Action) {
        switch action {
        case .answerPoll(let body):
            let answer = openPoll
            openPoll = nil
            answer?(Self.payload(body))
        case .rejectPoll:
            let answer = newPoll
            newPoll = nil
            answer?(EngineGateway.refusal("Unexpected HTTP request"))
        case .acceptPost: answerPost(accepted)
        case .rejectPost: answerPost(Self.refused)
        case .sendWebSocket(let frame): (webSocket ?? candidate)?.send(frame)
        case .closeWebSocket:
            webSocket?.close(closing.code, reason: closing.reason)
            candidate?.close()
            candidate = nil
        // `webSocketOpened` closes the rejected websocket itself.
        case .rejectWebSocket: break
        case .deliver(let packet): if !isOver { endpoint.receive(packet, now: ServerClock.monotonic()) }
        case .lost: lose()
        }
    }

    /// Ends the endpoint in a later turn of the event loop, because the caller may be in the middle of
    /// sending to an audience.
    private func lose() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute {
            if !bound.value.isOver { bound.value.endpoint.transportClosed() }
        }
    }

    private func answerPost(_ response: RouteResponse) {
        let answer = openPost
        openPost = nil
        answer?(response)
    }

    private static func payload(_ body: [UInt8]) -> RouteResponse {
        var response = RouteResponse(status: 200, body: body)
        response.contentType = "text/plain; charset=UTF-8"
        response.crossOrigin = .engine
        return response
    }

    /// The answer to an accepted POST: the protocol's "ok", or the real server's "OK".
    private var accepted: RouteResponse {
        guard behaviour.acceptsPostsInCapitals else { return Self.payload(Array("ok".utf8)) }
        var response = Self.payload(Array("OK".utf8))
        response.contentType = "text/plain"
        return response
    }

    private static var refused: RouteResponse { EngineGateway.refusal("Invalid session") }
}
