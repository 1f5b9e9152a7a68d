import ChatNet
import ChatWire
import Logging

/// What a ``ChatClient`` needs to know.
public struct ClientConfiguration: Sendable {
    /// The server's address.
    public var server: ServerURL
    public var directories: ClientDirectories
    /// Accounts of different profiles have nothing in common on this machine.
    public var profile: String
    public var net: NetConfiguration
    /// How the realtime side of the server is reached.
    public var transport: TransportPreference
    /// How long the server may take to open a session, and to answer the token in it.
    public var linkTimeout: Duration
    /// A message queued for longer than this is held, when the link returns, until the person decides.
    public var heldAfter: Duration
    /// Where ids, sizes and states are logged: never texts, tokens or passwords.
    public var logger: Logger

    public init(
        server: ServerURL, directories: ClientDirectories, profile: String = "default",
        net: NetConfiguration = NetConfiguration(), transport: TransportPreference = .automatic,
        linkTimeout: Duration = .seconds(15), heldAfter: Duration = .seconds(24 * 60 * 60),
        logger: Logger
    ) {
        self.server = server
        self.directories = directories
        self.profile = profile
        self.net = net
        self.transport = transport
        self.linkTimeout = linkTimeout
        self.heldAfter = heldAfter
        self.logger = logger
    }
}
