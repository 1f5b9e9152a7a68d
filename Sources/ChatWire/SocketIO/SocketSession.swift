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

    public typealias Action = SocketAction

    let role: Role
    let policy: WirePolicy
    let limits: SocketLimits
    var namespaces = SocketNamespaces()
    var assembly: SocketAssembly?
    var acknowledgements = PendingAcknowledgements()
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
        return [connectDeadline, namespaces.deadline, acknowledgements.deadline].compactMap(\.self).min()
    }

    /// Does what is due. Calling it early has no effect.
    public mutating func tick(now: MonotonicInstant) -> [Action] {
        guard !hasFailed else { return [] }
        var actions = acknowledgements.removeOverdue(at: now) + namespaces.removeOverdue(at: now)
        if let connectDeadline, now >= connectDeadline {
            self.connectDeadline = nil
            if !namespaces.isAnyConnected { actions += fail(.connectTimeout) }
        }
        return actions
    }

    /// The Engine.IO session is over. Pending acknowledgements cannot arrive any more and time out at once.
    public mutating func engineClosed() -> [Action] {
        let actions = acknowledgements.removeAll() + namespaces.removeAll()
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
