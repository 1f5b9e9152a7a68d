/// Everything that a server needs to know before it starts.
public struct ServerConfiguration: Equatable, Sendable {
    /// The address or host name to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 lets the system choose.
    public var port = 5000
    /// The SQLite file; its directory holds the kept secrets too.
    public var databasePath: String
    /// The file that says how far the database has come, in another place than the database, so that a backup put
    /// in its place is noticed; nil for none.
    public var highWaterMarkPath: String?
    /// bcrypt's cost, the binary logarithm of its rounds: 4 to 31.
    public var bcryptCost = 12
    public var tokenAlgorithm = TokenAlgorithm.hs256
    /// The key that signs tokens.
    public var tokenSecret: [UInt8]
    /// How long a token is valid.
    public var tokenLifetime = Duration.seconds(24 * 3600)
    public var allowedOrigins = AllowedOrigins.any
    public var push = PushConfiguration()
    /// Debug messages in the log.
    public var isDebugging = false
    public var behaviour = ServerBehaviour.extended
    /// What a confirmation promises: with `full` the message survives a loss of power.
    public var durability = Durability.full
    /// How many threads read the database beside the one that writes it.
    public var readerCount = 2
    /// For how long clients may be away and still learn what has changed from the log of changes.
    public var changeRetention = ChangeRetention()

    /// Limits that tests narrow; the defaults are the contract's.
    public var limits = ServerLimits()

    public init(databasePath: String, tokenSecret: [UInt8]) {
        self.databasePath = databasePath
        self.tokenSecret = tokenSecret
    }
}

/// Bounds on what one client can make the server hold, and for how long.
public struct ServerLimits: Equatable, Sendable {
    /// The largest body of an HTTP request, in bytes.
    public var requestBodyBytes = 1 << 20
    /// The largest message of a websocket, in bytes; announced as `maxPayload`.
    public var maxPayload = 1_000_000
    /// How often the server pings a socket, and how long it waits for the answer.
    public var pingInterval = Duration.seconds(25)
    public var pingTimeout = Duration.seconds(60)
    /// How long a socket may stay open without a Socket.IO CONNECT.
    public var connectTimeout = Duration.seconds(30)
    /// How long "is typing" lasts without a further `typing_start`.
    public var typingLifetime = Duration.seconds(6)
    /// How long a connection may take for a request's head and body, or stay idle between requests.
    public var requestTimeout = Duration.seconds(75)
    /// How many bytes may wait for a reader that has stopped reading before it is closed.
    public var outgoingBacklogBytes = 4 << 20
    /// How many connections of one address may have a request that is not here yet; older ones make room.
    public var unfinishedRequests = 512
    /// How long a message of a websocket may take from its first byte to its last.
    public var messageTimeout = Duration.seconds(60)
    /// How many realtime connections an account may have; the oldest make room.
    public var socketsPerUser = 50
    /// How many sessions may be open on which nobody has signed in; the oldest make room.
    public var strangers = 4096
    /// How often what is not kept of the log of changes is taken out of it.
    public var pruningInterval = Duration.seconds(600)
    /// How many events beside messages an account may send at once, and again in how long.
    public var eventRate = Rate(burst: 20_000, period: .seconds(5))
    /// How many passwords may wait to be hashed, however little each costs; see ``PasswordHasher``.
    public var passwordQueueLength = 256
    /// How many writes may wait for the database.
    public var writeQueueLength = 100_000
    /// How many searches for people may wait.
    public var searchQueueLength = 64
    /// How often it is looked whether the database is still where it was.
    public var databaseLookInterval = Duration.seconds(1)

    public init() {}
}
