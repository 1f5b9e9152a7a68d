/// What is known about one message, from the account's point of view.
public enum RowState: Hashable, Sendable, CaseIterable {
    /// A message from the other person.
    case received
    /// Entered and on disk, not given to the server yet.
    case queued
    /// Given to the server, waiting for its answer.
    case sending
    /// Given to the server, but the link broke before the answer: the client asks the server before it sends anything
    /// again.
    case unknown
    /// The server has it.
    case sent
    /// The other person's client has it.
    case delivered
    /// The other person has seen it.
    case read
    /// The server refused it for good; ``TimelineRow/failure`` has its words.
    case failed
    /// Too old, or undecidable: it waits for the person to send it, edit it or discard it.
    case held

    /// True while the server is not known to have the message: such rows are last in their conversation.
    public var isUnsent: Bool {
        switch self {
        case .queued, .sending, .unknown, .failed, .held: true
        case .received, .sent, .delivered, .read: false
        }
    }
}
