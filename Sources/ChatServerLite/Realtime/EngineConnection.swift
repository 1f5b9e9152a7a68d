import ChatWire
import NIOCore

/// One session of Engine.IO with its transports: a websocket, polling, or polling that becomes a websocket.
///
/// It carries out what `EngineServerTransport` decides, and lives on the event loop of its sockets.
package final class EngineConnection: WebSocketUser {
    typealias Answer = (RouteResponse) -> Void

    let sid: String
    /// Nobody has signed in since it began.
    var isStranger = true
    private let endpoint: any EngineEndpoint
    private let behaviour: ServerBehaviour.Realtime
    private let sessions: EngineSessions
    private let eventLoop: any EventLoop
    private var transport: EngineServerTransport
    /// The session's websocket, and one that wants to become it.
    private var webSocket: WebSocketHandler?
    private var candidate: WebSocketHandler?
    private var openPoll: Answer?
    private var newPoll: Answer?
    private var openPost: Answer?
    /// What waits until the endpoint is no longer busy: the rest of a POST.
    private var held: [EngineServerTransport.Action] = []
    private var closing: (code: WebSocketCloseCode, reason: String) = (.normal, "")
    private var isOver = false
    private let maxPayload: Int
    private let backlogs: ByteBudget<UserID>?
    /// What waits for a client that polls, as counted for its account.
    private var counted = (bytes: 0, account: UserID(0))
    /// Until when a client must come again whose GET was answered since it had closed its sending side.
    private var returnBy: MonotonicInstant?

    /// How long such a client may take.
    private static let returnTime = Duration.seconds(5)

    /// How late what is due may be done without changing what is due next.
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

    // MARK: For the endpoint

    /// Sends a frame, now or with the next GET. On a websocket it waits for ``flush()``.
    package func transmit(_ frame: EngineFrame) {
        // The way of nearly all frames, without the list of one action.
        if transport.isWebSocket {
            webSocket?.send(frame)
        } else {
            carryOut(transport.transmit(frame))
            count()
        }
    }

    /// Whether somebody has signed in, or is signing in with a token that is in order.
    var isAdmitted: Bool { endpoint.account != nil || endpoint.isBusy }

    /// Somebody has signed in: from now on messages may be long.
    func admitted() {
        guard let account = endpoint.account else { return }
        webSocket?.admit(account, messageLength: maxPayload)
        sessions.settle(self)
    }

    /// Counts what waits for a client that polls; one for which too much does is lost.
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

    package func flush() {
        webSocket?.flush()
        candidate?.flush()
    }

    /// The session is over. The endpoint is told nothing any more.
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

    /// The endpoint is no longer busy.
    package func resume() {
        let actions = held
        held = []
        carryOut(actions)
        endpoint.burstEnded()
        if !isPaused { webSocket?.resume() }
    }

    private var isPaused: Bool { endpoint.isBusy || !held.isEmpty }

    // MARK: Requests

    /// Begins, and lets a session over polling answer its first GET.
    func open(answer: Answer? = nil) {
        let now = ServerClock.monotonic()
        if let answer { poll(answer) }
        endpoint.open(on: self, now: now)
        endpoint.burstEnded()
    }

    /// A GET has come. It is answered once, now or later.
    func poll(_ answer: @escaping Answer) {
        returnBy = nil
        defer { count() }
        let actions = transport.pollRequested()
        if actions.contains(.rejectPoll) { newPoll = answer } else { openPoll = answer }
        carryOut(actions)
    }

    /// The GET that waits will not be read any more.
    func pollAborted() {
        openPoll = nil
        carryOut(transport.pollAborted())
    }

    /// The client of the GET that waits has closed its sending side. That is answered, and should it be gone
    /// altogether, it will not come again.
    func pollEnded() {
        guard openPoll != nil else { return }
        returnBy = ServerClock.monotonic() + Self.returnTime
        carryOut(transport.releasePoll())
        count()
    }

    /// A POST has come. It is answered when all of it has been told.
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

    /// There are too many sessions of strangers.
    func dismiss() {
        closing = (.tryAgainLater, "too many connections")
        lose()
    }

    /// The server stops.
    func goAway() {
        closing = (.goingAway, "the server is stopping")
        if !transport.isWebSocket { carryOut(transport.transmit(EnginePacket.close.frame)) }
        endpoint.transportClosed()
    }

    /// Does what is due.
    func tick(now: MonotonicInstant) {
        carryOut(transport.tick(now: now))
        if let returnBy, returnBy <= now {
            self.returnBy = nil
            carryOut(transport.end() + [.lost])
        }
        // What follows counts from when this was due, so that being a little late does not add up. After
        // a long stall it counts from now: the peer must have its time.
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
        // What can't be read is neither the probe nor the upgrade, and ends the attempt as any other packet.
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
        // Done where it is opened.
        case .rejectWebSocket: break
        case .deliver(let packet): if !isOver { endpoint.receive(packet, now: ServerClock.monotonic()) }
        case .lost: lose()
        }
    }

    /// Ends the endpoint in a turn of its own: who has just sent may be in the midst of an audience.
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

    /// The protocol's "ok" in the real server's letters, for who plays it.
    private var accepted: RouteResponse {
        guard behaviour.acceptsPostsInCapitals else { return Self.payload(Array("ok".utf8)) }
        var response = Self.payload(Array("OK".utf8))
        response.contentType = "text/plain"
        return response
    }

    private static var refused: RouteResponse { EngineGateway.refusal("Invalid session") }
}
