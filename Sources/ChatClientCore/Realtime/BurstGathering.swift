import ChatWire

/// How long received messages wait for more, so that a flood becomes few commits. The first of a burst does not wait.
/// What arrives soon after a commit waits a little, and other work on the thread runs during that time.
struct BurstGathering: Hashable, Sendable {
    /// At most a hundred commits a second; each of them waits for the disk.
    static let pause = Duration.milliseconds(8)

    private var lastDelivery: MonotonicInstant?

    /// Records that everything received was given to the engine and is in the cache.
    mutating func delivered(at instant: MonotonicInstant) { lastDelivery = instant }

    /// How long to wait for more.
    ///
    /// - Parameter isAwaited: true when the received messages may contain the answer that the next message waits for.
    func wait(at now: MonotonicInstant, isAwaited: Bool) -> Duration {
        guard !isAwaited, let lastDelivery else { return .zero }
        return min(Self.pause, max(.zero, Self.pause - lastDelivery.duration(to: now)))
    }
}
