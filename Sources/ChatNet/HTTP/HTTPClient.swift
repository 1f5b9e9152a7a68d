import ChatWire

/// Sends HTTP/1.1 requests and keeps connections for later ones. It lives on its I/O thread.
///
/// Requests may run in parallel; each has its own connection. Cancelling the task of a request closes its connection.
public actor HTTPClient {
    public nonisolated let thread: IOThread
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    public nonisolated let configuration: NetConfiguration

    private struct Idle {
        let connection: Connection
        let expiry: IOTimer
        let since: MonotonicInstant
    }

    /// How long a connection may have been idle for a request that cannot be repeated. Servers close idle connections
    /// after seconds, and a request sent at that moment is lost.
    private static let idlenessMax = Duration.seconds(1)

    /// Keyed by origin, the most recently used last.
    private var idle: [String: [Idle]] = [:]

    /// A failed exchange on one connection.
    private struct ExchangeFailure: Error {
        let error: NetError
        /// Whether the server had begun to answer.
        let responseHasBegun: Bool
    }

    public init(thread: IOThread, configuration: NetConfiguration) {
        self.thread = thread
        self.configuration = configuration
    }

    deinit {
        for kept in idle.values.joined() { kept.expiry.cancel() }
    }

    /// Sends `request` to the server of `url` and returns the response, whatever its status.
    ///
    /// The request's target is sent unchanged: make it with ``ServerURL/target(for:)``. Redirects are followed where
    /// that is safe. A repeatable request (GET, HEAD, PUT, DELETE, OPTIONS) is sent once more when a kept connection
    /// turns out to be dead. Others are not repeated, because the server may have received them; they use a new
    /// connection when the kept one has been idle for a second.
    ///
    /// - Parameters:
    ///   - headTimeout: how long the head of the response may take; nil for the configured time.
    ///   - isRepeatable: whether it is safe to send the request twice; nil when the method decides.
    ///   - staysAtOrigin: whether a redirect to another origin is refused.
    ///   - readsBody: false when only the head of the response is of interest. The response then has no body; none is
    ///     awaited or kept, however it is framed.
    public func execute(
        _ request: HTTPRequest, at url: ServerURL, answeredWithin headTimeout: Duration? = nil,
        isRepeatable: Bool? = nil, staysAtOrigin: Bool = false, readsBody: Bool = true
    ) async throws(NetError) -> HTTPResponse {
        let terms = Terms(
            headTimeout: headTimeout ?? configuration.timeouts.responseHead, isRepeatable: isRepeatable,
            readsBody: readsBody)
        var next = HTTPRedirect(url: url, request: request)
        for _ in 0...max(0, configuration.limits.redirects) {
            let response = try await exchange(next.request, at: next.url, terms)
            if response.status == 407, let proxy = configuration.proxy.proxy(for: next.url) {
                let failure =
                    proxy.credentials == nil ? ProxyFailure.credentialsRequired : .credentialsRefused
                throw .proxy(failure, proxy: proxy.endpoint)
            }
            guard let redirect = try HTTPRedirect.next(after: response, to: next.request, at: next.url) else {
                return response
            }
            if staysAtOrigin, redirect.url.origin != url.origin {
                throw .redirectRefused(location: redirect.url.origin)
            }
            next = redirect
        }
        throw .tooManyRedirects(limit: configuration.limits.redirects)
    }

    /// Closes the connections that are kept for later requests.
    public func closeIdleConnections() async {
        let kept = idle.values.joined()
        idle.removeAll()
        for one in kept {
            one.expiry.cancel()
            await one.connection.close()
        }
    }

    /// A caller's options for a request.
    private struct Terms {
        let headTimeout: Duration
        let isRepeatable: Bool?
        let readsBody: Bool
    }

    private func exchange(
        _ request: HTTPRequest, at url: ServerURL, _ terms: Terms
    ) async throws(NetError) -> HTTPResponse {
        guard !Task.isCancelled else { throw .cancelled }
        let forwarder = Self.forwarder(for: url, configuration.proxy)
        let bytes = try Self.serialized(request, to: url, by: forwarder)
        let isRepeatable = terms.isRepeatable ?? request.method.isRepeatable
        if let kept = await takeIdle(url.origin, atMostIdle: isRepeatable ? nil : Self.idlenessMax) {
            do throws(ExchangeFailure) {
                return try await perform(request, bytes, on: kept, origin: url.origin, terms)
            } catch {
                guard case .closed = error.error, !error.responseHasBegun, isRepeatable else {
                    throw error.error
                }
            }
        }
        let connection = try await open(to: url, by: forwarder)
        do throws(ExchangeFailure) {
            return try await perform(request, bytes, on: connection, origin: url.origin, terms)
        } catch {
            throw error.error
        }
    }

    // MARK: - Through a proxy

    /// The proxy that receives requests to `http` servers whole and forwards them (RFC 9112 section 3.2.2). Proxies
    /// that allow CONNECT only to secure ports support this too.
    private static func forwarder(for url: ServerURL, _ policy: ProxyPolicy) -> ProxyServer? {
        guard url.scheme == .http, let proxy = policy.proxy(for: url), proxy.kind == .http else { return nil }
        return proxy
    }

    private static func serialized(
        _ request: HTTPRequest, to url: ServerURL, by forwarder: ProxyServer?
    ) throws(NetError) -> [UInt8] {
        var request = request
        if forwarder != nil { request.target = url.origin + request.target }
        if let credentials = forwarder?.credentials {
            // Base64 is always a valid value.
            try? request.headers.add("Proxy-Authorization", credentials.basic)
        }
        do {
            return try request.serialized(authority: url.hostHeader)
        } catch {
            throw .invalidRequest(error)
        }
    }

    private func open(to url: ServerURL, by forwarder: ProxyServer?) async throws(NetError) -> Connection {
        guard let forwarder else {
            return try await ConnectionOpener(configuration: configuration, thread: thread).open(to: url)
        }
        if let port = UInt16(exactly: url.port) {
            try configuration.addresses.check(host: url.host, port: port, endpoint: url.hostHeader)
        }
        return try await ConnectionOpener(configuration: configuration, thread: thread).open(proxy: forwarder)
    }

    private func perform(
        _ request: HTTPRequest, _ bytes: [UInt8], on connection: Connection, origin: String,
        _ terms: Terms
    ) async throws(ExchangeFailure) -> HTTPResponse {
        // The response to HEAD ends with its head.
        var parser = HTTPResponseParser(
            method: terms.readsBody ? request.method : .head, limits: configuration.limits.http)
        var responseHasBegun = false
        do throws(NetError) {
            try await connection.send(bytes)
            let response = try await receive(&parser, &responseHasBegun, from: connection, terms)
            if parser.connectionIsReusable, terms.readsBody || Self.isBodyless(response) {
                await keep(connection, for: origin)
            } else {
                await connection.close()
            }
            return response
        } catch {
            await connection.abort()
            throw ExchangeFailure(error: error, responseHasBegun: responseHasBegun)
        }
    }

    /// Whether nothing follows the head, even for requests other than HEAD.
    private static func isBodyless(_ response: HTTPResponse) -> Bool {
        response.status == 204 || response.headers["Content-Length"] == "0"
    }

    private func receive(
        _ parser: inout HTTPResponseParser, _ hasBegun: inout Bool, from connection: Connection,
        _ terms: Terms
    ) async throws(NetError) -> HTTPResponse {
        let headDeadline = thread.now + terms.headTimeout
        var bodyDeadline: MonotonicInstant?
        while true {
            if bodyDeadline == nil, parser.progress == .body {
                bodyDeadline = thread.now + configuration.timeouts.responseBody
            }
            let phase = bodyDeadline == nil ? NetPhase.responseHead : .responseBody
            let bytes = try await connection.read(until: bodyDeadline ?? headDeadline, phase: phase)
            if bytes != nil { hasBegun = true }
            if let response = try parser.advance(bytes, from: connection.endpoint) { return response }
        }
    }

    // MARK: - Kept connections

    /// A kept connection on which nothing has happened since; connections on which something has happened are closed.
    ///
    /// - Parameter limit: The longest idle time; nil for any time.
    private func takeIdle(_ origin: String, atMostIdle limit: Duration?) async -> Connection? {
        let now = thread.now
        // The most recently used one is last: when it has been idle for too long, all have.
        if let limit, let last = idle[origin]?.last, last.since.duration(to: now) >= limit { return nil }
        while let kept = idle[origin]?.popLast() {
            kept.expiry.cancel()
            if await kept.connection.isQuiet() { return kept.connection }
            await kept.connection.close()
        }
        return nil
    }

    private func keep(_ connection: Connection, for origin: String) async {
        guard (idle[origin]?.count ?? 0) < configuration.limits.idleConnections else {
            await connection.close()
            return
        }
        let expiry = thread.schedule(after: configuration.timeouts.keepAlive) { [weak self] in
            self?.assumeIsolated { $0.expire(connection, of: origin) }
        }
        idle[origin, default: []].append(Idle(connection: connection, expiry: expiry, since: thread.now))
    }

    private func expire(_ connection: Connection, of origin: String) {
        idle[origin]?.removeAll { $0.connection === connection }
        if idle[origin]?.isEmpty == true { idle[origin] = nil }
        connection.assumeIsolated { $0.close() }
    }
}

extension HTTPMethod {
    /// Whether sending it twice has the same effect as sending it once (RFC 9110 section 9.2.2).
    fileprivate var isRepeatable: Bool {
        switch self {
        case .get, .head, .put, .delete, .options: true
        case .post, .patch, .connect: false
        }
    }
}
