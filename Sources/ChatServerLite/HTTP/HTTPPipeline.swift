import ChatCrypto
import Logging
import NIOCore
import NIOPosix

/// Accepts connections and sets up their handlers: TLS where it is wanted, HTTP/1.1, and a websocket if the client asks
/// for it.
struct HTTPPipeline: Sendable {
    let group: MultiThreadedEventLoopGroup
    let service: HTTPService
    let connections: ConnectionRegistry
    /// The certificate of TLS connections; nil when there are none.
    let certificates: CertificateKeeper?
    let logger: Logger
    private let pacer: NIOLoopBoundBox<HandshakePacer>

    /// - Parameter group: a group of one event loop.
    init(
        group: MultiThreadedEventLoopGroup, service: HTTPService, connections: ConnectionRegistry,
        certificates: CertificateKeeper?, logger: Logger
    ) {
        self.group = group
        self.service = service
        self.connections = connections
        self.certificates = certificates
        self.logger = logger
        let eventLoop = group.next()
        pacer = .makeBoxSendingValue(HandshakePacer(eventLoop), eventLoop: eventLoop)
    }

    /// The bootstrap of a listener. The caller binds it.
    ///
    /// - Parameters:
    ///   - isSecure: whether its connections begin with TLS.
    ///   - isInternet: whether they are TCP connections rather than those of a Unix socket.
    ///   - admits: who may connect.
    func bootstrap(
        isSecure: Bool, isInternet: Bool = true, admits: PeerAdmission = .everyone
    ) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Listener.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try ProcessInheritance.close(channel)
                    try channel.pipeline.syncOperations.addHandler(AcceptGuard(logger: logger))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ProcessInheritance.close(channel)
                    try admits.check(channel)
                    try addHandlers(channel, isSecure: isSecure)
                }
            }
        return isInternet ? bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1) : bootstrap
    }

    private func addHandlers(_ channel: any Channel, isSecure: Bool) throws {
        guard let lease = connections.add(channel) else { return channel.close(promise: nil) }
        if isSecure, let certificates {
            let session = try TLSSession(serverWith: certificates.context)
            let tls = TLSHandler(
                session: session, timeout: .nanoseconds(service.handshakeTimeout.nanoseconds),
                pacer: pacer.value, logger: logger)
            try channel.pipeline.syncOperations.addHandler(tls)
        }
        try channel.pipeline.syncOperations.addHandler(
            HTTPConnectionHandler(service: service, lease: lease))
    }
}
