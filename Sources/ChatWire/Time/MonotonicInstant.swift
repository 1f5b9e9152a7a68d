/// A reading of a clock that never goes back, in nanoseconds since an origin of that clock.
///
/// ChatWire reads no clock: the driver of a state machine passes in the current instant and gets deadlines back. Two
/// instants are comparable only when they come from the same clock. Arithmetic saturates instead of overflowing, so a
/// deadline that is infinitely far away needs no special case.
public struct MonotonicInstant: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than every instant that a clock can show.
    public static let distantFuture = MonotonicInstant(nanoseconds: .max)

    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant `duration` later (earlier when it is negative), truncated to whole nanoseconds.
    public func advanced(by duration: Duration) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
        guard overflow else { return MonotonicInstant(nanoseconds: sum) }
        return MonotonicInstant(nanoseconds: nanoseconds < 0 ? .min : .max)
    }

    /// The time from this instant to `other`; negative when `other` is earlier.
    public func duration(to other: MonotonicInstant) -> Duration {
        let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        guard overflow else { return .nanoseconds(difference) }
        return .nanoseconds(nanoseconds < 0 ? Int64.max : Int64.min)
    }

    public static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant.advanced(by: duration)
    }

    public static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let nanoseconds = duration.saturatedNanoseconds
        let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(nanoseconds)
        guard overflow else { return MonotonicInstant(nanoseconds: difference) }
        return MonotonicInstant(nanoseconds: instant.nanoseconds < 0 ? .min : .max)
    }

    public static func - (left: MonotonicInstant, right: MonotonicInstant) -> Duration {
        right.duration(to: left)
    }

    public static func += (instant: inout MonotonicInstant, duration: Duration) {
        instant = instant + duration
    }

    public static func -= (instant: inout MonotonicInstant, duration: Duration) {
        instant = instant - duration
    }
}

extension Duration {
    /// This duration in whole nanoseconds, rounded toward zero; values out of range become the nearest bound.
    public var saturatedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !tooLong, !overflow else { return seconds < 0 ? .min : .max }
        return sum
    }
}
