/// An extension that a server may announce. A client works without any of them.
public enum Capability: String, Hashable, Sendable, CaseIterable {
    /// A `temp_id` is stored: sending again with the same one makes no second message.
    case idempotentSend = "idempotent-send"
    /// `before_id` and `after_id` on the conversation.
    case paging
    /// `peek=1` reads a conversation without marking it read.
    case peek
    /// Everything that changed since a cursor.
    case sync
    /// Deletions are announced; delivered and read states are stored and returned.
    case deletions
    /// Who is online is told at the start.
    case presenceSnapshot = "presence-snapshot"
    /// The acknowledgement of `send_message` says what became of it.
    case ackResult = "ack-result"
    /// `up_to_id` in `message_read`: what came after the message is not read by it.
    case readUpTo = "read-up-to"
    /// A good token can be exchanged for a fresh one.
    case refresh
}
