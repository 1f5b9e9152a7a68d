import ChatNet
import ChatWire
import Logging

/// What scenarios are played with.
public struct RunSettings: Sendable {
    public var server: ServerURL
    public var net: NetConfiguration
    /// Where the caches of clients lie while they are needed; the caller makes and removes it.
    public var directory: String
    /// Existing accounts, taken before new ones are signed up.
    public var accounts: [ExistingAccount] = []
    /// What `-set` gave.
    public var variables: [String: String] = [:]
    /// How long steps wait that do not say it themselves.
    public var timeout: Duration = .seconds(5)
    public var allowsRegistering = false
    public var allowsDeleting = false
    /// How many scenarios are played at a time.
    public var jobs = 1
    /// Whether the others are played after one has failed.
    public var keepsGoing = false
    /// Gets everything that goes over the wire, redacted: one JSON object for each.
    public var record: (@Sendable (JSONValue) -> Void)?
    public var logger: Logger

    public init(server: ServerURL, net: NetConfiguration, directory: String, logger: Logger) {
        self.server = server
        self.net = net
        self.directory = directory
        self.logger = logger
    }

    /// On this machine people may be signed up and things deleted without being asked for.
    var mayRegister: Bool { server.isLoopback || allowsRegistering }
    var mayDelete: Bool { server.isLoopback || allowsDeleting }
}

/// An account that is there already.
public struct ExistingAccount: Hashable, Sendable {
    public var email: String?
    public var password: String?
    public var token: String?

    /// Reads `[{"email": …, "password": …}, {"token": …}, …]`.
    ///
    /// - Throws: what is wrong with it, without what is in it.
    public static func list(_ bytes: [UInt8]) throws(InvalidAccounts) -> [ExistingAccount] {
        guard let json = try? JSONValue(parsing: bytes), let entries = json.arrayValue else {
            throw InvalidAccounts(reason: "it is no JSON list of accounts")
        }
        var accounts: [ExistingAccount] = []
        for (index, entry) in entries.enumerated() {
            let account = ExistingAccount(
                email: entry["email"]?.stringValue, password: entry["password"]?.stringValue,
                token: entry["token"]?.stringValue)
            guard account.token != nil || (account.email != nil && account.password != nil) else {
                throw InvalidAccounts(reason: "account \(index + 1) has neither token nor email and password")
            }
            accounts.append(account)
        }
        return accounts
    }

    /// Why a list of accounts cannot be used.
    public struct InvalidAccounts: Error, Hashable, Sendable {
        public var reason: String
    }
}
