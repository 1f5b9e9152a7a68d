import ChatNet
import ChatWire

/// Carries one link to the server: over a WebSocket, or over polling that may upgrade to one. It carries out the
/// decisions of ``EngineClientTransport``, and lives on the thread of its owner.
///
/// Messages are passed on in their text form, whatever the transport. Nothing that may have reached the server is
/// sent twice: a request that fails in transit ends the link.
package actor LinkTransport {
    /// An event of the link.
    package enum Event: Sendable {
        case text([UInt8])
        /// A proxy refused this text message with this status; the link continues.
        case refused([UInt8], status: Int)
        /// Everything goes over a WebSocket from now on. Occurs on links that began with polling.
        case upgraded
        /// The link is no longer usable. Occurs once, last, and not after ``close()``.
        case ended(LinkFailure)
    }

    package nonisolated let thread: IOThread
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// How long the last requests of a link may take.
    private static let farewellTimeout = Duration.seconds(2)

    private let server: ServerURL
    private let http: HTTPClient
    private let receiver: @Sendable (Event) -> Void
    private var machine: EngineClientTransport

    /// How far the link has come.
    private enum Life {
        /// Nothing has been heard from the server. Once a WebSocket has reached it, the timer runs.
        case opening(IOTimer?)
        case open
        /// The owner has closed it. The timer ends the last requests.
        case closing(IOTimer?)
        case ended
    }
    private var life = Life.opening(nil)

    private enum Socket {
        case none
        case opening(Task<Void, Never>)
        case open(Task<Void, Never>, SocketLane)
    }
    private var socket = Socket.none

    private var pollTask: Task<Void, Never>?
    private var postTask: Task<Void, Never>?
    private var timer: IOTimer?

    private var polls = 0
    /// How long the server may leave a GET unanswered: it must answer at each heartbeat.
    private var pollTimeout: Duration
    /// How long the server may take to open its session after it was reached.
    private let openTimeout: Duration
    /// Why the WebSocket or a request failed.
    private var failure: LinkFailure?
    /// The server's cookies: a load balancer finds the session by them.
    private var cookies = HTTPCookies()

    /// What is known about the upgrade to a WebSocket.
    enum Upgrade: Hashable, Sendable {
        case none
        /// It carries everything, but nothing has been received over it yet.
        case unproven
        case proven
    }
    private(set) var upgrade = Upgrade.none

    /// - Parameters:
    ///   - openTimeout: how long the server may take to open its session after it was reached.
    ///   - http: runs on the same thread as the owner; requests and the WebSocket use its configuration.
    ///   - receiver: called on the thread.
    package init(
        _ kind: LinkTransportKind, to server: ServerURL, http: HTTPClient, openTimeout: Duration,
        receiver: @escaping @Sendable (Event) -> Void
    ) {
        thread = http.thread
        self.server = server
        self.http = http
        self.receiver = receiver
        self.openTimeout = openTimeout
        pollTimeout = openTimeout
        switch kind {
        case .webSocket: machine = EngineClientTransport(.webSocket)
        case .polling: machine = EngineClientTransport(.polling(upgrades: true))
        case .pollingOnly: machine = EngineClientTransport(.polling(upgrades: false))
        }
    }

    private var isOver: Bool {
        switch life {
        case .opening, .open: false
        case .closing, .ended: true
        }
    }

    private var lane: SocketLane? {
        if case .open(_, let lane) = socket { lane } else { nil }
    }

    // MARK: - For the owner

    /// Whether everything now goes over a WebSocket.
    package var isWebSocket: Bool { machine.isWebSocket }

    /// Begins. Call it once.
    package func start() { perform(machine.begin()) }

    /// Sends a text message, after those before it.
    package func send(_ text: [UInt8]) { perform(machine.transmit(.text(text))) }

    /// Sends what waits, then closes.
    package func close() {
        guard !isOver else { return }
        enter(.closing(nil))
        perform(machine.end())
        guard postTask != nil else {
            pollTask?.cancel()
            return
        }
        // Aborting the GET ends the session on the server: do it only after the last POST.
        enter(
            .closing(
                thread.schedule(after: Self.farewellTimeout) { [weak self] in
                    self?.assumeIsolated { $0.cancelRequests() }
                }))
    }

    private func enter(_ next: Life) {
        switch life {
        case .opening(let timer), .closing(let timer): timer?.cancel()
        case .open, .ended: break
        }
        life = next
    }

    /// Returns when it is closed, after ``close()``.
    package func closed() async {
        while let task = postTask { await task.value }
        await lane?.closed()
    }

    // MARK: - What the machine wants done

    private func perform(_ actions: [EngineClientTransport.Action]) {
        for action in actions {
            switch action {
            case .openWebSocket(let sid): socket = .opening(Task { await self.runSocket(sid) })
            case .sendWebSocket(let frame):
                lane?.send(frame.bytes)
                if frame == EnginePacket.upgrade.frame { noteUpgrade() }
            case .closeWebSocket: closeSocket()
            case .poll(let sid): pollTask = Task { await self.poll(sid) }
            case .post(let sid, let body): postTask = Task { await self.post(body, sid) }
            case .deliver(let packet): deliver(packet)
            case .refused(let frame, let status):
                if !isOver { receiver(.refused(frame.bytes, status: status)) }
            case .lost(let loss): end(reason(loss))
            }
        }
        timer?.cancel()
        timer =
            isOver
            ? nil
            : machine.deadline.map { deadline in
                thread.schedule(at: deadline) { [weak self] in self?.assumeIsolated { $0.tick() } }
            }
    }

    private func noteUpgrade() {
        guard upgrade == .none, !isOver else { return }
        upgrade = .unproven
        receiver(.upgraded)
    }

    private func tick() { perform(machine.tick(now: MonotonicClock.now)) }

    private func deliver(_ packet: EnginePacket) {
        if case .open(let handshake) = packet {
            pollTimeout = handshake.pingInterval + handshake.pingTimeout
        }
        // No event of this API has attachments.
        if case .text(let text) = packet.frame { handOver(text) }
    }

    private func handOver(_ text: [UInt8]) {
        guard !isOver else { return }
        enter(.open)
        receiver(.text(text))
    }

    private func reason(_ loss: EngineClientTransport.Loss) -> LinkFailure {
        switch loss {
        case .webSocket, .request: failure ?? .closed(code: nil)
        case .status(let status): .network(.webSocketRefused(status: status, endpoint: server.hostHeader))
        case .payload(let error): .protocolViolation("\(error)")
        }
    }

    private func end(_ reason: LinkFailure) {
        guard !isOver else { return }
        enter(.ended)
        closeSocket()
        cancelRequests()
        receiver(.ended(reason))
    }

    // MARK: - The WebSocket

    /// Opens a WebSocket, as a new session or in the session `sid`, and reads it to its end.
    private func runSocket(_ sid: String?) async {
        let ending: LinkFailure
        do throws(NetError) {
            let client = try await WebSocketClient.connect(
                to: server, path: server.webSocketTarget(sid: sid), headers: cookieHeaders,
                configuration: http.configuration, thread: thread)
            guard !Task.isCancelled, case .opening(let task) = socket else { return await client.close() }
            socket = .open(task, SocketLane(client))
            perform(machine.webSocketOpened())
            if sid == nil { watchOpening() }
            ending = await readAll(from: client)
        } catch {
            ending = .network(error)
        }
        guard !Task.isCancelled else { return }
        lane?.finish()
        failure = ending
        perform(machine.webSocketClosed())
    }

    /// Takes messages until the end, and returns the reason for the end.
    private func readAll(from socket: WebSocketClient) async -> LinkFailure {
        while let event = await socket.nextEvent() {
            switch event {
            case .text(let text): received(text)
            case .binary, .ping, .pong: break
            case .close(let code, _): return .closed(code: code?.rawValue)
            case .failure: return .network(await socket.failure ?? .closed(endpoint: server.hostHeader))
            }
        }
        return .closed(code: nil)
    }

    private func received(_ text: [UInt8]) {
        if machine.isWebSocket {
            if upgrade == .unproven { upgrade = .proven }
            handOver(text)
        } else {
            // An invalid packet does not answer the probe either.
            perform(machine.receive((try? EnginePacket(text: text[...])) ?? .noop))
        }
    }

    /// Handles a server that was reached and stays silent.
    private func watchOpening() {
        guard case .opening = life else { return }
        enter(
            .opening(
                thread.schedule(after: openTimeout) { [weak self] in
                    self?.assumeIsolated { $0.end(.handshakeTimeout) }
                }))
    }

    private func closeSocket() {
        switch socket {
        case .none: break
        case .opening(let task): task.cancel()
        case .open(let task, let lane):
            task.cancel()
            lane.finish()
        }
    }

    // MARK: - The requests

    private func poll(_ sid: String?) async {
        let timeout = sid == nil ? openTimeout : pollTimeout
        let request = HTTPRequest(
            method: .get, target: server.pollingTarget(sid: sid, stamp: nextStamp()), headers: cookieHeaders)
        do throws(NetError) {
            let response = try await http.execute(
                request, at: server, answeredWithin: timeout, isRepeatable: false, staysAtOrigin: true)
            keepCookies(of: response)
            perform(
                machine.pollAnswered(
                    status: response.status, body: response.body[...], now: MonotonicClock.now))
        } catch {
            requestFailed(error)
        }
    }

    /// Gives each GET a unique address, so that no cache on the way answers it.
    private func nextStamp() -> String {
        polls += 1
        return String(UInt64(bitPattern: Moment.now.wall.microseconds), radix: 36) + "."
            + String(polls, radix: 36)
    }

    private func post(_ body: [UInt8], _ sid: String) async {
        var request = HTTPRequest(
            method: .post, target: server.pollingTarget(sid: sid), headers: cookieHeaders, body: body)
        // A constant with valid syntax.
        try? request.headers.add("Content-Type", "text/plain;charset=UTF-8")
        do throws(NetError) {
            let response = try await http.execute(request, at: server, staysAtOrigin: true)
            keepCookies(of: response)
            // A caller that waits for the end finds the next request here, or none.
            postTask = nil
            perform(machine.postAnswered(status: response.status, body: response.body))
        } catch {
            postTask = nil
            requestFailed(error)
        }
        if isOver && postTask == nil { cancelRequests() }
    }

    private var cookieHeaders: HTTPHeaders {
        var headers = HTTPHeaders()
        // Stored cookies are always valid in a field.
        if let field = cookies.field { try? headers.add("Cookie", field) }
        return headers
    }

    private func keepCookies(of response: HTTPResponse) {
        let path = server.pollingTarget().prefix { $0 != "?" }
        cookies.receive(
            response.headers, path: String(path), isSecure: server.scheme == .https, at: Moment.now.wall)
    }

    private func requestFailed(_ error: NetError) {
        failure = .network(error)
        perform(machine.requestFailed())
    }

    private func cancelRequests() {
        pollTask?.cancel()
        postTask?.cancel()
        if case .closing = life { enter(.ended) }
    }
}
