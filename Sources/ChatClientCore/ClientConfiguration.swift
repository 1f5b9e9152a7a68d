import ChatNet
import ChatWire
import Logging

/// What a ``ChatClient`` needs to know.
public struct ClientConfiguration: Sendable {
    /// The server's address.
    public var server: ServerURL
    /// Where accounts, caches and logs are kept.
    public var directories: ClientDirectories
    /// Accounts of different profiles have nothing in common on this machine.
    public var profile: String
    /// Certificates, proxies and time limits.
    public var net: NetConfiguration
    /// How the realtime side of the server is reached.
    public var transport: TransportPreference
    /// How long the server may take to open a session, and to answer the token in it.
    public var linkTimeout: Duration
    /// A message queued for longer than this is held, when the link returns, until the person decides.
    public var heldAfter: Duration
    /// What of a long history stays in the cache.
    public var cacheLimits: CacheLimits
    /// How to sign in again without the person, when the server does not accept the token any more: tried
    /// once, and only when it fails is the person asked. Nothing by default.
    public var signInAgain: (@Sendable (User) async -> SignInSecret?)?
    /// Where ids, sizes and states are logged: never texts, tokens or passwords.
    public var logger: Logger

    /// What signs an account in.
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
        signInAgain: (@Sendable (User) async -> SignInSecret?)? = nil, logger: Logger
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
        self.logger = logger
    }
}
