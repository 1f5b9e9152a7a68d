import ChatWire

/// When the next attempt to connect is made.
struct ReconnectPolicy: Equatable, Sendable {
    /// A link that lasted this long was good: its loss counts as the first failure again.
    static let goodAfter = Duration.seconds(10)

    private(set) var failures = 0
    private var upSince: MonotonicInstant?
    private var displacements = 0
    private let backoff: Backoff
    private let displacedBackoff: Backoff

    init(backoff: Backoff = .connecting, displacedBackoff: Backoff = .displaced) {
        self.backoff = backoff
        self.displacedBackoff = displacedBackoff
    }

    /// The attempt failed, or the link was lost. Returns the time of the next attempt.
    mutating func linkFailed(
        at now: MonotonicInstant, retryAfter: Duration? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> MonotonicInstant {
        if let upSince, now >= upSince + Self.goodAfter { failures = 0 }
        upSince = nil
        defer { failures += 1 }
        return now + (retryAfter ?? backoff.delay(afterFailures: failures, using: &generator))
    }

    /// Another socket took the account. Returns when to try to take it back: never sooner than half of the bound.
    mutating func displaced(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> MonotonicInstant {
        defer { displacements += 1 }
        let half = displacedBackoff.bound(afterFailures: displacements) / 2
        let rest = Backoff(first: half, cap: half).delay(afterFailures: 0, using: &generator)
        return now + half + rest
    }

    /// The server accepted the link.
    mutating func linkCameUp(at now: MonotonicInstant) { upSince = now }

    /// The person acts: the next failure counts as the first one.
    mutating func personActed() {
        failures = 0
        displacements = 0
    }
}
