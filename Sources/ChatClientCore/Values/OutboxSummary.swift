/// How many messages the outbox holds, by state.
public struct OutboxSummary: Hashable, Sendable {
    /// Waiting for their turn, or for a link.
    public var queued: Int
    /// Given to the server, waiting for its answer.
    public var sending: Int
    /// Given to the server before the link broke: the client will ask the server about them.
    public var unknown: Int
    /// Refused by the server for good.
    public var failed: Int
    /// Waiting for the person's decision.
    public var held: Int
    /// True when nothing is sent until the person signs in again.
    public var isPaused: Bool

    /// A summary; the parameters are the properties of the same names.
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

    /// Messages that will be sent without the person's help.
    public var unsent: Int { queued + sending + unknown }

    /// Messages that wait for the person.
    public var waiting: Int { failed + held }
}
