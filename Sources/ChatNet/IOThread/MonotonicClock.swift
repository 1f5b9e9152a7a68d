import ChatWire
import Glibc

/// The machine's clock for deadlines.
public enum MonotonicClock {
    /// The time since the machine started. It continues while the machine sleeps, so that after a wake-up a link that
    /// has been silent for too long is known to be dead at once.
    public static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
