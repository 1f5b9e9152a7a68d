import ChatWire

/// One entry of the API: a method, a path, and what answers it.
struct Route: Sendable {
    typealias Responder =
        @Sendable (RouteRequest, ServerContext) async throws(RouteError) -> RouteResponse

    let method: HTTPMethod
    /// As `RequestPath.pattern` has it: `#` stands for a number.
    let pattern: String
    let respond: Responder
    /// The extension that the route belongs to; nil for the API as recorded.
    private(set) var capability: Capability?
    /// How long a body may be.
    private(set) var bodyBytes = HTTPService.smallBody
    /// Whether it is for users who are signed in.
    private(set) var needsToken = false

    /// A route that anyone may call.
    init(_ method: HTTPMethod, _ pattern: String, _ respond: @escaping Responder) {
        self.method = method
        self.pattern = pattern
        self.respond = respond
    }

    /// A route for users who are signed in.
    init(
        _ method: HTTPMethod, _ pattern: String,
        for user:
            @escaping @Sendable (RouteRequest, User, ServerContext) async throws(RouteError)
            -> RouteResponse
    ) {
        self.init(method, pattern) { (request, context) async throws(RouteError) in
            let signedIn = try await AccessToken.user(of: request, context)
            return try await user(request, signedIn, context)
        }
        needsToken = true
    }

    /// The same route, for longer bodies.
    func taking(_ bytes: Int) -> Route {
        var route = self
        route.bodyBytes = bytes
        return route
    }

    /// The same route, for servers that have the extension.
    func belonging(to capability: Capability) -> Route {
        var route = self
        route.capability = capability
        return route
    }
}
