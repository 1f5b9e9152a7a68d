import ChatWire
import Synchronization

/// Decides whether an address or an account may do something now, and counts the refusals. Programs of this machine
/// are exempt unless ``RequestRates/countsLoopback`` says otherwise.
///
/// An account's send takes one lookup in one dictionary.
final class RequestLimiter: Sendable {
    /// Why an action is refused, and for how long.
    struct Refused: Error, Equatable {
        let wait: Duration

        /// The time in whole seconds, rounded up, for `Retry-After`.
        var seconds: Int { max(1, Int((wait.nanoseconds + 999_999_999) / 1_000_000_000)) }
    }

    private let addresses: [RateLimiter<String>?]
    private let accounts: [RateLimiter<UserID>?]
    private let countsLoopback: Bool
    private let counters: Counters

    init(_ rates: RequestRates, clock: LimitClock = .system, counters: Counters = Counters()) {
        addresses = LimitedAction.allCases.map { action in
            rates[action].address.map { RateLimiter($0, clock: clock) }
        }
        accounts = LimitedAction.allCases.map { action in
            rates[action].account.map { RateLimiter($0, clock: clock) }
        }
        countsLoopback = rates.countsLoopback
        self.counters = counters
    }

    /// Counts an action of an account.
    ///
    /// - Parameter isLocal: whether it comes from a program of this machine.
    func take(_ action: LimitedAction, account: UserID, isLocal: Bool) throws(Refused) {
        guard countsLoopback || !isLocal, let wait = accounts[action.rawValue]?.spend(from: account) else {
            return
        }
        counters.add(.limited(action, .account))
        throw Refused(wait: wait)
    }

    /// Counts an action of an address.
    func take(_ action: LimitedAction, from client: ClientAddress) throws(Refused) {
        guard countsLoopback || !client.isLocal,
            let wait = addresses[action.rawValue]?.spend(from: PeerNetwork.name(of: client.text))
        else { return }
        counters.add(.limited(action, .address))
        throw Refused(wait: wait)
    }

    /// Counts an action of an account from an address. When the account is refused, its address has not spent
    /// anything.
    func take(
        _ action: LimitedAction, account: UserID, from client: ClientAddress
    ) throws(Refused) {
        guard countsLoopback || !client.isLocal else { return }
        if let wait = accounts[action.rawValue]?.wait(for: account) {
            counters.add(.limited(action, .account))
            throw Refused(wait: wait)
        }
        try take(action, from: client)
        try take(action, account: account, isLocal: client.isLocal)
    }
}
