import Logging
import NIOCore
import NIOPosix

/// A server that has only realtime paths, made of parts of the chat server.
package final class RealtimeServer: Sendable {
    /// The port. If port 0 was requested, the port that the system chose.
    package let port: Int

    private let listener: any Channel
    private let ticks: RepeatedTask
    private let group: MultiThreadedEventLoopGroup
    private let connections: ConnectionRegistry

    private init(
        _ listener: any Channel, _ ticks: RepeatedTask, _ group: MultiThreadedEventLoopGroup,
        _ connections: ConnectionRegistry
    ) {
        self.listener = listener
        self.ticks = ticks
        self.group = group
        self.connections = connections
        port = listener.localAddress?.port ?? 0
    }

    /// Starts the server and listens.
    ///
    /// - Parameters:
    ///   - tls: the certificate and key of TLS; nil for plain HTTP.
    ///   - tickInterval: how late timeouts may be noticed.
    ///   - paths: the protocol of each path, given the sessions to use. Other paths are answered with 404.
    package static func start(
        host: String, port: Int, tls: TLSFiles? = nil, tickInterval: Duration, logger: Logger,
        paths: (EngineSessions) -> [String: RealtimePath]
    ) async throws -> RealtimeServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let sessions = EngineSessions(eventLoop: eventLoop)
        let connections = ConnectionRegistry(logger: logger)
        let service = HTTPService(
            requestBodyBytes: 1 << 20, requestTimeout: .seconds(75), allowedOrigins: .any, logger: logger,
            taskExecutor: EventLoopTaskExecutor(eventLoop: eventLoop), realtime: paths(sessions)
        ) { _ in RouteError.notFound.response }
        let listener: any Channel
        do {
            let pipeline = HTTPPipeline(
                group: group, service: service, connections: connections,
                certificates: try tls.map { try CertificateKeeper($0, logger: logger) }, logger: logger)
            listener = try await pipeline.bootstrap(isSecure: tls != nil).bind(host: host, port: port).get()
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        let interval = TimeAmount.nanoseconds(tickInterval.nanoseconds)
        let ticks = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            sessions.tick()
        }
        return RealtimeServer(listener, ticks, group, connections)
    }

    /// Returns when the server no longer listens.
    package func waitForEnd() async {
        try? await listener.closeFuture.get()
    }

    /// Closes all connections and stops the server.
    package func stop() async {
        try? await listener.close()
        connections.announceStop()
        connections.closeAll()
        await connections.allClosed()
        ticks.cancel()
        try? await group.shutdownGracefully()
    }
}
