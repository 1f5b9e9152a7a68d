/// Growing delays with full jitter: each is drawn evenly from zero to a bound that doubles up to a cap, so
/// that many clients of a server that comes back do not come back at once.
struct Backoff: Equatable, Sendable {
    let first: Duration
    let cap: Duration

    /// Attempts to connect, and to fetch.
    static let connecting = Backoff(first: .milliseconds(500), cap: .seconds(60))
    /// Attempts to take back an account that is in use elsewhere: seldom, two programs must not fight.
    static let displaced = Backoff(first: .seconds(60), cap: .seconds(900))

    /// The longest delay after this many failures in a row, counted from 0.
    func bound(afterFailures failures: Int) -> Duration {
        // Beyond 2^20 the cap has long been reached, for any first delay worth the name.
        min(cap, first * (1 << min(max(0, failures), 20)))
    }

    func delay(afterFailures failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let bound = bound(afterFailures: failures).components
        let nanoseconds = bound.seconds * 1_000_000_000 + bound.attoseconds / 1_000_000_000
        return .nanoseconds(Int64.random(in: 0...max(0, nanoseconds), using: &generator))
    }
}
