import ChatWire

/// Whether connections go through a proxy, and through which one.
public struct ProxyPolicy: Hashable, Sendable {
    /// For servers with `http` addresses.
    public var http: ProxyServer?
    /// For servers with `https` addresses.
    public var https: ProxyServer?
    /// Servers that are reached without a proxy.
    public var exceptions: ProxyExceptions
    /// Whether servers on this machine are reached through the proxy too; the proxy would then look on its own
    /// machine.
    public var includesLoopback: Bool
    /// The variables that should name a proxy for servers of a scheme, and contain no valid address. They matter only
    /// to those servers.
    public var problems: [ServerURL.Scheme: ProxyVariableError] = [:]

    public init(
        http: ProxyServer? = nil, https: ProxyServer? = nil, exceptions: ProxyExceptions = ProxyExceptions(),
        includesLoopback: Bool = false
    ) {
        self.http = http
        self.https = https
        self.exceptions = exceptions
        self.includesLoopback = includesLoopback
    }

    /// Direct connections only.
    public static let none = ProxyPolicy()

    /// Reads the environment variables as curl does: `http_proxy` (only in lower case, because a web server passes
    /// request headers to its programs as `HTTP_…`), `https_proxy` or `HTTPS_PROXY`, and for both `all_proxy` or
    /// `ALL_PROXY`, with the exceptions in `no_proxy` or `NO_PROXY`. The lower case spelling wins; an empty variable
    /// counts as unset.
    ///
    /// An invalid proxy address is an error for the servers that would be reached through it.
    public init(environment: [String: String]) {
        self.init(exceptions: ProxyExceptions(environment: environment))
        let variables: [(ServerURL.Scheme, [String])] = [
            (.http, ["http_proxy", "all_proxy", "ALL_PROXY"]),
            (.https, ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
        ]
        for (scheme, names) in variables {
            do throws(ProxyVariableError) {
                let proxy = try Self.proxy(names, environment)
                if scheme == .http { http = proxy } else { https = proxy }
            } catch {
                problems[scheme] = error
            }
        }
    }

    /// The proxy on the way to the server of `url`, if there is one.
    public func proxy(for url: ServerURL) -> ProxyServer? {
        guard let proxy = url.scheme == .https ? https : http else { return nil }
        return isDirect(url) ? nil : proxy
    }

    /// The variable that should name the proxy for the server of `url`, and does not.
    public func problem(for url: ServerURL) -> ProxyVariableError? {
        guard let problem = problems[url.scheme] else { return nil }
        return isDirect(url) ? nil : problem
    }

    private func isDirect(_ url: ServerURL) -> Bool {
        !includesLoopback && url.isLoopback || exceptions.contain(host: url.host, port: url.port)
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

/// An environment variable that should be a proxy's address, and is not.
public struct ProxyVariableError: Error, Hashable, Sendable {
    public var name: String
    public var error: ProxyAddressError
}
