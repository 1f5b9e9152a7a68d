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
    /// A message queued for longer than this is held, when the link returns, until the person decides.
    public var heldAfter: Duration
    /// Where ids, sizes and states are logged: never texts, tokens or passwords.
    public var logger: Logger

    public init(
        server: ServerURL, directories: ClientDirectories, profile: String = "default",
        net: NetConfiguration = NetConfiguration(), heldAfter: Duration = .seconds(24 * 60 * 60),
        logger: Logger
    ) {
        self.server = server
        self.directories = directories
        self.profile = profile
        self.net = net
        self.heldAfter = heldAfter
        self.logger = logger
    }
}
