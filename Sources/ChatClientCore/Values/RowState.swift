/// What is known about one message, from the point of view of the account.
public enum RowState: Hashable, Sendable, CaseIterable {
    /// A message from the other person.
    case received
    /// Entered and on the disk, not yet given to the server.
    case queued
    /// Given to the server, its answer awaited.
    case sending
    /// Given to the server, but the link broke before the answer: the server is asked before anything is
    /// sent again.
    case unknown
    /// The server has it.
    case sent
    /// The other person's program has it.
    case delivered
    /// The other person has seen it.
    case read
    /// The server refused it for good; ``TimelineRow/failure`` has its words.
    case failed
    /// Too old, or not decidable: it waits for the person to send it, edit it or discard it.
    case held

    /// True while the server is not known to have the message: such rows stand last in their conversation.
    public var isUnsent: Bool {
        switch self {
        case .queued, .sending, .unknown, .failed, .held: true
        case .received, .sent, .delivered, .read: false
        }
    }
}
