import Logging
import NIOCore
import NIOPosix

/// Accepts connections and sets up their handlers: HTTP/1.1 first, a websocket if the client asks for it.
enum HTTPPipeline {
    /// The bootstrap of the listener. The caller binds it.
    static func bootstrap(
        _ group: MultiThreadedEventLoopGroup, service: HTTPService, connections: ConnectionRegistry,
        logger: Logger
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ProcessInheritance.close(channel)
                    try channel.pipeline.syncOperations.addHandler(AcceptGuard(logger: logger))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ProcessInheritance.close(channel)
                    guard let lease = connections.add(channel) else { return channel.close(promise: nil) }
                    try channel.pipeline.syncOperations.addHandler(
                        HTTPConnectionHandler(service: service, lease: lease))
                }
            }
    }
}
