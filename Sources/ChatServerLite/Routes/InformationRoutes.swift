import ChatWire

/// What the server says about itself.
enum InformationRoutes {
    static let all = [
        Route(.get, "/") { (_, context) async throws(RouteError) in
            let capabilities = context.configuration.behaviour.capabilities
            let information = ServerInformation(
                name: "MyChat API", version: "1.0.0", capabilities: Set(capabilities),
                epoch: capabilities.contains(.sync)
                    ? SyncCursor(epoch: context.store.epoch, sequence: 0).epochText : nil)
            return .plain { information.write(to: &$0) }
        },
        Route(.get, "/health") { (_, context) async throws(RouteError) in
            let isAlive = try? await context.store.lookUp { view in
                try view.isAlive()
            }
            return isAlive == true && !context.store.isGone ? healthy : unhealthy
        },
    ]

    private static let healthy = health(
        status: 200, "OK", database: "connected", message: "API is running correctly")
    private static let unhealthy = health(
        status: 503, "ERROR", database: "disconnected", message: "API is not running perfectly")

    private static func health(
        status: Int, _ word: String, database: String, message: String
    ) -> RouteResponse {
        .plain(status: status) { writer in
            writer.value([
                "status": .string(word), "database": .string(database), "message": .string(message),
            ])
        }
    }
}
