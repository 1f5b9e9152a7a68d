import ChatWire
import Logging
import NIOHTTP1

/// What a connection serves: requests that have one answer, and realtime protocols at paths of their own.
struct HTTPService: Sendable {
    /// The largest body of a request.
    var requestBodyBytes: Int
    /// How long a connection may take for a request, or stay idle between two.
    var requestTimeout: Duration
    var allowedOrigins: AllowedOrigins
    /// Whether browsers get the header fields of the real server's libraries.
    var allowsOriginsAsRecorded = false
    var logger: Logger
    /// Runs tasks on the event loop of the sockets.
    var taskExecutor: EventLoopTaskExecutor
    /// By the path, without a slash at the end.
    var realtime: [String: RealtimePath]
    /// The bodies that are being received, by the addresses they come from.
    var bodies = ByteBudget<String>(each: 8 << 20, all: 48 << 20)
    /// What waits for the readers of realtime connections, by their accounts.
    var backlogs: ByteBudget<UserID>?
    /// Decides on a request before its body, given the length that is announced.
    var admitRoute: @Sendable (RouteRequest, _ announced: Int?) -> Admission = { _, _ in .body(Self.smallBody)
    }
    var respond: @Sendable (RouteRequest) async -> RouteResponse
}

/// What becomes of a request before its body has come.
enum Admission: Sendable {
    /// The body is read, up to so many bytes.
    case body(Int)
    /// It is answered at once, and the connection ended.
    case refuse(RouteResponse)
}

extension HTTPService {
    /// What a body may be long that is read before anything is known of its sender.
    static let smallBody = 8192
    /// The longest message on a realtime connection before somebody has signed in: room for a token, and more.
    static let strangerBytes = 16_384

    /// Decides on a request before its body.
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
                strangerBytes: Self.strangerBytes, messageTimeout: limits.messageTimeout,
                behaviour: context.configuration.behaviour.realtime),
            sessions: sessions, backlogs: context.backlogs
        ) { ClientConnection(server: context, handshake: $0) }
        let api = APIService(context: context)
        self.init(
            requestBodyBytes: limits.requestBodyBytes, requestTimeout: limits.requestTimeout,
            allowedOrigins: context.configuration.allowedOrigins,
            allowsOriginsAsRecorded: context.configuration.behaviour.realtime.allowsOriginsAsRecorded,
            logger: context.logger,
            taskExecutor: context.taskExecutor, realtime: ["/socket.io": .engine(gateway)],
            backlogs: context.backlogs,
            admitRoute: { api.admit($0, announced: $1) }
        ) { await api.respond(to: $0) }
    }
}
