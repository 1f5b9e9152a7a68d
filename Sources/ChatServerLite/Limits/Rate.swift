/// A rate limit: `burst` at once, and as much again in each `period`.
public struct Rate: Equatable, Sendable {
    /// At least 1.
    public var burst: Int
    public var period: Duration

    public init(burst: Int, period: Duration) {
        self.burst = burst
        self.period = period
    }
}

extension Rate {
    /// Reads `COUNT/SECONDS`, for example `10/3600`; nil when the text is something else.
    init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let burst = Int(parts[0]), let seconds = Int(parts[1]),
            (1...1_000_000_000).contains(burst), (1...10_000_000).contains(seconds)
        else { return nil }
        self.init(burst: burst, period: .seconds(seconds))
    }
}
