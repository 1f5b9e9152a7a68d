// What changed since a cursor.
extension API {
    static let syncEndpoints: [any Endpoint.Type] = [Sync.self]

    public enum Sync: AccountEndpoint {
        public static let summary = "What changed since a cursor, in order."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/sync")
        public static let cursor = QueryItem<String>(
            "cursor", "The cursor of the answer before; without it, the changes begin with the oldest.")
        public static let limit = QueryLimit("At most this many changes.", standard: 500, maximum: 1000)
        public static let query = [cursor.description, limit.description]
        public static let answer = AnswerFormat<SyncAnswer>.data
        public static let capability: Capability? = .sync
    }

    /// What changed since `cursor` (nil for the beginning). Needs `Capability.sync`.
    public static func sync(cursor: String?, limit: Int = Sync.limit.standard) -> APICall<SyncAnswer> {
        Sync.call(query: [Sync.cursor(cursor), Sync.limit.item(limit)])
    }
}
