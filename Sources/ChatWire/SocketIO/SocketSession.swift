/// One Socket.IO session inside an open Engine.IO session: namespaces, events, acknowledgements, attachments. It does
/// no I/O and reads no clock.
///
/// Messages arrive through `receive`, time through `tick`, and every call returns what to do, in order. In a
/// namespace:
///
/// client   connect() ──► connecting ──"40{sid}"──► connected ──"41", disconnect()──► gone
///                                └──"44…", silence──► gone
/// server   "40" ──► requested ──accept()──► connected ──"41", disconnect()──► gone
///                           └──refuse()──► gone
///
/// A refusal does not end the session: the client may try again. Sending in a namespace that is not connected does
/// nothing, because it may have disconnected a moment ago.
public struct SocketSession: Sendable {
    /// Which side this is.
    public enum Role: Hashable, Sendable {
        case client
        /// - namespaces: Those that a client may connect to.
        /// - connectTimeout: How long a client may stay unconnected from the start; nil for no limit.
        case server(namespaces: Set<String>, connectTimeout: Duration?)
    }

    /// What the owner must do, and what has happened.
    public enum Action: Hashable, Sendable {
        /// Send this to the other side, in order.
        case transmit(EngineFrame)
        /// Client: the server has accepted the connection.
        case connected(namespace: String, sid: String)
        /// Client: the server has refused the connection.
        case refused(namespace: String, ConnectRefusal)
        /// Client: the server has not answered, as it does when it cannot read an `auth`.
        case connectTimedOut(namespace: String)
        /// Server: a client asks to connect. Answer with `accept` or `refuse`, now or later.
        case connectRequested(namespace: String, auth: JSONValue?)
        /// The other side has left a namespace, or was removed from it.
        case disconnected(namespace: String)
        case event(SocketEvent)
        /// The other side has acknowledged an event. The payload is a JSON array.
        case acknowledged(namespace: String, id: UInt64, payload: ArraySlice<UInt8>, attachments: [[UInt8]])
        /// The other side has not acknowledged an event in time.
        case acknowledgementTimedOut(namespace: String, id: UInt64)
        /// The session cannot continue: close the Engine.IO session. Occurs once, last.
        case fail(SocketError)
    }

    enum NamespaceState: Hashable, Sendable {
        /// Client. `hasLeft` remembers a `41`, which the real server follows with its `44`.
        case connecting(until: MonotonicInstant, hasLeft: Bool)
        /// Server.
        case requested
        case connected
    }

    /// A binary packet whose attachments are still arriving.
    struct Assembly: Hashable, Sendable {
        var packet: SocketPacket
        var attachments: [[UInt8]] = []
        var bytes = 0
    }

    struct AcknowledgementKey: Hashable, Sendable {
        var namespace: String
        var id: UInt64
    }

    let role: Role
    let policy: WirePolicy
    let limits: SocketLimits
    var namespaces: [String: NamespaceState] = [:]
    var assembly: Assembly?
    var acknowledgements: [AcknowledgementKey: MonotonicInstant] = [:]
    var nextAcknowledgementID: UInt64 = 0
    /// Server: when a client without a connected namespace is disconnected.
    var connectDeadline: MonotonicInstant?
    var hasFailed = false

    /// A session that waits for `start`.
    public init(role: Role, policy: WirePolicy = .recorded, limits: SocketLimits = .standard) {
        self.role = role
        self.policy = policy
        self.limits = limits
    }

    /// Begins. Call it once, when the Engine.IO session is open.
    public mutating func start(now: MonotonicInstant) {
        if case .server(_, let connectTimeout?) = role {
            connectDeadline = now + connectTimeout
        }
    }

    /// Whether events can be sent in a namespace.
    public func isConnected(_ namespace: String = "/") -> Bool {
        namespaces[namespace] == .connected
    }

    /// When to call `tick` next; nil when there is no deadline.
    public var deadline: MonotonicInstant? {
        guard !hasFailed else { return nil }
        var earliest = connectDeadline
        func consider(_ instant: MonotonicInstant) {
            earliest = earliest.map { min($0, instant) } ?? instant
        }
        for case .connecting(let instant, _) in namespaces.values { consider(instant) }
        for instant in acknowledgements.values { consider(instant) }
        return earliest
    }

    /// Does what is due. Calling it early has no effect.
    public mutating func tick(now: MonotonicInstant) -> [Action] {
        guard !hasFailed else { return [] }
        var actions: [Action] = []
        for (key, instant) in acknowledgements.sorted(by: { $0.key.id < $1.key.id }) where now >= instant {
            acknowledgements[key] = nil
            actions.append(.acknowledgementTimedOut(namespace: key.namespace, id: key.id))
        }
        for (namespace, state) in namespaces.sorted(by: { $0.key < $1.key }) {
            guard case .connecting(let instant, let hasLeft) = state, now >= instant else { continue }
            namespaces[namespace] = nil
            actions.append(
                hasLeft
                    ? .refused(namespace: namespace, ConnectRefusal(message: ""))
                    : .connectTimedOut(namespace: namespace))
        }
        if let connectDeadline, now >= connectDeadline {
            self.connectDeadline = nil
            if !namespaces.values.contains(.connected) { actions += fail(.connectTimeout) }
        }
        return actions
    }

    /// The Engine.IO session is over. Pending acknowledgements cannot arrive any more and time out at once.
    public mutating func engineClosed() -> [Action] {
        var actions: [Action] = []
        for key in acknowledgements.keys.sorted(by: { $0.id < $1.id }) {
            actions.append(.acknowledgementTimedOut(namespace: key.namespace, id: key.id))
        }
        for (namespace, state) in namespaces.sorted(by: { $0.key < $1.key }) where state == .connected {
            actions.append(.disconnected(namespace: namespace))
        }
        acknowledgements = [:]
        namespaces = [:]
        assembly = nil
        connectDeadline = nil
        hasFailed = true
        return actions
    }

    mutating func fail(_ error: SocketError) -> [Action] {
        hasFailed = true
        connectDeadline = nil
        return [.fail(error)]
    }
}
