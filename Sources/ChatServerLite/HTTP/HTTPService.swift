import ChatWire
import Logging

/// The services of a connection: requests with one answer each, and realtime protocols at their own paths.
struct HTTPService: Sendable {
    /// The largest body of a request, in bytes.
    var requestBodyBytes: Int
    /// How long a connection may take to send a request, or stay idle between two requests.
    var requestTimeout: Duration
    /// How long a TLS handshake may take from the beginning of the connection.
    var handshakeTimeout = Duration.seconds(20)
    var allowedOrigins: AllowedOrigins
    /// Whether browsers get the header fields of the real server's libraries.
    var allowsOriginsAsRecorded = false
    /// The proxies whose word on a client's address is believed.
    var proxies = TrustedProxies()
    /// Notices a proxy that is not trusted; nil where the addresses of clients do not matter.
    var proxyHint: ProxyHint?
    var logger: Logger
    /// Runs tasks on the event loop of the sockets.
    var taskExecutor: EventLoopTaskExecutor
    /// The realtime protocols by path. The path has no slash at the end.
    var realtime: [String: RealtimePath]
    /// Counts the bodies that are being received, by the peer's address.
    var bodies = ByteBudget<String>(each: 8 << 20, all: 48 << 20)
    /// Counts the bytes that wait for realtime clients to read them, by account; nil counts nothing.
    var backlogs: ByteBudget<UserID>?
    /// Decides on a request before its body arrives, given the announced length in bytes.
    var admitRoute: @Sendable (RouteRequest, _ announced: Int?) -> Admission = { _, _ in .body(Self.smallBody)
    }
    var respond: @Sendable (RouteRequest) async -> RouteResponse
}

/// The decision on a request before its body arrives.
enum Admission: Sendable {
    /// Read the body, up to this many bytes.
    case body(Int)
    /// Answer at once and close the connection.
    case refuse(RouteResponse)
}

extension HTTPService {
    /// The longest body that is read before anything is known about its sender, in bytes.
    static let smallBody = API.smallBodyBytesMax
    /// The longest message on a realtime connection before sign-in, in bytes: more than a token needs.
    static let strangerBytes = 16_384

    /// Logs the path without its query: a path holds ids at most, a query may hold what somebody searched for.
    func log(_ head: HTTPRequestHead, _ response: RouteResponse) {
        guard logger.logLevel <= .debug else { return }
        let (path, _) = RequestTarget.split(head.target)
        logger.debug(
            "request",
            metadata: [
                "method": "\(head.method)", "path": "\(path.prefix(80))",
                "status": "\(response.status)",
            ])
    }

    /// Where a request comes from.
    func client(of peer: String, _ headers: HTTPHeaders) -> ClientAddress {
        proxyHint?.note(peer, headers, proxies)
        return proxies.client(of: peer, headers)
    }

    /// Decides on a request before its body arrives.
    func admit(_ head: HTTPRequestHead, _ request: RouteRequest, announced: Int?) -> Admission {
        switch realtime[request.path.pattern] {
        case .engine(let gateway):
            return gateway.admit(
                head, query: request.query, origins: allowedOrigins, announced: announced,
                small: Self.smallBody, most: requestBodyBytes)
        case .webSocket: return .body(Self.smallBody)
        case nil: return admitRoute(request, announced)
        }
    }
}

/// The protocol of a path.
package enum RealtimePath: Sendable {
    /// Engine.IO: websocket, polling, and the upgrade from polling to a websocket.
    case engine(EngineGateway)
    /// Plain websockets, each with its own user.
    case webSocket(WebSocketHandler.Limits, makeUser: @Sendable () -> any WebSocketUser)
}

extension HTTPService {
    /// The chat API and its realtime protocol.
    init(context: ServerContext, sessions: EngineSessions) {
        let limits = context.configuration.limits
        let gateway = EngineGateway(
            settings: EngineGateway.Settings(
                pingInterval: limits.pingInterval, pingTimeout: limits.pingTimeout,
                maxPayload: limits.maxPayload, policy: .recorded, backlogBytes: limits.outgoingBacklogBytes,
                strangerBytes: Self.strangerBytes, messageTimeout: limits.messageTimeout,
                behaviour: context.configuration.behaviour.realtime),
            sessions: sessions, backlogs: context.backlogs,
            admitClient: { [limits = context.limits] (client) throws(RequestLimiter.Refused) in
                try limits.take(.connections, from: client)
            }
        ) { ClientConnection(server: context, handshake: $0, isLocal: $1.isLocal) }
        let api = APIService(context: context)
        let operation = OperationService(context: context, isSeparate: false)
        self.init(
            requestBodyBytes: limits.requestBodyBytes, requestTimeout: limits.requestTimeout,
            handshakeTimeout: limits.handshakeTimeout, allowedOrigins: context.configuration.allowedOrigins,
            allowsOriginsAsRecorded: context.configuration.behaviour.realtime.allowsOriginsAsRecorded,
            proxies: context.configuration.trustedProxies, proxyHint: ProxyHint(context.logger),
            logger: context.logger, taskExecutor: context.taskExecutor,
            realtime: ["/socket.io": .engine(gateway)],
            backlogs: context.backlogs,
            admitRoute: { api.admit($0, announced: $1) }
        ) { request in
            if let response = await operation.respond(to: request) { return response }
            return await api.respond(to: request)
        }
    }
}
