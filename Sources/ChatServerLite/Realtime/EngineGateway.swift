import ChatCrypto
import ChatWire
import Logging

/// The entrance to a path that speaks Engine.IO. It decides how to handle a request, and begins sessions.
package struct EngineGateway: Sendable {
    /// The settings of a path's sessions.
    package struct Settings: Sendable {
        package var pingInterval: Duration
        package var pingTimeout: Duration
        package var maxPayload: Int
        package var policy: WirePolicy
        /// How many bytes may wait for a client that does not read them.
        package var backlogBytes: Int
        /// The longest message before anybody has signed in, in bytes; nil on a path without sign-in.
        package var strangerBytes: Int?
        /// How long a websocket message may take from its first byte to its last.
        package var messageTimeout: Duration?
        /// Which peculiarities of the real server are imitated.
        package var behaviour: ServerBehaviour.Realtime

        package init(
            pingInterval: Duration, pingTimeout: Duration, maxPayload: Int, policy: WirePolicy,
            backlogBytes: Int = 4 << 20, strangerBytes: Int? = nil, messageTimeout: Duration? = nil,
            behaviour: ServerBehaviour.Realtime = .extended
        ) {
            self.pingInterval = pingInterval
            self.pingTimeout = pingTimeout
            self.maxPayload = maxPayload
            self.policy = policy
            self.backlogBytes = backlogBytes
            self.strangerBytes = strangerBytes
            self.messageTimeout = messageTimeout
            self.behaviour = behaviour
        }
    }

    /// How to handle a request.
    enum Verdict {
        /// Answer with this response.
        case respond(RouteResponse)
        /// Begin a session. The request is its first GET.
        case open(JSONPCallback?)
        /// Hand a GET or a POST to its session.
        case poll(EngineConnection, JSONPCallback?)
        case post(EngineConnection)
        /// Answer with this response and switch to the websocket protocol. Without a session, begin a new
        /// one.
        case upgrade(HTTPResponse, EngineConnection?)
    }

    let settings: Settings
    let sessions: EngineSessions
    /// Counts the bytes that wait for clients; nil counts nothing.
    private let backlogs: ByteBudget<UserID>?
    private let makeEndpoint: @Sendable (EngineHandshake, ClientAddress) -> any EngineEndpoint
    /// Decides whether a client may begin a session now.
    private let admitClient: @Sendable (ClientAddress) throws(RequestLimiter.Refused) -> Void

    package init(
        settings: Settings, sessions: EngineSessions,
        makeEndpoint: @escaping @Sendable (EngineHandshake) -> any EngineEndpoint
    ) {
        self.init(
            settings: settings, sessions: sessions, backlogs: nil, admitClient: { _ in }
        ) { handshake, _ in makeEndpoint(handshake) }
    }

    init(
        settings: Settings, sessions: EngineSessions, backlogs: ByteBudget<UserID>?,
        admitClient: @escaping @Sendable (ClientAddress) throws(RequestLimiter.Refused) -> Void,
        makeEndpoint: @escaping @Sendable (EngineHandshake, ClientAddress) -> any EngineEndpoint
    ) {
        self.admitClient = admitClient
        self.backlogs = backlogs
        self.settings = settings
        self.sessions = sessions
        self.makeEndpoint = makeEndpoint
    }

    /// The limits of a websocket before anybody has signed in.
    var webSocketLimits: WebSocketHandler.Limits {
        WebSocketHandler.Limits(
            message: WebSocketLimits(
                messageLength: min(settings.strangerBytes ?? .max, settings.maxPayload), fragmentCount: 4096),
            backlogBytes: settings.backlogBytes, messageTimeout: settings.messageTimeout)
    }

    /// Creates a session of a client. Nothing happens on it until it is opened.
    func begin(_ start: EngineServerTransport.Start, for client: ClientAddress) -> EngineConnection {
        let handshake = EngineHandshake(
            sid: Self.randomName(), upgrades: start == .polling ? ["websocket"] : [],
            pingInterval: settings.pingInterval, pingTimeout: settings.pingTimeout,
            maxPayload: settings.maxPayload)
        let connection = EngineConnection(
            sid: handshake.sid,
            transport: EngineServerTransport(
                start, maxPayload: settings.maxPayload, policy: settings.policy,
                queuedBytesMax: settings.backlogBytes),
            endpoint: makeEndpoint(handshake, client), sessions: sessions, eventLoop: sessions.eventLoop,
            maxPayload: settings.maxPayload, backlogs: backlogs, behaviour: settings.behaviour)
        sessions.add(connection)
        return connection
    }

    /// A name that nobody can guess: 15 random bytes.
    package static func randomName() -> String { Base64URL.encode(RandomBytes.generate(15)) }

    // MARK: Requests

    /// The answer to a client that has begun too many sessions lately; nil when it may begin another.
    func refusal(of client: ClientAddress) -> RouteResponse? {
        do throws(RequestLimiter.Refused) {
            try admitClient(client)
            return nil
        } catch {
            var response = RouteError(error).response
            response.crossOrigin = .engine
            return response
        }
    }

    /// Decides how to handle a request. The answers are recorded ones: JSON strings in plain words.
    func verdict(on head: HTTPRequestHead, query: QueryItems, origins: AllowedOrigins) -> Verdict {
        let method = HTTPMethod(rawValue: head.method)
        switch method {
        case .options: return .respond(Self.text("OK", status: 200))
        case .get, .post: break
        default:
            return .respond(Self.text("Method Not Found", status: settings.policy == .strict ? 400 : 405))
        }
        guard query["EIO"] == "4" else {
            return .respond(
                Self.noSession(
                    "The client is using an unsupported version of the Socket.IO or Engine.IO protocols"))
        }
        // The real server treats a request without a transport as polling. The public test suites demand a
        // refusal.
        let transport = query["transport"] ?? (settings.policy == .strict ? "" : "polling")
        guard ["polling", "websocket"].contains(transport) else {
            return .respond(Self.noSession("Invalid transport"))
        }
        guard origins.allows(head.headers["Origin"]) else {
            return .respond(Self.refusal("Not an accepted origin"))
        }
        let session = query["sid"].flatMap { sessions[$0] }
        // Timeouts come first, so that a client that has missed its deadline finds no session.
        session?.tick(now: ServerClock.monotonic())
        if let sid = query["sid"], sessions[sid] == nil {
            return .respond(Self.refusal("Invalid session \(sid.prefix(64))"))
        }
        switch (method, transport) {
        case (.get, "websocket"): return upgrade(head, session)
        case (.get, _):
            let callback = settings.behaviour.answersJSONP ? query["j"].flatMap { JSONPCallback($0) } : nil
            return session.map { .poll($0, callback) } ?? .open(callback)
        case (.post, "polling"):
            return session.map { .post($0) } ?? .respond(Self.refusal("Invalid session None"))
        default: return .respond(Self.refusal("Invalid transport"))
        }
    }

    /// Decides on a request before its body arrives. Only a session with a signed-in account accepts a long
    /// body, and any session on a path without sign-in.
    ///
    /// - Parameters:
    ///   - announced: the length of the body in bytes, if the request announces one.
    ///   - small: the longest body in bytes without a signed-in account.
    ///   - most: the longest body in bytes with one.
    func admit(
        _ head: HTTPRequestHead, query: QueryItems, origins: AllowedOrigins, announced: Int?, small: Int,
        most: Int
    ) -> Admission {
        if let announced, announced <= small { return .body(small) }
        let session = query["sid"].flatMap { sessions[$0] }
        if settings.strangerBytes == nil || session?.isAdmitted == true { return .body(most) }
        if session == nil, case .respond(let response) = verdict(on: head, query: query, origins: origins) {
            return .refuse(response)
        }
        return .body(small)
    }

    private func upgrade(_ head: HTTPRequestHead, _ session: EngineConnection?) -> Verdict {
        do throws(WebSocketHandshakeError) {
            return .upgrade(try WebSocketServerHandshake.accept(HTTPRequest(head)), session)
        } catch {
            return .respond(Self.refusal(of: error))
        }
    }

    /// The recorded answer to an invalid handshake, with the supported version (RFC 6455 section 4.2.2).
    static func refusal(of error: WebSocketHandshakeError) -> RouteResponse {
        var response = refusal("Invalid websocket upgrade")
        for field in WebSocketServerHandshake.refusal(for: error).headers.fields
        where field.name == "Sec-WebSocket-Version" {
            try? response.headers.add(field.name, field.value)
        }
        return response
    }

    /// A refusal with status 400. It closes the connection.
    static func refusal(_ reason: String) -> RouteResponse {
        var response = RouteResponse(status: 400, body: JSONValue.string(reason).serialized())
        response.contentType = "text/plain"
        response.crossOrigin = .engine
        response.closesConnection = true
        return response
    }

    private static func noSession(_ reason: String) -> RouteResponse {
        var response = refusal(reason)
        response.crossOrigin = .noEngine
        return response
    }

    private static func text(_ text: String, status: Int) -> RouteResponse {
        var response = RouteResponse(status: status, body: Array(text.utf8))
        response.contentType = "text/plain"
        response.crossOrigin = .engine
        return response
    }
}

extension HTTPRequest {
    /// The request as the websocket handshake reads it.
    init(_ head: HTTPRequestHead) {
        self.init(method: .get, target: head.target, version: head.version, headers: head.headers)
    }
}
