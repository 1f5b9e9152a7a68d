import ChatWire

/// In what the server differs from the recorded API: the one value that decides between being better than the
/// real server and playing it.
public struct ServerBehaviour: Equatable, Sendable {
    /// The extensions that are on, in the order in which they are announced.
    public var capabilities: [Capability]
    public var realtime: Realtime
    public var rules: Rules
    public var push: Push
    /// Whether the bodies of 404 and 405 are the pages of the real server's framework.
    public var hasErrorPages: Bool
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
        capabilities: [], realtime: .recorded, rules: .recorded, push: .recorded, hasErrorPages: true,
        announcesREST: false, tokenLifetimeUnit: .seconds(24 * 3600))

    public init(
        capabilities: [Capability], realtime: Realtime = .extended, rules: Rules = .extended,
        push: Push = .extended, hasErrorPages: Bool = false, announcesREST: Bool = true,
        tokenLifetimeUnit: Duration = .seconds(3600)
    ) {
        self.capabilities = capabilities
        self.realtime = realtime
        self.rules = rules
        self.push = push
        self.hasErrorPages = hasErrorPages
        self.announcesREST = announcesREST
        self.tokenLifetimeUnit = tokenLifetimeUnit
    }

    /// Whether an extension is on.
    public func has(_ capability: Capability) -> Bool { capabilities.contains(capability) }

    /// A user as the database gives it back: the real server's keeps whole seconds.
    func stored(_ user: User) -> User {
        guard rules.countsWholeSeconds else { return user }
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
