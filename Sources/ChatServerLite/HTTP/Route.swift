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
    }

    /// The same route, for servers that have the extension.
    func belonging(to capability: Capability) -> Route {
        var route = self
        route.capability = capability
        return route
    }
}
