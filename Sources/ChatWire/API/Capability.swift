/// An extension that a server may announce. A client works without any of them.
public enum Capability: String, Hashable, Sendable, CaseIterable {
    case idempotentSend = "idempotent-send"
    case paging
    case peek
    case sync
    case deletions
    case presenceSnapshot = "presence-snapshot"
    case ackResult = "ack-result"
    case readUpTo = "read-up-to"
    case refresh
    case proofOfWork = "proof-of-work"
    case sessions

    /// What a server with the extension does, in one sentence.
    public var summary: String {
        switch self {
        case .idempotentSend:
            "The server stores a `temp_id`: sending again with the same one creates no second message."
        case .paging: "Requests for a conversation may have `before_id` and `after_id`."
        case .peek: "`peek=1` reads a conversation without marking it as read."
        case .sync: "The server returns everything that changed since a cursor."
        case .deletions: "Deletions are announced; delivered and read states are stored and returned."
        case .presenceSnapshot: "The server says at the start of a connection who is online."
        case .ackResult: "The acknowledgement of `send_message` contains its result."
        case .readUpTo: "`message_read` may have `up_to_id`: later messages stay unread."
        case .refresh: "A valid token can be exchanged for a new one."
        case .proofOfWork: "A sign-up needs the solution of a challenge."
        case .sessions: "The account's sessions can be listed and ended."
        }
    }
}
