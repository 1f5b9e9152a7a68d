import ChatCrypto
import ChatWire

/// How connections are made: whom to trust, how long to wait, how much to accept.
public struct NetConfiguration: Hashable, Sendable {
    public var trust: TrustPolicy
    public var proxy: ProxyPolicy
    public var timeouts: NetTimeouts
    public var limits: NetLimits
    public var addresses: AddressPolicy

    public init(
        trust: TrustPolicy = .system, proxy: ProxyPolicy = .none, timeouts: NetTimeouts = NetTimeouts(),
        limits: NetLimits = NetLimits(), addresses: AddressPolicy = .any
    ) {
        self.trust = trust
        self.proxy = proxy
        self.timeouts = timeouts
        self.limits = limits
        self.addresses = addresses
    }
}

/// How long each phase of a request or connection may take.
public struct NetTimeouts: Hashable, Sendable {
    public var resolve: Duration
    /// For all addresses of a host together; the handshake with a proxy may take this long again.
    public var connect: Duration
    /// How long an address may take before the next one is tried in parallel (RFC 8305 section 5).
    public var connectStagger: Duration
    public var secure: Duration
    /// How long the peer may accept nothing of the unsent bytes.
    public var send: Duration
    public var responseHead: Duration
    public var responseBody: Duration
    public var webSocketHandshake: Duration
    /// How long the peer may take to answer a close frame.
    public var webSocketClose: Duration
    /// How long an idle connection is kept for the next request.
    public var keepAlive: Duration

    public init(
        resolve: Duration = .seconds(10), connect: Duration = .seconds(15),
        connectStagger: Duration = .milliseconds(250), secure: Duration = .seconds(15),
        send: Duration = .seconds(30), responseHead: Duration = .seconds(30),
        responseBody: Duration = .seconds(60), webSocketHandshake: Duration = .seconds(20),
        webSocketClose: Duration = .seconds(2), keepAlive: Duration = .seconds(45)
    ) {
        self.resolve = resolve
        self.connect = connect
        self.connectStagger = connectStagger
        self.secure = secure
        self.send = send
        self.responseHead = responseHead
        self.responseBody = responseBody
        self.webSocketHandshake = webSocketHandshake
        self.webSocketClose = webSocketClose
        self.keepAlive = keepAlive
    }
}

/// How much is accepted from peers and kept for them.
public struct NetLimits: Hashable, Sendable {
    public var http: HTTPLimits
    public var webSocket: WebSocketLimits
    /// With more unsent bytes than this, a sender waits.
    public var sendBufferSoft: Int
    /// With more unsent bytes than this, further sends fail.
    public var sendBufferHard: Int
    /// How many bytes of messages are kept for a consumer while its WebSocket closes; beyond that they are dropped.
    public var receiveBuffer: Int
    public var redirects: Int
    /// How many idle connections are kept for one server.
    public var idleConnections: Int

    public init(
        http: HTTPLimits = .standard, webSocket: WebSocketLimits = .standard,
        sendBufferSoft: Int = 256 * 1024, sendBufferHard: Int = 32 * 1024 * 1024,
        receiveBuffer: Int = 1024 * 1024, redirects: Int = 5, idleConnections: Int = 4
    ) {
        self.http = http
        self.webSocket = webSocket
        self.sendBufferSoft = sendBufferSoft
        self.sendBufferHard = sendBufferHard
        self.receiveBuffer = receiveBuffer
        self.redirects = redirects
        self.idleConnections = idleConnections
    }
}
