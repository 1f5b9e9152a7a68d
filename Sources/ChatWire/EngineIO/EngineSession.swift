/// One Engine.IO session: opening, heartbeat, messages, closing. It does no I/O and reads no clock.
///
/// Frames arrive through `receive`, time through `tick`, and every call returns what to do, in order. The owner
/// carries the frames over the session's transport. The session does not know whether that is a websocket, polling,
/// or an upgrade from one to the other: `EngineServerTransport` and `EngineClientTransport` handle that.
///
/// client   awaitingOpen ──"0{…}"──► open ──► closed server   start() ───────────────► open ──► closed
///
/// In version 4 the server pings. It closes when no pong arrives within `pingTimeout`. The client closes when no ping
/// arrives within `pingInterval` + `pingTimeout`. A closed session ignores everything that arrives late.
public struct EngineSession: Sendable {
    /// Which side this is.
    public enum Role: Hashable, Sendable {
        /// - openTimeout: How long the server may take to open the session.
        case client(openTimeout: Duration)
        case server(EngineHandshake)
    }

    /// What the owner must do.
    public enum Action: Hashable, Sendable {
        /// The session is open. Occurs once, on clients only.
        case opened(EngineHandshake)
        /// Send this to the other side.
        case transmit(EngineFrame)
        /// The other side has sent this.
        case message(EngineMessage)
        /// The session is over: close the transport. Occurs once, last.
        case closed(EngineCloseReason)
    }

    private enum State: Hashable, Sendable {
        case idle
        case awaitingOpen(until: MonotonicInstant)
        case open(EngineHandshake, Heartbeat)
        case closed
    }

    /// What happens when time passes in silence.
    private enum Heartbeat: Hashable, Sendable {
        /// Server: the next ping is due.
        case pingDue(MonotonicInstant)
        /// Server: a ping is out, its pong is due.
        case pongDue(MonotonicInstant)
        /// Client: the server's next ping is due.
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

    /// Whether messages can be sent and received.
    public var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    /// Whether the session is over.
    public var isClosed: Bool { state == .closed }

    /// The handshake of the open session; nil before it is open and after its end.
    public var handshake: EngineHandshake? {
        guard case .open(let handshake, _) = state else { return nil }
        return handshake
    }

    /// When to call `tick` next; nil when there is no deadline.
    public var deadline: MonotonicInstant? {
        switch state {
        case .idle, .closed: nil
        case .awaitingOpen(let instant): instant
        case .open(_, let heartbeat): heartbeat.deadline
        }
    }

    /// Begins. Call it once, when the transport is open; a server sends its handshake.
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

    /// Takes a decoded packet whose size has been checked.
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
        // Other packets have no meaning yet.
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
        // An unrequested pong, a second open, or leftovers of an upgrade.
        case (.pong, _), (.open, _), (.upgrade, _), (.noop, _):
            return []
        }
    }

    // MARK: - What goes out

    /// Sends a frame. It does nothing before the session is open and after its end.
    public mutating func send(_ frame: EngineFrame) -> [Action] {
        isOpen ? [.transmit(frame)] : []
    }

    /// Sends an encoded packet. It does nothing before the session is open and after its end.
    public mutating func send(_ packet: EncodedPacket) -> [Action] { send(EngineFrame(packet)) }

    /// Sends a close packet and ends the session.
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

    /// Does what is due. Calling it early has no effect.
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

    /// The client has no limit of its own. It holds the server to the limit that the server announced.
    private mutating func tooBig(_ length: Int) -> [Action]? {
        guard case .open(let handshake, _) = state, length > handshake.maxPayload else { return nil }
        return end(.violation(.tooBig(length: length, limit: handshake.maxPayload)))
    }

    private mutating func violation(_ error: EngineError) -> [Action] {
        switch state {
        case .idle, .closed: []
        // Without a handshake the session cannot continue.
        case .awaitingOpen: end(.violation(error))
        case .open: policy == .strict ? end(.violation(error)) : []
        }
    }
}
