import ChatWire

/// Whether connections go through a proxy, and which.
public struct ProxyPolicy: Hashable, Sendable {
    /// For servers at `http` addresses.
    public var http: ProxyServer?
    /// For servers at `https` addresses.
    public var https: ProxyServer?
    /// Servers that are reached without a proxy.
    public var exceptions: ProxyExceptions
    /// Whether servers on this very machine are reached through the proxy too; there the proxy would look on
    /// its own machine.
    public var includesLoopback: Bool

    public init(
        http: ProxyServer? = nil, https: ProxyServer? = nil, exceptions: ProxyExceptions = ProxyExceptions(),
        includesLoopback: Bool = false
    ) {
        self.http = http
        self.https = https
        self.exceptions = exceptions
        self.includesLoopback = includesLoopback
    }

    /// Straight to the server.
    public static let none = ProxyPolicy()

    /// What the variables of the environment say, read as curl reads them: `http_proxy` (in lower case only,
    /// since a web server hands headers of a request to its programs as `HTTP_…`), `https_proxy` or
    /// `HTTPS_PROXY`, for both `all_proxy` or `ALL_PROXY`, with the exceptions in `no_proxy` or `NO_PROXY`.
    /// Of two spellings the lower case one counts; an empty variable is none.
    ///
    /// - Throws: the variable that is no proxy's address.
    public init(environment: [String: String]) throws(ProxyVariableError) {
        let general = try Self.proxy(["all_proxy", "ALL_PROXY"], environment)
        self.init(
            http: try Self.proxy(["http_proxy"], environment) ?? general,
            https: try Self.proxy(["https_proxy", "HTTPS_PROXY"], environment) ?? general,
            exceptions: ProxyExceptions(environment: environment))
    }

    /// The proxy on the way to the server of `url`, if there is one.
    public func proxy(for url: ServerURL) -> ProxyServer? {
        guard includesLoopback || !url.isLoopback else { return nil }
        guard let proxy = url.scheme == .https ? https : http else { return nil }
        return exceptions.contain(host: url.host, port: url.port) ? nil : proxy
    }

    private static func proxy(
        _ names: [String], _ environment: [String: String]
    ) throws(ProxyVariableError) -> ProxyServer? {
        for name in names {
            guard let text = environment[name].map(strippedLikePython), !text.isEmpty else { continue }
            do {
                return try ProxyServer(text)
            } catch {
                throw ProxyVariableError(name: name, error: error)
            }
        }
        return nil
    }
}

/// A variable of the environment that should be a proxy's address, and is none.
public struct ProxyVariableError: Error, Hashable, Sendable {
    public var name: String
    public var error: ProxyAddressError
}
