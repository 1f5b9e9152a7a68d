import ChatNet
import ChatWire
import Glibc

/// The present on both clocks: durations are measured on one, messages dated on the other. State machines
/// are given it, so that a simulation can give them any.
struct Moment: Equatable, Sendable {
    var monotonic: MonotonicInstant
    var wall: Timestamp

    /// The machine's own clocks.
    static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(
            monotonic: MonotonicClock.now,
            wall: Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000))
    }
}
