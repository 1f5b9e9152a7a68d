import ChatWire

/// Finds the route for a request.
struct Router: Sendable {
    private let table: [String: [Route]]

    init(_ routes: [Route]) {
        table = Dictionary(grouping: routes, by: \.pattern)
    }

    /// How to answer a request.
    enum Match: Sendable {
        case route(Route)
        /// OPTIONS on a path of the API, which has these methods.
        case preflight([String])
    }

    /// - Throws: `notFound`, or `methodNotAllowed` when the path has only other methods.
    func match(_ method: HTTPMethod?, _ path: RequestPath) throws(RouteError) -> Match {
        guard let routes = table[path.pattern] else { throw .notFound }
        // HEAD is answered like GET. The body is left out later.
        let wanted = method == .head ? .get : method
        if let route = routes.first(where: { $0.method == wanted }) { return .route(route) }
        let methods = allowedMethods(routes)
        if method == .options { return .preflight(methods) }
        throw .methodNotAllowed(methods)
    }

    private func allowedMethods(_ routes: [Route]) -> [String] {
        var methods = routes.map(\.method.rawValue) + ["OPTIONS"]
        if methods.contains("GET") { methods.append("HEAD") }
        return methods.sorted()
    }
}
