import ChatWire

/// What the server does beyond the recorded API: its extensions, as they are announced in `GET /`.
public struct ServerBehaviour: Equatable, Sendable {
    /// The extensions that are on, in the order in which they are announced.
    public var capabilities: [Capability]

    /// All extensions that this server has.
    public static let extended = ServerBehaviour(capabilities: [
        .idempotentSend, .paging, .peek, .sync, .deletions, .presenceSnapshot, .ackResult, .refresh,
    ])

    public init(capabilities: [Capability]) {
        self.capabilities = capabilities
    }
}
