import ChatNet
import ChatWire
import Logging

/// The settings of a run.
public struct RunSettings: Sendable {
    public var server: ServerURL
    public var net: NetConfiguration
    /// The directory for the clients' caches; the caller creates and removes it.
    public var directory: String
    /// Existing accounts, used before new ones are registered.
    public var accounts: [ExistingAccount] = []
    /// The variables from `-set`.
    public var variables: [String: String] = [:]
    /// How long a step waits unless it says otherwise.
    public var timeout: Duration = .seconds(5)
    public var allowsRegistering = false
    public var allowsDeleting = false
    /// How many scenarios run at the same time.
    public var jobs = 1
    /// Whether the run continues after a failure.
    public var keepsGoing = false
    /// Receives all network traffic, redacted: one JSON object per item.
    public var record: (@Sendable (JSONValue) -> Void)?
    public var logger: Logger

    public init(server: ServerURL, net: NetConfiguration, directory: String, logger: Logger) {
        self.server = server
        self.net = net
        self.directory = directory
        self.logger = logger
    }

    /// On this machine the runner may register people and delete things without permission.
    var mayRegister: Bool { server.isLoopback || allowsRegistering }
    var mayDelete: Bool { server.isLoopback || allowsDeleting }
}

/// An account that already exists.
public struct ExistingAccount: Hashable, Sendable {
    public var email: String?
    public var password: String?
    public var token: String?

    /// Reads `[{"email": …, "password": …}, {"token": …}, …]`.
    ///
    /// - Throws: what is wrong with the list, without its content.
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
