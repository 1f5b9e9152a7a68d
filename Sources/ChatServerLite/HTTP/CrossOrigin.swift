/// What a response tells browsers about pages of other origins (the Fetch standard's CORS protocol).
enum CrossOrigin: Equatable, Sendable {
    /// The API's: for the configured origins, the same in every response.
    case api
    /// That of an answer for a realtime session: the page that asks is named, and may send credentials.
    case engine
    /// A request for a realtime session that is none. The real server leaves the fields out.
    case noEngine
    /// A path that no route has. The real server answers a preflight of it for two (recorded).
    case noRoute

    private static let methods = "GET, POST, PUT, DELETE, OPTIONS"
    private static let requestFields = "Content-Type, Authorization"

    /// What a response needs to know of its request.
    struct Request {
        var origin: String?
        /// `Access-Control-Request-Headers`
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

    /// The page that asks, by name: browsers want that where credentials are sent.
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
