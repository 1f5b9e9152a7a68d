import ChatWire

/// Everything that a server needs to know before it starts.
public struct ServerConfiguration: Equatable, Sendable {
    /// The address or host name to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 lets the system choose.
    public var port = 5000
    /// Where to listen instead of ``host`` and ``port``; empty for there.
    public var listen: [ListenAddress] = []
    /// Sockets that the service manager handed over. They stand in for ``host`` and ``port``, beside ``listen``.
    public var handedSockets: [HandedSocket] = []
    /// The certificate and key of TLS; nil for plain HTTP.
    public var tls: TLSFiles?
    /// The path of the database. Its directory also holds the kept secrets.
    public var databasePath: String
    /// The file of the high-water mark; nil for none. It is outside the database's directory, so that a
    /// restored backup is noticed.
    public var highWaterMarkPath: String?
    /// bcrypt's cost, the binary logarithm of its rounds: 4 to 31.
    public var bcryptCost = 12
    public var tokenAlgorithm = TokenAlgorithm.hs256
    /// The keys of tokens: the first one signs, all verify. There is at least one.
    public var tokenKeys: [TokenKey]
    /// The secret of the settings; nil when there is none.
    public var configuredKey: TokenKey?
    /// Whether a running server looks for changes of the file with the secrets.
    public var watchesTokenSecrets = false
    /// The secret that signs tokens.
    public var tokenSecret: [UInt8] { tokenKeys[0].secret }
    /// How long a token is valid.
    public var tokenLifetime = Duration.seconds(24 * 3600)
    public var allowedOrigins = AllowedOrigins.any
    public var push = PushConfiguration()
    /// Who may read the metrics; nil for nobody.
    public var metrics: MetricsConfiguration?
    /// Whether each request of the API is logged, with its account and how long it took.
    public var logsRequests = false
    public var logFormat = LogFormat.auto
    /// Whether debug messages are logged.
    public var isDebugging = false
    public var behaviour = ServerBehaviour.extended
    /// How often an address or an account may do something. The original's behaviour has its own.
    public var requestRates = RequestRates.standard
    /// Who may create an account.
    public var registration = Registration.open
    /// How many zero bits the proof of work of a sign-up begins with; nil when none is needed.
    ///
    /// Setting it announces the capability, unless the original's behaviour has none.
    public var proofOfWorkBits: Int? {
        didSet {
            behaviour.capabilities.removeAll { $0 == .proofOfWork }
            if proofOfWorkBits != nil, behaviour.limitsRequests {
                behaviour.capabilities.append(.proofOfWork)
            }
        }
    }
    /// The path of the socket for administration; nil for none.
    public var administrationSocket: String?
    /// Where the audit log is; nil for none.
    public var audit: AuditConfiguration?
    /// The proxies whose word on a client's address is believed.
    public var trustedProxies = TrustedProxies()
    /// What a confirmation promises: with `full`, the message survives a power loss.
    public var durability = Durability.full
    /// The number of threads that read the database beside the writer's thread.
    public var readerCount = 2
    /// How long the change log is kept: a client that is away for longer must start over.
    public var changeRetention = ChangeRetention()

    /// Limits that tests tighten; the defaults are the contract's.
    public var limits = ServerLimits()

    public init(databasePath: String, tokenSecret: [UInt8]) {
        self.databasePath = databasePath
        tokenKeys = [TokenKey(secret: tokenSecret)]
    }

    /// Whether other machines may reach the server. A Unix socket is for a proxy, which nobody can see from here.
    var isReachableFromElsewhere: Bool {
        handedSockets.contains { $0.isInternet && !$0.isLoopback }
            || addresses.contains { address in
                guard case .tcp(let host, _, _) = address else { return false }
                return !AddressCheck.isLoopback(host)
            }
    }

    /// Whether other machines reach the server, or there are signs of a proxy that may let them: its networks are
    /// trusted, or it has a Unix socket to come by.
    var mayServeOthers: Bool {
        let hasUnixSocket =
            handedSockets.contains { !$0.isInternet }
            || addresses.contains { if case .unix = $0 { true } else { false } }
        return isReachableFromElsewhere || trustedProxies != TrustedProxies() || hasUnixSocket
    }

    /// The addresses that the server itself opens.
    var addresses: [ListenAddress] {
        guard listen.isEmpty, handedSockets.isEmpty else { return listen }
        return [.tcp(host: host, port: port, isSecure: tls != nil)]
    }
}

/// Limits on what one client can make the server hold, and for how long.
public struct ServerLimits: Equatable, Sendable {
    /// The largest body of an HTTP request, in bytes.
    public var requestBodyBytes = 1 << 20
    /// The largest websocket message, in bytes; announced as `maxPayload`.
    public var maxPayload = 1_000_000
    /// How often the server pings a socket, and how long it waits for the pong.
    public var pingInterval = Duration.seconds(25)
    public var pingTimeout = Duration.seconds(60)
    /// How long a socket may stay open without a Socket.IO CONNECT.
    public var connectTimeout = Duration.seconds(30)
    /// How long "is typing" lasts without a further `typing_start`.
    public var typingLifetime = Duration.seconds(6)
    /// How long a connection may take to send a request's head and body, or stay idle between requests.
    public var requestTimeout = Duration.seconds(75)
    /// How long a TLS handshake may take from the beginning of the connection.
    public var handshakeTimeout = Duration.seconds(20)
    /// How often the server looks whether the certificate's files have changed.
    public var certificateLookInterval = Duration.seconds(2)
    /// How many outgoing bytes may wait for a client that has stopped reading before its connection is
    /// closed.
    public var outgoingBacklogBytes = 4 << 20
    /// How many connections per address may have an unfinished request. A new one displaces the oldest.
    public var unfinishedRequests = 512
    /// How long a websocket message may take from its first byte to its last.
    public var messageTimeout = Duration.seconds(60)
    /// How many realtime connections an account may have. A new one displaces the oldest.
    public var socketsPerUser = 50
    /// How many sessions may be open without a signed-in user. A new one displaces the oldest.
    public var strangers = 4096
    /// How often the change log is pruned.
    public var pruningInterval = Duration.seconds(600)
    /// How many passwords may wait to be hashed, however cheap each is; see ``PasswordHasher``.
    public var passwordQueueLength = 256
    /// How many writes may wait for the database.
    public var writeQueueLength = 100_000
    /// How many searches for people may wait.
    public var searchQueueLength = 64
    /// How often the server checks that the database is still in its place.
    public var databaseLookInterval = Duration.seconds(1)
    /// How often the use of sessions is stored.
    public var sessionSaveInterval = Duration.seconds(60)

    public init() {}
}
