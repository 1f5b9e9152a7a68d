/// Backoff with full jitter: each delay is random between zero and a bound that doubles up to a cap. So many clients
/// do not return to a recovering server at the same time.
struct Backoff: Equatable, Sendable {
    let first: Duration
    let cap: Duration

    /// For attempts to connect, and to fetch.
    static let connecting = Backoff(first: .milliseconds(500), cap: .seconds(60))
    /// For attempts to take back an account that is in use elsewhere. They are rare, because two programs must not
    /// fight.
    static let displaced = Backoff(first: .seconds(60), cap: .seconds(900))

    /// The longest delay after this many failures in a row, counted from 0.
    func bound(afterFailures failures: Int) -> Duration {
        // The cap is reached long before 2^20, for any reasonable first delay.
        min(cap, first * (1 << min(max(0, failures), 20)))
    }

    func delay(afterFailures failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let bound = bound(afterFailures: failures).components
        let nanoseconds = bound.seconds * 1_000_000_000 + bound.attoseconds / 1_000_000_000
        return .nanoseconds(Int64.random(in: 0...max(0, nanoseconds), using: &generator))
    }
}
