import ChatSQLite
import ChatWire

/// When the outbox is read again because another program has committed. Reading a long outbox after each commit would
/// cost more the longer it is. What cannot wait, that a message was taken back or stands behind another one, the disk
/// says before each attempt.
struct OutboxReconciling: Equatable, Sendable {
    private var last: MonotonicInstant?
    private var due: MonotonicInstant?

    /// This many messages are read in next to no time.
    private static let atOnce = 500
    /// For each message: some ten times what it costs to read it.
    private static let pause = Duration.microseconds(20)

    var deadline: MonotonicInstant? { due }

    /// Another program has committed.
    mutating func reconcile(at now: MonotonicInstant, _ context: inout EngineContext) throws(SQLiteError) {
        guard due == nil else { return }
        let pause = Self.pause * context.outbox.items.count
        if let last, last + pause > now, context.outbox.items.count > Self.atOnce {
            due = last + pause
            return
        }
        last = now
        try context.reconcileOutbox()
    }

    mutating func tick(at now: MonotonicInstant, _ context: inout EngineContext) throws(SQLiteError) {
        guard let due, due <= now else { return }
        self.due = nil
        try reconcile(at: now, &context)
    }
}
