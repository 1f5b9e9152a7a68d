import ChatWire

/// Says when the screen is drawn. Keys are drawn at once, news at most 30 times a second, and
/// never more than 60 frames in any second. It has no clock: the caller reports each frame.
struct FramePacing: Hashable, Sendable {
    /// Why the screen should be drawn.
    enum Cause: Hashable, Sendable {
        /// Something arrived, or time passed.
        case news
        /// The person typed.
        case input
    }

    /// Turns at a steady rate; some of the turns that were not taken may be taken at once later.
    private struct Allowance: Hashable {
        let interval: Duration
        let burst: Int
        /// When all turns so far would have been taken at the steady rate.
        private var settledAt = MonotonicInstant(nanoseconds: .min)

        init(interval: Duration, burst: Int) {
            self.interval = interval
            self.burst = burst
        }

        /// The first instant at which a turn may be taken so that `kept` more may follow it at once.
        func earliest(keeping kept: Int = 0) -> MonotonicInstant { settledAt - interval * (burst - 1 - kept) }

        mutating func spend(at instant: MonotonicInstant) { settledAt = max(settledAt, instant) + interval }
    }

    /// 4 at once, then one in 18 ms: 59 in a second at most.
    private var frames = Allowance(interval: .milliseconds(18), burst: 4)
    /// Frames that are reserved for keys.
    private static let keptForInput = 2
    /// Nobody reads faster than 30 pictures a second; what answers a key seldom comes in more than six parts.
    private var newsTurns = Allowance(interval: .milliseconds(33), burst: 6)

    private var wanted: Cause?
    private var hasPresented = false

    /// When news may be taken in, which may be in the past. Before that they would be in the way of keys, and what
    /// comes meanwhile is seen with them.
    var newsDue: MonotonicInstant { newsTurns.earliest() }

    /// Notes that all the news there were have been taken in. Those that the first picture is made of are free.
    mutating func tookNews(at instant: MonotonicInstant) {
        if hasPresented { newsTurns.spend(at: instant) }
    }

    /// Notes that what is on the screen may be out of date.
    mutating func want(_ cause: Cause) {
        if wanted != .input { wanted = cause }
    }

    /// When the screen is to be drawn, which may be in the past; nil while it is up to date.
    var due: MonotonicInstant? {
        switch wanted {
        case .input: frames.earliest()
        case .news: frames.earliest(keeping: Self.keptForInput)
        case nil: nil
        }
    }

    /// Notes that the screen is up to date; `isChanged` says whether anything had to be drawn for it.
    mutating func presented(at instant: MonotonicInstant, isChanged: Bool) {
        wanted = nil
        hasPresented = true
        if isChanged { frames.spend(at: instant) }
    }
}
