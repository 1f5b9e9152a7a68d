import ChatWire

/// The routes with information about the server.
enum InformationRoutes {
    static let all = [Route(information), Route(health)]

    @Sendable
    private static func information(
        _ call: RouteCall<API.Information>, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Information> {
        let capabilities = context.configuration.behaviour.capabilities
        return Reply(
            ServerInformation(
                name: "MyChat API", version: "1.0.0", capabilities: Set(capabilities),
                epoch: capabilities.contains(.sync)
                    ? SyncCursor(epoch: context.store.epoch, sequence: 0).epochText : nil))
    }

    @Sendable
    private static func health(
        _ call: RouteCall<API.Health>, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Health> {
        let isAlive = try? await context.store.lookUp { view in
            try view.isAlive()
        }
        let isHealthy = isAlive == true && !context.store.isGone
        return Reply(ServerHealth(isHealthy: isHealthy), status: isHealthy ? 200 : 503)
    }
}
