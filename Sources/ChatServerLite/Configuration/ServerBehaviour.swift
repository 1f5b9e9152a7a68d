import ChatWire

/// How the server differs from the recorded API. This one value decides whether the server improves on the
/// real server or imitates it.
public struct ServerBehaviour: Equatable, Sendable {
    /// The enabled extensions, in the order in which the server announces them.
    public var capabilities: [Capability]
    public var realtime: Realtime
    public var rules: Rules
    public var push: Push
    /// Whether the bodies of 404 and 405 are the error pages of the real server's framework.
    public var hasErrorPages: Bool
    /// Whether changes made by REST are announced to sockets.
    public var announcesREST: Bool
    /// Whether what an address or an account may do in a time is limited; see ``RequestRates``.
    public var limitsRequests: Bool
    /// The unit of `JWT_EXPIRATION_HOURS`. The real server counts days instead of hours.
    public var tokenLifetimeUnit: Duration

    /// All extensions that this server has.
    public static let extended = ServerBehaviour(capabilities: [
        .idempotentSend, .paging, .peek, .sync, .deletions, .presenceSnapshot, .ackResult, .readUpTo,
        .refresh, .sessions,
    ])

    /// The real server as recorded. Where the real server breaks or keeps clients waiting, this one still
    /// answers.
    public static let original = ServerBehaviour(
        capabilities: [], realtime: .recorded, rules: .recorded, push: .recorded, hasErrorPages: true,
        announcesREST: false, limitsRequests: false, tokenLifetimeUnit: .seconds(24 * 3600))

    public init(
        capabilities: [Capability], realtime: Realtime = .extended, rules: Rules = .extended,
        push: Push = .extended, hasErrorPages: Bool = false, announcesREST: Bool = true,
        limitsRequests: Bool = true,
        tokenLifetimeUnit: Duration = .seconds(3600)
    ) {
        self.capabilities = capabilities
        self.realtime = realtime
        self.rules = rules
        self.push = push
        self.hasErrorPages = hasErrorPages
        self.announcesREST = announcesREST
        self.limitsRequests = limitsRequests
        self.tokenLifetimeUnit = tokenLifetimeUnit
    }

    /// Whether an extension is enabled.
    public func has(_ capability: Capability) -> Bool { capabilities.contains(capability) }

    /// A user as the database returns it. The real server's database stores whole seconds.
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

    /// The message without the fields that clients may not see. Its states and its `temp_id` belong to
    /// extensions.
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
