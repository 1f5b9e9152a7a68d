import ChatWire

/// A WebSocket to a server, from its handshake to its end. It lives on its I/O thread.
///
/// One task takes events from ``incoming`` (or one by one with ``nextEvent()``). The client reads from the network
/// only on demand. So a slow consumer slows the peer down and costs no memory, but pings are answered only while
/// somebody takes events. When nobody refers to the client any more, the connection is closed at once.
public actor WebSocketClient {
    public nonisolated let thread: IOThread
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// The subprotocol that the server chose.
    public nonisolated let subprotocol: String?

    private let connection: Connection
    private let closeTimeout: Duration
    private var machine: WebSocketConnection

    /// Who reads from the connection.
    private enum Reader {
        case nobody
        /// A consumer of events. The first is resolved when it stops.
        case consumer(left: OneShot<Void>)
        /// ``close(code:reason:)``, in the consumer's place. Callers of ``nextEvent()`` wait for its end.
        case closing(waiters: [OneShot<Bool>])
    }
    private var reader = Reader.nobody
    /// What ``close(code:reason:)`` has read, for the consumer.
    private var undelivered: UndeliveredEvents
    private var hasEnded = false

    /// Why the connection was lost, if it was: more precise than the last event.
    public private(set) var failure: NetError?

    private init(
        connection: Connection, machine: WebSocketConnection, subprotocol: String?,
        configuration: NetConfiguration
    ) {
        thread = connection.thread
        self.connection = connection
        self.machine = machine
        self.subprotocol = subprotocol
        closeTimeout = configuration.timeouts.webSocketClose
        undelivered = UndeliveredEvents(limit: configuration.limits.receiveBuffer)
    }

    /// Connects to the server of `url` and completes the opening handshake.
    ///
    /// - Parameters:
    ///   - path: the request target, as ``ServerURL/webSocketTarget(sid:)`` makes it.
    ///   - headers: further fields of the request.
    /// - Throws: `.webSocketRefused` with the status when the server gives an ordinary response; redirects are not
    ///   followed.
    public static func connect(
        to url: ServerURL, path: String, headers: HTTPHeaders = HTTPHeaders(), subprotocols: [String] = [],
        configuration: NetConfiguration, thread: IOThread, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> WebSocketClient {
        let connection = try await ConnectionOpener(configuration: configuration, thread: thread).open(
            to: url)
        do throws(NetError) {
            let handshake = try makeHandshake(path, headers, subprotocols, endpoint: connection.endpoint)
            let (protocolName, leftover) = try await complete(
                handshake, on: connection, authority: url.hostHeader, configuration: configuration)
            var machine = WebSocketConnection(role: .client, limits: configuration.limits.webSocket)
            machine.receive(leftover)
            return WebSocketClient(
                connection: connection, machine: machine, subprotocol: protocolName,
                configuration: configuration)
        } catch {
            await connection.abort()
            throw error
        }
    }

    // MARK: - Receiving

    /// All events in order. Ends after `.close` or `.failure`, and when the consuming task is cancelled. There is
    /// effectively one stream: an event goes to one consumer only.
    public nonisolated var incoming: AsyncStream<WebSocketEvent> {
        AsyncStream(unfolding: { [self] in await nextEvent() })
    }

    /// The next event; `nil` after the last one, and when the task is cancelled. Only one task may wait at a time.
    public func nextEvent() async -> WebSocketEvent? {
        if case .closing(let waiters) = reader {
            let waiter = OneShot<Bool>()
            reader = .closing(waiters: waiters + [waiter])
            guard await waiter.value(ifCancelled: false) else { return nil }
        }
        if let event = undelivered.take() { return event }
        guard case .nobody = reader else { preconditionFailure("two tasks take events from one WebSocket") }
        let left = OneShot<Void>()
        reader = .consumer(left: left)
        defer {
            reader = .nobody
            left.resolve(())
        }
        return await takeEvent()
    }

    private func takeEvent() async -> WebSocketEvent? {
        while true {
            if let event = machine.nextEvent() {
                flush()
                if machine.transportAction != .keepOpen { end() }
                return event
            }
            guard machine.transportAction == .keepOpen else { return nil }
            do throws(NetError) {
                if let bytes = try await connection.read() {
                    machine.receive(bytes)
                } else {
                    machine.receiveEndOfInput()
                }
            } catch {
                if error == .cancelled && Task.isCancelled { return nil }
                failure = failure ?? error
                machine.receiveEndOfInput()
            }
        }
    }

    // MARK: - Sending

    /// Sends a text message of valid UTF-8. Waits while much is unsent; messages go out in the order of the calls.
    public func send(text: [UInt8]) async throws(NetError) {
        guard machine.send(text: text) else { throw failure ?? .closed(endpoint: connection.endpoint) }
        try await flushAndWait()
    }

    /// Sends a binary message, like ``send(text:)``.
    public func send(binary: [UInt8]) async throws(NetError) {
        guard machine.send(binary: binary) else { throw failure ?? .closed(endpoint: connection.endpoint) }
        try await flushAndWait()
    }

    /// Sends a ping with at most 125 bytes; its answer is an event.
    public func ping(_ payload: [UInt8] = []) async throws(NetError) {
        guard machine.ping(payload) else { throw failure ?? .closed(endpoint: connection.endpoint) }
        try await flushAndWait()
    }

    /// Closes the connection: sends a close frame, waits for the peer's (for the configured time), and releases the
    /// connection. The consumer still gets the events that arrive until then, including the peer's close.
    public func close(code: WebSocketCloseCode = .normal, reason: String = "") async {
        guard machine.close(code: code, reason: reason) else {
            end()
            return
        }
        flush()
        let timer = thread.schedule(after: closeTimeout) { self.assumeIsolated { $0.abandon() } }
        while !hasEnded && !Task.isCancelled {
            switch reader {
            case .consumer(let left):
                // The consumer reads. When it has its event or is cancelled, decide who is next.
                await left.value(ifCancelled: ())
            case .nobody: await drainEvents()
            case .closing: return
            }
        }
        timer.cancel()
        end()
    }

    /// Reads in the place of the consumer, which may be busy with an event or gone.
    private func drainEvents() async {
        reader = .closing(waiters: [])
        while let event = await takeEvent() {
            undelivered.add(event, isLast: machine.transportAction != .keepOpen)
        }
        guard case .closing(let waiters) = reader else { return }
        reader = .nobody
        for waiter in waiters { waiter.resolve(true) }
    }

    // MARK: - The connection beneath

    /// Hands the output over. Both actors run on one thread, so no other message can come between.
    private func flush() {
        let output = machine.takeOutput()
        guard !output.isEmpty else { return }
        let result = connection.assumeIsolated { connection in
            Result { () throws(NetError) in try connection.enqueue(output) }
        }
        if case .failure(let error) = result, failure == nil { failure = error }
    }

    private func flushAndWait() async throws(NetError) {
        flush()
        if let failure { throw failure }
        try await connection.waitForSpace()
    }

    /// The peer has not answered our close frame in time.
    private func abandon() {
        failure = failure ?? .timeout(phase: .close, endpoint: connection.endpoint)
        // A pending read notices this.
        connection.assumeIsolated { $0.abort() }
    }

    private func end() {
        connection.assumeIsolated { $0.close(patience: closeTimeout) }
        hasEnded = true
    }

    // MARK: - The opening handshake

    private static func makeHandshake(
        _ path: String, _ headers: HTTPHeaders, _ subprotocols: [String], endpoint: String
    ) throws(NetError) -> WebSocketClientHandshake {
        do {
            return try WebSocketClientHandshake(target: path, headers: headers, subprotocols: subprotocols)
        } catch {
            throw .webSocketHandshake(error, endpoint: endpoint)
        }
    }

    private static func complete(
        _ handshake: WebSocketClientHandshake, on connection: Connection, authority: String,
        configuration: NetConfiguration, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> (subprotocol: String?, leftover: [UInt8]) {
        let bytes: [UInt8]
        do {
            bytes = try handshake.request.serialized(authority: authority)
        } catch {
            throw .invalidRequest(error)
        }
        try await connection.send(bytes)
        let deadline = connection.thread.now + configuration.timeouts.webSocketHandshake
        var parser = HTTPResponseParser(method: .get, limits: configuration.limits.http)
        let response = try await readResponse(&parser, from: connection, until: deadline)
        do {
            return (try handshake.check(response), parser.takeLeftover())
        } catch .refused(let status) {
            throw .webSocketRefused(status: status, endpoint: connection.endpoint)
        } catch {
            throw .webSocketHandshake(error, endpoint: connection.endpoint)
        }
    }

    private static func readResponse(
        _ parser: inout HTTPResponseParser, from connection: Connection, until deadline: MonotonicInstant,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> HTTPResponse {
        while true {
            let bytes = try await connection.read(until: deadline, phase: .webSocketHandshake)
            if let response = try parser.advance(bytes, from: connection.endpoint) { return response }
        }
    }
}

/// Events that were read in the consumer's place, up to a sum of bytes. The last event is always kept.
private struct UndeliveredEvents {
    private let limit: Int
    private var events: [WebSocketEvent] = []
    private var length = 0

    init(limit: Int) { self.limit = limit }

    mutating func add(_ event: WebSocketEvent, isLast: Bool) {
        if case .text(let bytes) = event { length += bytes.count }
        if case .binary(let bytes) = event { length += bytes.count }
        if isLast || length <= limit { events.append(event) }
    }

    mutating func take() -> WebSocketEvent? { events.isEmpty ? nil : events.removeFirst() }
}
