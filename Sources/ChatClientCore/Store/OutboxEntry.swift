import ChatWire

/// One row of the outbox as stored. The text stays on disk until it is needed.
struct OutboxEntry: Equatable, Sendable {
    var tempID: TempID
    let rowID: RowID
    let peer: UserID
    /// The place within the conversation; a retried message gets a new, higher one.
    var sequence: Int64
    /// When the person last decided to send it: at entry, or at a manual retry.
    var enteredAt: Timestamp
    var state: OutboxState
    /// The highest server id known when the first attempt began. If the server has the message, its id is higher.
    var knownID: MessageID?
    /// Whether it was taken back in flight, to be deleted as soon as its server id is known.
    var isCancelled: Bool
    /// Whether the person wants it sent although it was refused, or although nobody can tell whether the server has it.
    var isInsisted = false
    /// Whether the last attempt went by REST to a server that forgets temp_ids. Such a request may arrive at any later
    /// time, so only the person can decide when the message is not found on the server.
    var isUnfenced = false

    /// Whether the attempt may be repeated where that is safe.
    var isSendable: Bool { state == .attempted && !isCancelled }
}
