import ChatWire

/// What has become of a message that was entered.
public enum SendOutcome: Equatable, Sendable {
    /// The server has it, under this id.
    case sent(Message)
    /// The server refused it for good, with these words; the text is kept in the outbox.
    case failed(reason: String)
    /// It is on the disk and will be sent when the server can be reached.
    case queued
    /// It waits for the person to decide (too old, or not decidable whether the server has it).
    case held
    /// The person took it back before it was sent.
    case discarded
}
