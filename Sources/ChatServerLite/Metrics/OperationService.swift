import ChatCrypto
import ChatWire

/// Answers the requests of those who run the server: `/metrics` and `/ready`. They are no part of the API.
struct OperationService: Sendable {
    let context: ServerContext
    /// Whether this is the listener of the metrics alone.
    let isSeparate: Bool
    private let readiness: Readiness

    init(context: ServerContext, isSeparate: Bool) {
        self.context = context
        self.isSeparate = isSeparate
        readiness = Readiness(store: context.store)
    }

    /// The answer; nil for a request of the API.
    func respond(to request: RouteRequest) async -> RouteResponse? {
        switch request.path.pattern {
        case "/metrics" where servesMetrics:
            guard isRead(request) else { return RouteError.methodNotAllowed(["GET", "HEAD"]).response }
            guard isAdmitted(request) else { return Self.unauthorized }
            return Self.plain(await MetricsReport(context: context).text(), type: MetricText.contentType)
        case "/ready" where hasExtensions:
            guard isRead(request) else { return RouteError.methodNotAllowed(["GET", "HEAD"]).response }
            guard let wait = Readiness.wait(request.query["wait"]) else {
                return Self.plain("wait is a time such as 5s or 500ms, at most 60s\n", status: 400)
            }
            let isReady = await readiness.wait(atMost: wait)
            return Self.plain(isReady ? "ready\n" : "not ready\n", status: isReady ? 200 : 503)
        default: return nil
        }
    }

    private var hasExtensions: Bool { context.configuration.behaviour != .original }

    /// Beside the API the metrics need a token: everyone can reach that address.
    private var servesMetrics: Bool {
        guard let metrics = context.configuration.metrics else { return false }
        return isSeparate || (metrics.address == nil && metrics.token != nil)
    }

    private func isRead(_ request: RouteRequest) -> Bool { request.method == .get || request.method == .head }

    private func isAdmitted(_ request: RouteRequest) -> Bool {
        guard let token = context.configuration.metrics?.token else { return true }
        guard let given = request.headers["Authorization"],
            given.lowercased().hasPrefix("bearer ")
        else { return false }
        return constantTimeEqual(Array(given.dropFirst("bearer ".count).utf8), Array(token.utf8))
    }

    private static var unauthorized: RouteResponse {
        var response = plain("a token is needed\n", status: 401)
        response.headers =
            (try? HTTPHeaders([("WWW-Authenticate", "Bearer")])) ?? HTTPHeaders()
        return response
    }

    private static func plain(
        _ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8"
    ) -> RouteResponse {
        var response = RouteResponse(status: status, body: Array(text.utf8))
        response.contentType = type
        return response
    }
}
