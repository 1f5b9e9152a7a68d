import ChatWire

/// How long what came on the link waits for more, so that a flood becomes few commits: the first of a burst does
/// not, and what comes soon after a commit waits a little, during which the others on the thread have their turn.
struct BurstGathering: Hashable, Sendable {
    /// A hundred commits in a second at most, each of which waits for the disk.
    static let pause = Duration.milliseconds(8)

    private var lastDelivery: MonotonicInstant?

    /// Notes that all that came was given to the engine, and is in the cache.
    mutating func delivered(at instant: MonotonicInstant) { lastDelivery = instant }

    /// How long to wait for more.
    ///
    /// - Parameter isAwaited: true when what came may be the answer that the next message waits for.
    func wait(at now: MonotonicInstant, isAwaited: Bool) -> Duration {
        guard !isAwaited, let lastDelivery else { return .zero }
        return min(Self.pause, max(.zero, Self.pause - lastDelivery.duration(to: now)))
    }
}
