import ChatWire

/// One row of the outbox as the disk has it. The text stays on the disk until it is needed.
struct OutboxEntry: Equatable, Sendable {
    var tempID: TempID
    let rowID: RowID
    let peer: UserID
    /// The order within the conversation; a retried message gets a new, higher one.
    var sequence: Int64
    /// When the person wanted it sent: at entry, or when it was tried again by hand.
    var enteredAt: Timestamp
    var state: OutboxState
    /// The highest server id known when the first attempt began: the message, if the server has it, is above.
    var knownID: MessageID?
    /// Taken back while on its way: to be deleted as soon as its server id is known.
    var isCancelled: Bool
    /// The person wants it sent though it was refused, or though nobody could tell whether the server has it.
    var isInsisted = false
    /// The last attempt went by REST to a server that forgets temp_ids. Such a request may arrive at any later time, so
    /// when the message is not found on the server only the person can decide.
    var isUnfenced = false

    /// True for an attempt that may be made again where that is safe.
    var isSendable: Bool { state == .attempted && !isCancelled }
}
