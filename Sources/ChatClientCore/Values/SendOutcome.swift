import ChatWire

/// The outcome of an entered message.
public enum SendOutcome: Equatable, Sendable {
    /// The server has it, with this id.
    case sent(Message)
    /// The server refused it for good, with these words; the text stays in the outbox.
    case failed(reason: String)
    /// It is on disk and will be sent when the server can be reached.
    case queued
    /// It waits for the person to decide: it is too old, or it is unknown whether the server has it.
    case held
    /// The person took it back before it was sent.
    case discarded
}
