import Logging
import NIOCore
import NIOPosix

/// The listener for metrics alone, on an address of its own.
struct MetricsListener: Sendable {
    private let channel: any Channel
    private let connections: ConnectionRegistry

    /// The port that it listens on.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// Listens where the configuration says; nil when it says nothing.
    static func open(
        _ context: ServerContext, _ group: MultiThreadedEventLoopGroup
    ) async throws(ServerStartError) -> MetricsListener? {
        guard let address = context.configuration.metrics?.address else { return nil }
        let operation = OperationService(context: context, isSeparate: true)
        let service = HTTPService(
            requestBodyBytes: 1024, requestTimeout: context.configuration.limits.requestTimeout,
            allowedOrigins: .none, logger: context.logger, taskExecutor: context.taskExecutor, realtime: [:]
        ) { await operation.respond(to: $0) ?? RouteError.notFound.response }
        let connections = ConnectionRegistry(
            limits: ConnectionRegistry.Limits(all: connectionsMax), logger: context.logger)
        let pipeline = HTTPPipeline(
            group: group, service: service, connections: connections, certificates: nil,
            logger: context.logger)
        do {
            let bootstrap = pipeline.bootstrap(isSecure: false)
            let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
            let listener = MetricsListener(channel: channel, connections: connections)
            context.logger.info(
                "metrics", metadata: ["host": "\(address.host)", "port": "\(listener.port)"])
            return listener
        } catch {
            let reason = (error as? IOError).map { ServerStartError.words(for: $0.errnoCode) } ?? "\(error)"
            throw .cannotListenForMetrics(host: address.host, port: address.port, reason: reason)
        }
    }

    private static let connectionsMax = 64

    func close() async {
        try? await channel.close()
        connections.closeAll()
    }
}
