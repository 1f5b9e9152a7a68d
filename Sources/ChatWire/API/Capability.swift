/// An extension that a server may announce. A client works without any of them.
public enum Capability: String, Hashable, Sendable, CaseIterable {
    /// The server stores a `temp_id`: sending again with the same one creates no second message.
    case idempotentSend = "idempotent-send"
    /// `before_id` and `after_id` in requests for a conversation.
    case paging
    /// `peek=1` reads a conversation without marking it as read.
    case peek
    /// A request for everything that changed since a cursor.
    case sync
    /// Deletions are announced; delivered and read states are stored and returned.
    case deletions
    /// The server says at the start of a connection who is online.
    case presenceSnapshot = "presence-snapshot"
    /// The acknowledgement of `send_message` contains its result.
    case ackResult = "ack-result"
    /// `up_to_id` in `message_read`: later messages stay unread.
    case readUpTo = "read-up-to"
    /// A valid token can be exchanged for a new one.
    case refresh
}
