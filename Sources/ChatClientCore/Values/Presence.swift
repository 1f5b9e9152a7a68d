/// Whether a person is connected, as far as it is known.
public enum Presence: Hashable, Sendable {
    case online
    case offline
    /// The server has not said, or there is no link.
    case unknown
}
