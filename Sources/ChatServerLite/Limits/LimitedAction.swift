/// What a client does only so often.
public enum LimitedAction: Int, CaseIterable, Sendable {
    case signIn, signUp, search, send, events, connections, subscriptions

    /// The name in settings, in the log and in metrics.
    public var name: String {
        switch self {
        case .signIn: "sign_in"
        case .signUp: "sign_up"
        case .search: "search"
        case .send: "send"
        case .events: "events"
        case .connections: "connections"
        case .subscriptions: "subscriptions"
        }
    }
}

/// How often each action is allowed, for one address and for one account. An address of IPv6 stands for its
/// /64 network.
public struct RequestRates: Equatable, Sendable {
    /// The rates of one action; nil is no limit.
    public struct Rates: Equatable, Sendable {
        public var address: Rate?
        public var account: Rate?

        public init(address: Rate? = nil, account: Rate? = nil) {
            self.address = address
            self.account = account
        }
    }

    private var rates: [Rates]
    /// Whether the limits also hold for this machine's own programs.
    public var countsLoopback = false

    /// A person never meets these limits, and an office behind one address hardly does.
    public static let standard: RequestRates = {
        var rates = RequestRates()
        rates[.signIn].address = Rate(burst: 60, period: .seconds(60))
        rates[.signUp].address = Rate(burst: 30, period: .seconds(3600))
        rates[.search] = Rates(
            address: Rate(burst: 600, period: .seconds(60)), account: Rate(burst: 120, period: .seconds(60)))
        rates[.send].account = Rate(burst: 10_000, period: .seconds(60))
        rates[.events].account = Rate(burst: 20_000, period: .seconds(5))
        rates[.connections] = Rates(
            address: Rate(burst: 600, period: .seconds(60)), account: Rate(burst: 300, period: .seconds(60)))
        rates[.subscriptions].account = Rate(burst: 60, period: .seconds(3600))
        return rates
    }()

    /// No limit but the one on events, without which one account could keep the server busy.
    public static let original: RequestRates = {
        var rates = RequestRates()
        rates[.events].account = standard[.events].account
        return rates
    }()

    /// No limits.
    public init() { rates = LimitedAction.allCases.map { _ in Rates() } }

    public subscript(action: LimitedAction) -> Rates {
        get { rates[action.rawValue] }
        set { rates[action.rawValue] = newValue }
    }
}
