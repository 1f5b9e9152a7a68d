/// How a session reacts when the other side violates the protocol.
public enum WirePolicy: Hashable, Sendable {
    /// Like the protocol's own implementations and test suites: a violation closes the session.
    case strict
    /// Like the deployed server, as recorded: what makes no sense is silently ignored.
    case recorded
}
