/// How a session takes what the other side should not have sent.
public enum WirePolicy: Hashable, Sendable {
    /// As the protocol's own implementations and test suites ask: a violation closes the session.
    case strict
    /// As the deployed server was recorded: what makes no sense is passed over in silence.
    case recorded
}
