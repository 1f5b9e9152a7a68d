/// An Engine.IO session and the Socket.IO session inside it, as one machine: frames of the transport on one side,
/// events on the other. It does no I/O and reads no clock.
public struct SocketConnection: Sendable {
    /// What the driver must do, and what has happened.
    public enum Action: Hashable, Sendable {
        /// Send this frame, in order.
        case transmit(EngineFrame)
        /// Client: the Engine.IO session is open, and `connect` may be called.
        case opened(EngineHandshake)
        /// An action of the Socket.IO session, other than `transmit` and `fail`.
        case session(SocketSession.Action)
        /// The connection is over: close the transport. Occurs once, last.
        case closed(SocketCloseReason)
    }

    public private(set) var engine: EngineSession
    public private(set) var session: SocketSession

    /// Combines two sessions of the same role that have not been started.
    public init(engine: EngineSession, session: SocketSession) {
        self.engine = engine
        self.session = session
    }

    /// A client.
    /// - Parameter openTimeout: How long the server may take to open the session.
    public static func client(
        policy: WirePolicy = .recorded, openTimeout: Duration = .seconds(20)
    ) -> SocketConnection {
        SocketConnection(
            engine: EngineSession(role: .client(openTimeout: openTimeout), policy: policy),
            session: SocketSession(role: .client, policy: policy))
    }

    /// A server that has the one namespace `/`.
    /// - Parameter connectTimeout: How long the client may take to connect to the namespace; nil for no limit.
    public static func server(
        _ handshake: EngineHandshake, policy: WirePolicy = .recorded, connectTimeout: Duration?
    ) -> SocketConnection {
        SocketConnection(
            engine: EngineSession(role: .server(handshake), policy: policy),
            session: SocketSession(
                role: .server(namespaces: ["/"], connectTimeout: connectTimeout), policy: policy))
    }

    /// Whether the connection is over.
    public var isClosed: Bool { engine.isClosed }

    /// When to call `tick` next; nil when there is no deadline.
    public var deadline: MonotonicInstant? {
        guard let engineDeadline = engine.deadline else { return nil }
        return session.deadline.map { min($0, engineDeadline) } ?? engineDeadline
    }

    /// Begins. Call it once, when the transport is open.
    public mutating func start(now: MonotonicInstant) -> [Action] {
        session.start(now: now)
        return carryOut(engine.start(now: now))
    }

    /// Takes a frame of text.
    public mutating func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) -> [Action] {
        carryOut(engine.receive(text: text, now: now))
    }

    /// Takes a binary frame.
    public mutating func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) -> [Action] {
        carryOut(engine.receive(binary: binary, now: now))
    }

    /// Takes a packet from a transport other than a websocket.
    public mutating func receive(_ packet: EnginePacket, now: MonotonicInstant) -> [Action] {
        carryOut(engine.receive(packet, now: now))
    }

    /// Does what is due. Calling it early has no effect.
    public mutating func tick(now: MonotonicInstant) -> [Action] {
        let actions = carryOut(engine.tick(now: now))
        return engine.isClosed ? actions : actions + carryOut(session.tick(now: now))
    }

    /// Sends a close packet and ends the connection.
    public mutating func close() -> [Action] { carryOut(engine.close()) }

    /// The transport is gone.
    public mutating func transportClosed() -> [Action] { carryOut(engine.transportClosed()) }

    /// Calls a method of the Socket.IO session that returns actions:
    ///
    /// connection.perform { $0.send(event.packet()) }
    public mutating func perform(_ body: (inout SocketSession) -> [SocketSession.Action]) -> [Action] {
        carryOut(body(&session))
    }

    /// Sends an event in the namespace `/` and requests its acknowledgement.
    /// - Returns: As `SocketSession.send(_:acknowledgedWithin:now:)`.
    public mutating func send(
        _ event: ClientEvent, acknowledgedWithin timeout: Duration, now: MonotonicInstant
    ) -> (id: UInt64, actions: [Action])? {
        guard engine.isOpen, let sent = session.send(event, acknowledgedWithin: timeout, now: now) else {
            return nil
        }
        return (sent.id, carryOut(sent.actions))
    }

    // MARK: - Steps

    private mutating func carryOut(_ actions: [EngineSession.Action]) -> [Action] {
        var result: [Action] = []
        result.reserveCapacity(actions.count)
        for action in actions {
            switch action {
            case .opened(let handshake): result.append(.opened(handshake))
            case .transmit(let frame): result.append(.transmit(frame))
            case .message(let message): result += carryOut(session.receive(message))
            case .closed(let reason): result += end(.engine(reason))
            }
        }
        return result
    }

    private mutating func carryOut(_ actions: [SocketSession.Action]) -> [Action] {
        var result: [Action] = []
        result.reserveCapacity(actions.count)
        for action in actions {
            switch action {
            case .transmit(let frame):
                if engine.isOpen { result.append(.transmit(frame)) }
            case .fail(let error):
                for case .transmit(let frame) in engine.close() { result.append(.transmit(frame)) }
                result += end(.session(error))
            default: result.append(.session(action))
            }
        }
        return result
    }

    private mutating func end(_ reason: SocketCloseReason) -> [Action] {
        session.engineClosed().map { .session($0) } + [.closed(reason)]
    }
}

/// Why a connection is over.
public enum SocketCloseReason: Hashable, Sendable {
    case engine(EngineCloseReason)
    /// The other side violated the Socket.IO protocol.
    case session(SocketError)

    /// The status of the matching websocket close frame (RFC 6455 section 7.4.1).
    public var webSocketCloseCode: UInt16 {
        switch self {
        case .engine(let reason): reason.webSocketCloseCode
        case .session: 1000
        }
    }
}
