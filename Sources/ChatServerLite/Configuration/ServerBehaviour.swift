import ChatWire

/// In what the server differs from the recorded API: the one value that decides between being better than the
/// real server and playing it.
public struct ServerBehaviour: Equatable, Sendable {
    /// Whose rules hold in one part of the API.
    public enum Manner: Equatable, Sendable {
        /// Ours: extensions, and sense where the real server breaks.
        case extended
        /// The real server's, as recorded, but for its crashes.
        case recorded
    }

    /// The extensions that are on, in the order in which they are announced.
    public var capabilities: [Capability]
    /// Sockets of one user, presence, typing, and what events are answered with.
    public var realtime: Manner
    /// What accounts, searches, contacts and messages may look like, and how ids come back.
    public var rules: Manner
    /// Who may subscribe to Web Push, what is pushed, and how.
    public var push: Manner
    /// The bodies of 404 and 405.
    public var routingErrors: Manner
    /// Whether what is done by REST is announced to sockets.
    public var announcesREST: Bool
    /// What `JWT_EXPIRATION_HOURS` counts: the real server takes hours for days.
    public var tokenLifetimeUnit: Duration

    /// All extensions that this server has.
    public static let extended = ServerBehaviour(capabilities: [
        .idempotentSend, .paging, .peek, .sync, .deletions, .presenceSnapshot, .ackResult, .readUpTo,
        .refresh,
    ])

    /// The real server as recorded. It still answers where that one breaks, and waits for nobody.
    public static let original = ServerBehaviour(
        capabilities: [], realtime: .recorded, rules: .recorded, push: .recorded, routingErrors: .recorded,
        announcesREST: false, tokenLifetimeUnit: .seconds(24 * 3600))

    public init(
        capabilities: [Capability], realtime: Manner = .extended, rules: Manner = .extended,
        push: Manner = .extended, routingErrors: Manner = .extended, announcesREST: Bool = true,
        tokenLifetimeUnit: Duration = .seconds(3600)
    ) {
        self.capabilities = capabilities
        self.realtime = realtime
        self.rules = rules
        self.push = push
        self.routingErrors = routingErrors
        self.announcesREST = announcesREST
        self.tokenLifetimeUnit = tokenLifetimeUnit
    }

    /// Whether an extension is on.
    public func has(_ capability: Capability) -> Bool { capabilities.contains(capability) }

    /// A user as the database gives it back: the real server's keeps whole seconds.
    func stored(_ user: User) -> User {
        guard rules == .recorded else { return user }
        func seconds(_ time: Timestamp?) -> Timestamp? {
            time.map { Timestamp(microseconds: $0.microseconds / 1_000_000 * 1_000_000) }
        }
        var user = user
        user.createdAt = seconds(user.createdAt)
        user.updatedAt = seconds(user.updatedAt)
        return user
    }

    /// The message with what clients may see of it: its states and its `temp_id` are extensions.
    func shown(_ message: Message) -> Message {
        var message = message
        if !has(.deletions) {
            message.status = nil
            message.deliveredAt = nil
            message.readAt = nil
        }
        if !has(.idempotentSend) { message.tempID = nil }
        return message
    }
}
