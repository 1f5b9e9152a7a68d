import ChatWire

/// The order in which the addresses of a host are tried (RFC 8305). Families take turns, each attempt gets a head
/// start before the next begins beside it, and the first that succeeds wins. Pure: the driver starts the attempts and
/// reports their results.
struct ConnectRace: Sendable {
    enum Outcome: Hashable, Sendable {
        /// Attempts are in progress; call ``nextAttempt(at:)`` at ``deadline`` at the latest.
        case running
        case won(Int)
        /// All attempts have failed. The reason is the most informative one.
        case lost(SystemError)
    }

    /// In the order in which they are tried; an attempt's number is its index here.
    let addresses: [SocketAddress]
    private let stagger: Duration
    private var started = 0
    private var failures: [SystemError] = []
    private(set) var outcome = Outcome.running
    /// When the next attempt begins, whatever the others do.
    private(set) var deadline: MonotonicInstant?

    /// `addresses` in the system's order of preference; at least one.
    init(addresses: [SocketAddress], stagger: Duration) {
        precondition(!addresses.isEmpty, "a race needs an address")
        self.addresses = Self.interleaved(addresses)
        self.stagger = stagger
    }

    /// The attempt that begins now, if any. Call it until it returns nil: at the start, after each failure, and at
    /// ``deadline``.
    mutating func nextAttempt(at now: MonotonicInstant) -> Int? {
        guard outcome == .running, started < addresses.count else { return nil }
        let isDue = deadline.map { $0 <= now } ?? true
        // When all started attempts have failed, waiting for the head start to pass gains nothing.
        guard isDue || failures.count == started else { return nil }
        let attempt = started
        started += 1
        deadline = started < addresses.count ? now + stagger : nil
        return attempt
    }

    mutating func attemptSucceeded(_ attempt: Int) {
        guard outcome == .running else { return }
        outcome = .won(attempt)
        deadline = nil
    }

    mutating func attemptFailed(_ attempt: Int, _ error: SystemError) {
        guard outcome == .running else { return }
        failures.append(error)
        guard failures.count == addresses.count else { return }
        outcome = .lost(Self.mostTelling(failures))
        deadline = nil
    }

    /// A refusal shows that the host exists. An unavailable address family says least.
    private static func mostTelling(_ errors: [SystemError]) -> SystemError {
        errors.max { $0.weight < $1.weight } ?? errors[0]
    }

    /// One of each family in turn, beginning with the family that the system puts first.
    private static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        let first = addresses.filter { $0.isIPv6 == addresses[0].isIPv6 }
        let second = addresses.filter { $0.isIPv6 != addresses[0].isIPv6 }
        return (0..<max(first.count, second.count)).flatMap { index in
            first.dropFirst(index).prefix(1) + second.dropFirst(index).prefix(1)
        }
    }
}
