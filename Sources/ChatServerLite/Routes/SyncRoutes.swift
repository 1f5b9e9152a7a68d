import ChatWire

/// The route that returns everything that changed since a cursor.
enum SyncRoutes {
    static let all = [Route(sync)]

    @Sendable
    private static func sync(
        _ call: RouteCall<API.Sync>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Sync> {
        let limits = API.Sync.limit
        let limit = call[limits.item].flatMap { Int($0) } ?? limits.standard
        let cursor = call[API.Sync.cursor]
        return try await context.large(for: user) { view in
            Reply(
                try SyncPage.read(for: user, since: cursor, limit: min(max(limit, 1), limits.maximum), view))
        }
    }
}
