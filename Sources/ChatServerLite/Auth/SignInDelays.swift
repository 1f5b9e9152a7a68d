import ChatWire
import Synchronization

/// Makes those who guess passwords wait longer and longer. A pure value.
///
/// Failures count for a pair of an account and a network, and for the account from everywhere. The account is
/// counted by its address as it was written, so accounts that do not exist are treated alike. An attempt
/// counts as a failure from its beginning, so many attempts at once gain nothing. The right password takes
/// the attempt back.
///
/// The delay from everywhere is short, and does not hold for a network from which the account has signed in
/// before: an attacker must not lock the owner out.
struct SignInDelays: Sendable {
    /// How delays grow.
    struct Growth: Equatable, Sendable {
        /// The failures without a delay.
        var free: Int
        /// The longest delay. The first one is a second, and each failure doubles it.
        var longest: Duration

        func delay(after failures: Int) -> Duration {
            guard failures > free else { return .zero }
            return min(longest, .seconds(1) * (1 << min(failures - free - 1, 20)))
        }
    }

    static let pairGrowth = Growth(free: 4, longest: .seconds(900))
    static let accountGrowth = Growth(free: 20, longest: .seconds(60))
    /// How long failures are remembered after the last one.
    static let memory = Duration.seconds(3600)

    private struct Failures {
        var count = 0
        var openAt: MonotonicInstant

        func wait(_ now: MonotonicInstant) -> Duration { openAt > now ? openAt - now : .zero }

        mutating func add(_ growth: Growth, now: MonotonicInstant) {
            count += 1
            openAt = now + growth.delay(after: count)
        }

        mutating func takeBack(_ now: MonotonicInstant) {
            count = max(0, count - 1)
            openAt = now
        }
    }

    private var pairs: GenerationalStore<FairAsker, Failures>
    private var accounts: GenerationalStore<String, Failures>
    /// The networks from which an account has signed in.
    private var known: GenerationalStore<FairAsker, Void>

    init(capacity: Int = 65_536) {
        pairs = GenerationalStore(capacity: capacity, lifetime: Self.memory)
        accounts = GenerationalStore(capacity: capacity, lifetime: Self.memory)
        known = GenerationalStore(capacity: capacity, lifetime: .seconds(30 * 24 * 3600))
    }

    /// The number of pairs and accounts with failures that are remembered.
    var count: Int { pairs.count + accounts.count }

    /// Begins an attempt.
    ///
    /// - Returns: how long the asker must wait first; nil when the attempt may go on. Then the caller reports
    ///   its end by ``succeeded(_:now:)`` or ``takeBack(_:now:)``, unless it has failed.
    mutating func begin(_ asker: FairAsker, now: MonotonicInstant) -> Duration? {
        var wait = pairs[asker]?.wait(now) ?? .zero
        if known[asker] == nil { wait = max(wait, accounts[asker.member]?.wait(now) ?? .zero) }
        guard wait <= .zero else { return wait }
        pairs.update(asker, default: Failures(openAt: now), now: now) { $0.add(Self.pairGrowth, now: now) }
        accounts.update(asker.member, default: Failures(openAt: now), now: now) {
            $0.add(Self.accountGrowth, now: now)
        }
        return nil
    }

    /// The password was right.
    mutating func succeeded(_ asker: FairAsker, now: MonotonicInstant) {
        pairs.remove(asker)
        accounts.update(asker.member, default: Failures(openAt: now), now: now) { $0.takeBack(now) }
        known.update(asker, default: (), now: now) { _ in }
    }

    /// The attempt was not carried out.
    mutating func takeBack(_ asker: FairAsker, now: MonotonicInstant) {
        pairs.update(asker, default: Failures(openAt: now), now: now) { $0.takeBack(now) }
        accounts.update(asker.member, default: Failures(openAt: now), now: now) { $0.takeBack(now) }
    }
}

/// ``SignInDelays`` that several threads can use.
final class SignInWatch: Sendable {
    private let delays: Mutex<SignInDelays>
    private let clock: LimitClock

    init(clock: LimitClock = .system) {
        delays = Mutex(SignInDelays())
        self.clock = clock
    }

    /// See ``SignInDelays/begin(_:now:)``.
    func begin(_ asker: FairAsker) -> Duration? {
        let now = clock.now()
        return delays.withLock { $0.begin(asker, now: now) }
    }

    /// See ``SignInDelays/succeeded(_:now:)``.
    func succeeded(_ asker: FairAsker) {
        let now = clock.now()
        delays.withLock { $0.succeeded(asker, now: now) }
    }

    /// See ``SignInDelays/takeBack(_:now:)``.
    func takeBack(_ asker: FairAsker) {
        let now = clock.now()
        delays.withLock { $0.takeBack(asker, now: now) }
    }
}
