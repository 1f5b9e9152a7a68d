/// One Engine.IO session: opening, heartbeat, messages, closing. It does no I/O and reads no clock.
///
/// Frames come in by `receive`, time by `tick`, and every call returns what is to be done, in order.
/// The owner carries the frames over whatever transport the session has: a session does not know
/// whether that is a websocket, polling, or one becoming the other (`EnginePollingServer` and
/// `EngineClientTransport` see to that).
///
///     client   awaitingOpen ──"0{…}"──► open ──► closed
///     server   start() ───────────────► open ──► closed
///
/// In version 4 the server pings. It closes when no pong comes within `pingTimeout`; the client
/// closes when no ping comes within `pingInterval` + `pingTimeout`. Whatever reaches a closed
/// session is late, and ignored.
public struct EngineSession: Sendable {
    /// Which side this is.
    public enum Role: Hashable, Sendable {
        /// - openTimeout: How long the server may take to open the session.
        case client(openTimeout: Duration)
        case server(EngineHandshake)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// The session is open. Comes once, to clients only.
        case opened(EngineHandshake)
        /// Send this to the other side.
        case transmit(EngineFrame)
        /// The other side has sent this.
        case message(EngineMessage)
        /// The session is over: close the transport. Comes once, last.
        case closed(EngineCloseReason)
    }

    private enum State: Hashable, Sendable {
        case idle
        case awaitingOpen(until: MonotonicInstant)
        case open(EngineHandshake, Heartbeat)
        case closed
    }

    /// What happens when time passes without a word.
    private enum Heartbeat: Hashable, Sendable {
        /// Server: the next ping is due.
        case pingDue(MonotonicInstant)
        /// Server: a ping is out, its pong is due.
        case pongDue(MonotonicInstant)
        /// Client: the next ping of the server is due.
        case peerDue(MonotonicInstant)

        var deadline: MonotonicInstant {
            switch self {
            case .pingDue(let instant), .pongDue(let instant), .peerDue(let instant): instant
            }
        }
    }

    private let role: Role
    private let policy: WirePolicy
    private var state = State.idle

    /// A session that waits for `start`.
    public init(role: Role, policy: WirePolicy = .recorded) {
        self.role = role
        self.policy = policy
    }

    /// Whether messages go through.
    public var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    /// Whether the session is over.
    public var isClosed: Bool { state == .closed }

    /// What the session was opened with; nil before that and after the end.
    public var handshake: EngineHandshake? {
        guard case .open(let handshake, _) = state else { return nil }
        return handshake
    }

    /// When `tick` is wanted next; nil when time does not matter.
    public var deadline: MonotonicInstant? {
        switch state {
        case .idle, .closed: nil
        case .awaitingOpen(let instant): instant
        case .open(_, let heartbeat): heartbeat.deadline
        }
    }

    /// Begins. To be called once, when the transport is there; a server sends its handshake.
    public mutating func start(now: MonotonicInstant) -> [Action] {
        guard state == .idle else { return [] }
        switch role {
        case .client(let openTimeout):
            state = .awaitingOpen(until: now + openTimeout)
            return []
        case .server(let handshake):
            state = .open(handshake, .pingDue(now + handshake.pingInterval))
            return [.transmit(EnginePacket.open(handshake).frame)]
        }
    }

    // MARK: - What comes in

    /// Takes a frame in the text form.
    public mutating func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) -> [Action] {
        if let tooBig = tooBig(text.count) { return tooBig }
        do throws(EngineError) {
            return receive(try EnginePacket(text: text), now: now)
        } catch {
            return violation(error)
        }
    }

    /// Takes a binary message.
    public mutating func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) -> [Action] {
        tooBig(binary.count) ?? receive(.message(.binary(binary)), now: now)
    }

    /// Takes a packet that has been decoded and whose size has been looked at.
    public mutating func receive(_ packet: EnginePacket, now: MonotonicInstant) -> [Action] {
        switch state {
        case .idle, .closed: return []
        case .awaitingOpen: return receiveFirst(packet, now: now)
        case .open(let handshake, let heartbeat):
            return receive(packet, in: handshake, heartbeat, now: now)
        }
    }

    private mutating func receiveFirst(_ packet: EnginePacket, now: MonotonicInstant) -> [Action] {
        switch packet {
        case .open(let handshake):
            state = .open(handshake, .peerDue(now + handshake.pingInterval + handshake.pingTimeout))
            return [.opened(handshake)]
        case .close: return end(.peer)
        // Nothing else has a meaning yet.
        case .ping, .pong, .message, .upgrade, .noop: return []
        }
    }

    private mutating func receive(
        _ packet: EnginePacket, in handshake: EngineHandshake, _ heartbeat: Heartbeat, now: MonotonicInstant
    ) -> [Action] {
        switch (packet, heartbeat) {
        case (.message(let message), _):
            return [.message(message)]
        case (.close, _):
            return end(.peer)
        case (.ping(let data), .peerDue):
            state = .open(handshake, .peerDue(now + handshake.pingInterval + handshake.pingTimeout))
            return [.transmit(EnginePacket.pong(data).frame)]
        case (.pong, .pongDue):
            state = .open(handshake, .pingDue(now + handshake.pingInterval))
            return []
        case (.ping, _), (.pong, .peerDue):
            return policy == .strict ? violation(.wrongHeartbeatDirection) : []
        // A pong that was not asked for, a second open, the remains of an upgrade.
        case (.pong, _), (.open, _), (.upgrade, _), (.noop, _):
            return []
        }
    }

    // MARK: - What goes out

    /// Sends a frame; nothing happens before the session is open and after its end.
    public mutating func send(_ frame: EngineFrame) -> [Action] {
        isOpen ? [.transmit(frame)] : []
    }

    /// Sends a packet that was encoded before; nothing happens before the session is open and
    /// after its end.
    public mutating func send(_ packet: EncodedPacket) -> [Action] { send(EngineFrame(packet)) }

    /// Says goodbye and ends.
    public mutating func close() -> [Action] {
        switch state {
        case .closed: return []
        case .idle, .awaitingOpen: return end(.local)
        case .open: return [.transmit(EnginePacket.close.frame)] + end(.local)
        }
    }

    /// The transport is gone.
    public mutating func transportClosed() -> [Action] {
        state == .closed ? [] : end(.transport)
    }

    // MARK: - Time

    /// Does what is due. Calling it early does nothing.
    public mutating func tick(now: MonotonicInstant) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        switch state {
        case .idle, .closed: return []
        case .awaitingOpen: return end(.openTimeout)
        case .open(let handshake, .pingDue):
            state = .open(handshake, .pongDue(now + handshake.pingTimeout))
            return [.transmit(EnginePacket.ping([]).frame)]
        case .open(_, .pongDue), .open(_, .peerDue): return end(.heartbeatTimeout)
        }
    }

    // MARK: - Ending

    private mutating func end(_ reason: EngineCloseReason) -> [Action] {
        state = .closed
        return [.closed(reason)]
    }

    /// Without a limit of its own the client holds the server to the limit that the server set.
    private mutating func tooBig(_ length: Int) -> [Action]? {
        guard case .open(let handshake, _) = state, length > handshake.maxPayload else { return nil }
        return end(.violation(.tooBig(length: length, limit: handshake.maxPayload)))
    }

    private mutating func violation(_ error: EngineError) -> [Action] {
        switch state {
        case .idle, .closed: []
        // Without a handshake there is no session to go on with.
        case .awaitingOpen: end(.violation(error))
        case .open: policy == .strict ? end(.violation(error)) : []
        }
    }
}
