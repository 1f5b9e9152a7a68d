/// The header fields that tell browsers what pages of other origins may do (the CORS protocol of the Fetch
/// standard).
enum CrossOrigin: Equatable, Sendable {
    /// A response of the API. It allows the configured origins and is the same for every request.
    case api
    /// A response of a realtime session. It names the requesting page's origin, which may send credentials.
    case engine
    /// The refusal of a request that belongs to no realtime session. The real server leaves out the fields.
    case noEngine
    /// The response for a path without a route. To a preflight the real server sends two sets of fields, as
    /// recorded.
    case noRoute

    private static let methods = "GET, POST, PUT, DELETE, OPTIONS"
    private static let requestFields = "Content-Type, Authorization"

    /// The parts of the request that the fields depend on.
    struct Request {
        var origin: String?
        /// The value of `Access-Control-Request-Headers`.
        var wantedFields: String?
        var isPreflight: Bool
    }

    /// The header fields, in order.
    func fields(
        for request: Request, allowed: AllowedOrigins, asRecorded: Bool
    ) -> [(name: String, value: String)] {
        switch (self, asRecorded) {
        case (.engine, false): Self.named(request, allowed) + Self.permissions(request)
        case (.engine, true): Self.recordedEngine(request, allowed)
        case (.noEngine, true): []
        case (.noRoute, true):
            Self.recordedPreflight(request, allowed) + Self.everywhere(request, allowed)
        case (.api, _), (.noEngine, false), (.noRoute, false): Self.everywhere(request, allowed)
        }
    }

    private static func everywhere(_ request: Request, _ allowed: AllowedOrigins) -> [(String, String)] {
        origin(request, allowed) + [
            ("Access-Control-Allow-Headers", requestFields), ("Access-Control-Allow-Methods", methods),
        ] + (allowed == .any ? [] : [("Vary", "Origin")])
    }

    /// Names the requesting page's origin. Browsers require that when credentials are sent.
    private static func named(_ request: Request, _ allowed: AllowedOrigins) -> [(String, String)] {
        guard let origin = request.origin, allowed.allows(origin) else {
            return origin(request, allowed)
        }
        return [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"),
            ("Vary", "Origin"),
        ]
    }

    private static func origin(_ request: Request, _ allowed: AllowedOrigins) -> [(String, String)] {
        allowed.headerValue(for: request.origin).map { [("Access-Control-Allow-Origin", $0)] } ?? []
    }

    private static func permissions(_ request: Request) -> [(String, String)] {
        [
            (
                "Access-Control-Allow-Headers",
                (request.isPreflight ? request.wantedFields : nil) ?? requestFields
            ),
            ("Access-Control-Allow-Methods", methods),
        ]
    }

    private static func recordedEngine(_ request: Request, _ allowed: AllowedOrigins) -> [(String, String)] {
        var fields: [(String, String)] = []
        if let origin = request.origin, allowed.allows(origin) {
            fields.append(("Access-Control-Allow-Origin", origin))
        }
        if request.isPreflight {
            fields.append(("Access-Control-Allow-Methods", "OPTIONS, GET, POST"))
            if let wanted = request.wantedFields { fields.append(("Access-Control-Allow-Headers", wanted)) }
        }
        return fields + [("Access-Control-Allow-Credentials", "true")]
    }

    private static func recordedPreflight(_ request: Request, _ allowed: AllowedOrigins) -> [(String, String)]
    {
        guard request.isPreflight, let origin = request.origin, allowed.allows(origin) else { return [] }
        return [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "DELETE, GET, OPTIONS, POST, PUT"), ("Vary", "Origin"),
        ]
    }
}
