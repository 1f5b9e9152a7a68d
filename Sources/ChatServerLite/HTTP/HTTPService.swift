import ChatWire
import Logging

/// What a connection serves: requests that have one answer, and realtime protocols at paths of their own.
struct HTTPService: Sendable {
    /// The largest body of a request.
    var requestBodyBytes: Int
    /// How long a connection may take for a request, or stay idle between two.
    var requestTimeout: Duration
    var allowedOrigins: AllowedOrigins
    /// Whose header fields browsers are given.
    var manner = ServerBehaviour.Manner.extended
    var logger: Logger
    /// Runs tasks on the event loop of the sockets.
    var taskExecutor: EventLoopTaskExecutor
    /// By the path, without a slash at the end.
    var realtime: [String: RealtimePath]
    var respond: @Sendable (RouteRequest) async -> RouteResponse
}

/// What is spoken at a path.
package enum RealtimePath: Sendable {
    /// Engine.IO: websocket, polling, and the change from one to the other.
    case engine(EngineGateway)
    /// Plain websockets, each with a user of its own.
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
                manner: context.configuration.behaviour.realtime),
            sessions: sessions
        ) { ClientConnection(server: context, handshake: $0) }
        let api = APIService(context: context)
        self.init(
            requestBodyBytes: limits.requestBodyBytes, requestTimeout: limits.requestTimeout,
            allowedOrigins: context.configuration.allowedOrigins,
            manner: context.configuration.behaviour.realtime, logger: context.logger,
            taskExecutor: context.taskExecutor, realtime: ["/socket.io": .engine(gateway)]
        ) { await api.respond(to: $0) }
    }
}
