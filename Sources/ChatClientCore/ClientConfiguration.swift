import ChatNet
import ChatWire
import Logging

/// The configuration of a ``ChatClient``.
public struct ClientConfiguration: Sendable {
    /// The server's address.
    public var server: ServerURL
    /// Where accounts, caches and logs are kept.
    public var directories: ClientDirectories
    /// Accounts of different profiles share nothing on this machine.
    public var profile: String
    /// Certificates, proxies and time limits.
    public var net: NetConfiguration
    /// How to reach the realtime side of the server.
    public var transport: TransportPreference
    /// How long the server may take to open a session, and to answer the token in it.
    public var linkTimeout: Duration
    /// A message that was queued for longer than this is held, when the link returns, until the person decides.
    public var heldAfter: Duration
    /// The limits on a long history in the cache.
    public var cacheLimits: CacheLimits
    /// Signs in again without the person when the server no longer accepts the token. It is tried once, and the
    /// person is asked only when it fails. Nil by default.
    public var signInAgain: (@Sendable (User) async -> SignInSecret?)?
    /// What the program calls itself to the server (`User-Agent`), as in `mychat/1.0`. It is shown in the list
    /// of sessions. Printable ASCII; empty says nothing.
    public var agent: String
    /// Receives ids, sizes and states: never texts, tokens or passwords.
    public var logger: Logger

    /// A secret that signs an account in.
    public enum SignInSecret: Sendable {
        case token(String)
        case password(String, email: String)
    }

    /// A configuration; the parameters are the properties of the same names.
    public init(
        server: ServerURL, directories: ClientDirectories, profile: String = "default",
        net: NetConfiguration = NetConfiguration(), transport: TransportPreference = .automatic,
        linkTimeout: Duration = .seconds(15), heldAfter: Duration = .seconds(24 * 60 * 60),
        cacheLimits: CacheLimits = CacheLimits(),
        signInAgain: (@Sendable (User) async -> SignInSecret?)? = nil, agent: String = "mychat",
        logger: Logger
    ) {
        self.server = server
        self.directories = directories
        self.profile = profile
        self.net = net
        self.transport = transport
        self.linkTimeout = linkTimeout
        self.heldAfter = heldAfter
        self.cacheLimits = cacheLimits
        self.signInAgain = signInAgain
        self.agent = agent
        self.logger = logger
    }
}
