import ChatWire
import Logging

/// Answers API requests: finds the route, runs it, and turns its errors into responses.
struct APIService: Sendable {
    let context: ServerContext
    private let router: Router

    /// A route for each endpoint of the API.
    static let routes =
        InformationRoutes.all + AuthRoutes.all + SessionRoutes.all + ContactRoutes.all + MessageRoutes.all
        + SyncRoutes.all + PushRoutes.all

    init(context: ServerContext) {
        self.context = context
        let behaviour = context.configuration.behaviour
        router = Router(Self.routes.filter { route in route.capability.map { behaviour.has($0) } ?? true })
    }

    private func response(to error: RouteError) -> RouteResponse {
        let response = error.response
        guard context.configuration.behaviour.hasErrorPages else { return response }
        return RoutingErrorPage.page(for: error, response) ?? response
    }

    /// Decides on a request before its body arrives. A short body is always read. A long body is read only if
    /// the route accepts it and the token, where the route needs one, may be valid.
    func admit(_ request: RouteRequest, announced: Int?) -> Admission {
        if let announced, announced <= HTTPService.smallBody { return .body(HTTPService.smallBody) }
        do throws(RouteError) {
            guard case .route(let route) = try router.match(request.method, request.path) else {
                return .body(HTTPService.smallBody)
            }
            if route.needsToken { try AccessToken.check(request, context) }
            return .body(route.bodyBytes)
        } catch {
            return .refuse(counted(response(to: error), to: request, error))
        }
    }

    /// Answers a request, and logs it where that is asked for.
    func respond(to request: RouteRequest) async -> RouteResponse {
        guard context.configuration.logsRequests else { return await answer(request) }
        let note = RequestNote()
        var noted = request
        noted.note = note
        let start = ServerClock.monotonic()
        var response = await answer(noted)
        let microseconds = (ServerClock.monotonic().nanoseconds - start.nanoseconds) / 1000
        try? response.headers.add("X-Request-ID", note.id)
        context.logger.info(
            "request",
            metadata: [
                "id": "\(note.id)", "method": "\(request.method?.rawValue ?? "?")",
                "path": "\(request.path.pattern.prefix(80))", "status": "\(response.status)",
                "account": "\(note.account.map { "\($0)" } ?? "-")", "microseconds": "\(microseconds)",
            ])
        return response
    }

    /// Answers a request. An error becomes a response, and a database failure is logged.
    private func answer(_ request: RouteRequest) async -> RouteResponse {
        let start = ServerClock.monotonic()
        defer {
            context.traffic.requests.times.observe(
                Int(ServerClock.monotonic().nanoseconds - start.nanoseconds))
        }
        do throws(RouteError) {
            switch try router.match(request.method, request.path) {
            case .preflight(let methods):
                var response = RouteResponse(status: 200, body: [])
                response.contentType = "text/html; charset=utf-8"
                response.allowedMethods = methods
                return counted(response, to: request)
            case .route(let route):
                return counted(try await route.respond(request, context), to: request)
            }
        } catch {
            if case .storage(let failure) = error { context.logFailure(.storage(failure)) }
            return counted(response(to: error), to: request, error)
        }
    }

    private func counted(
        _ response: RouteResponse, to request: RouteRequest, _ error: RouteError? = nil
    ) -> RouteResponse {
        context.traffic.requests.answered(request, status: response.status)
        if let reason = error.flatMap({ RefusalReason($0) }) { context.traffic.refused(reason) }
        return response
    }
}
