import ChatWire

/// Everything that changed since a cursor.
enum SyncRoutes {
    static let all = [Route(.get, "/api/sync", for: sync).belonging(to: .sync)]

    private static let limitMax = 1000

    @Sendable
    private static func sync(
        _ request: RouteRequest, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let limit = request.query["limit"].flatMap { Int($0) } ?? 500
        let cursor = request.query["cursor"]
        return try await context.large(for: user) { view in
            let page = try SyncPage.read(
                for: user, since: cursor, limit: min(max(limit, 1), limitMax), view)
            return .success { page.writeMembers(to: &$0) }
        }
    }
}
