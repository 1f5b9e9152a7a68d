import ChatNet
import ChatWire
import Glibc

/// The two clocks of the machine.
enum SystemClock {
    /// Wall clock, for times that are shown.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Monotonic clock, for deadlines: the one that the client uses for its next attempt.
    static var instant: MonotonicInstant { MonotonicClock.now }
}
