import ChatWire

/// One realtime link as the chat sees it: it presents the token, passes events both ways, and reports the end once
/// with its reason. Sans-IO: the owner carries text messages between it and a WebSocket.
///
/// start ──► Engine.IO open ──► connect with the token ──► connected ──► events … failed
///                                                        └──► refused (the socket stays open: close it)
struct RealtimeSession: Sendable {
    enum Action: Equatable, Sendable {
        /// Send this as one text message.
        case send([UInt8])
        /// The server has accepted the token. Occurs once.
        case connected
        case event(ServerEvent)
        /// The server has handled the event with this id.
        case acknowledged(UInt64, SendAcknowledgement)
        /// The server has not acknowledged the event with this id in time; later answers to it are ignored.
        case unacknowledged(UInt64)
        /// The server does not accept the token, in its words; nothing else follows.
        case refused(String)
        /// The link is no longer usable: close it. Occurs once, last.
        case failed(LinkFailure)
    }

    /// Longer than the outbox waits, so that the outbox's own deadline decides.
    static let acknowledgementTimeout = Duration.seconds(60)

    private let token: String
    private let timeout: Duration
    private var connection: SocketConnection
    private var isOver = false
    /// The time of the last call; acknowledgements are timed from it.
    private var now: MonotonicInstant

    /// - Parameter timeout: how long the server may take to open its session, and again to answer the token: it never
    ///   answers some tokens.
    init(token: String, timeout: Duration = .seconds(15), at now: MonotonicInstant) {
        self.token = token
        self.timeout = timeout
        connection = .client(openTimeout: timeout)
        self.now = now
    }

    /// The WebSocket is open. Call it once.
    mutating func start() -> [Action] { translate(connection.start(now: now)) }

    /// A text message has arrived.
    mutating func receive(_ text: [UInt8], at now: MonotonicInstant) -> [Action] {
        self.now = now
        guard !isOver else { return [] }
        return translate(connection.receive(text: text[...], now: now))
    }

    mutating func tick(at now: MonotonicInstant) -> [Action] {
        self.now = now
        guard !isOver else { return [] }
        return translate(connection.tick(now: now))
    }

    var deadline: MonotonicInstant? { isOver ? nil : connection.deadline }

    /// The event as a text message, and the id of the acknowledgement that it requests. Nothing is sent before
    /// `connected`.
    mutating func emit(_ event: ClientEvent, acknowledged: Bool) -> (id: UInt64?, actions: [Action]) {
        guard !isOver else { return (nil, []) }
        if acknowledged {
            guard let sent = connection.send(event, acknowledgedWithin: Self.acknowledgementTimeout, now: now)
            else { return (nil, []) }
            return (sent.id, translate(sent.actions))
        }
        return (nil, translate(connection.perform { $0.send(event.packet()) }))
    }

    /// Disconnects; the actions contain what is still to be sent.
    mutating func close() -> [Action] {
        guard !isOver else { return [] }
        let farewell = translate(connection.perform { $0.disconnect() }) + translate(connection.close())
        isOver = true
        return farewell.filter { if case .send = $0 { true } else { false } }
    }

    // MARK: Steps

    private mutating func translate(_ actions: [SocketConnection.Action]) -> [Action] {
        var result: [Action] = []
        // The end of the connection also ends its session: the connection's reason is the true one.
        let isClosing = actions.contains { if case .closed = $0 { true } else { false } }
        for action in actions {
            switch action {
            case .session(.disconnected) where isClosing: break
            case .transmit(.text(let text)): result.append(.send(text))
            // No event of this API has attachments, so nothing binary is ever sent.
            case .transmit(.binary): break
            case .opened:
                result += translate(
                    connection.perform { [token, timeout, now] in
                        $0.connect(
                            auth: ConnectAuthorization.payload(token: token), timeout: timeout, now: now)
                    })
            case .session(let action): result += translate(action)
            case .closed(let reason): result += end(.failed(Self.failure(reason)))
            }
        }
        return result
    }

    private mutating func translate(_ action: SocketSession.Action) -> [Action] {
        switch action {
        case .connected: return [.connected]
        case .refused(_, let refusal): return end(.refused(refusal.message))
        case .connectTimedOut: return end(.failed(.handshakeTimeout))
        case .disconnected: return end(.failed(.closed(code: nil)))
        case .event(let event):
            // An unknown or malformed event is no reason to drop the link.
            guard let event = try? ServerEvent.decode(event.payload) else { return [] }
            return [.event(event)]
        case .acknowledged(_, let id, let payload, _):
            return [.acknowledged(id, (try? SendAcknowledgement.decode(payload)) ?? .handled)]
        case .acknowledgementTimedOut(_, let id): return [.unacknowledged(id)]
        case .transmit, .connectRequested, .fail: return []
        }
    }

    private mutating func end(_ action: Action) -> [Action] {
        guard !isOver else { return [] }
        isOver = true
        return [action]
    }

    private static func failure(_ reason: SocketCloseReason) -> LinkFailure {
        switch reason {
        case .engine(.local), .engine(.peer), .engine(.transport): .closed(code: nil)
        case .engine(.openTimeout): .handshakeTimeout
        case .engine(.heartbeatTimeout): .silence
        case .engine(.violation(let error)): .protocolViolation("\(error)")
        case .session(let error): .protocolViolation("\(error)")
        }
    }
}
