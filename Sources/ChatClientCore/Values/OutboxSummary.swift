/// How many messages the outbox holds, by state.
public struct OutboxSummary: Hashable, Sendable {
    public var queued: Int
    public var sending: Int
    public var unknown: Int
    public var failed: Int
    public var held: Int
    /// True when nothing is sent until the person signs in again.
    public var isPaused: Bool

    public init(
        queued: Int = 0, sending: Int = 0, unknown: Int = 0, failed: Int = 0, held: Int = 0,
        isPaused: Bool = false
    ) {
        self.queued = queued
        self.sending = sending
        self.unknown = unknown
        self.failed = failed
        self.held = held
        self.isPaused = isPaused
    }

    /// Messages that will be sent without the person's doing.
    public var unsent: Int { queued + sending + unknown }

    /// Messages that wait for the person.
    public var waiting: Int { failed + held }
}
