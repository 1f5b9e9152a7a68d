import ChatNet
import ChatWire
import Glibc

/// The two clocks of the machine.
enum SystemClock {
    /// What is printed.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// What deadlines are measured by: the client's clock, since it says when it tries again.
    static var instant: MonotonicInstant { MonotonicClock.now }
}
