import ChatWire

/// The link of the engine: its stage, when the next one is opened, and what is true only as long as one link lasts.
/// A state machine without sockets and clock; what is to be done outside is returned.
///
///     idle ─► opening ─► checking ─► up ─► waiting ─► opening …
///                │                    └──► displaced ─► opening …
///                └─► verifying ─► waiting
struct EngineLink: Sendable {
    enum Stage: Equatable, Sendable {
        case idle
        case waiting(until: MonotonicInstant)
        /// The socket is being opened, or the server's answer to the token is awaited.
        case opening(Int)
        /// The server has accepted the token and is asked for its account. Until it answers, nothing is told to it, and
        /// nothing that it tells goes into the cache.
        case checking(Int)
        case up(Int)
        /// The server refused the token; it is asked once more by REST.
        case verifying
        case displaced(until: MonotonicInstant)
    }

    /// What an acknowledgement will be about.
    enum Acknowledged: Equatable, Sendable {
        case message(TempID)
        case readMark(UserID, upTo: MessageID)
    }

    /// Everything that ends with the link.
    private struct Connection: Sendable {
        var session: RealtimeSession?
        var acknowledgements: [UInt64: Acknowledged] = [:]
        /// The rooms of conversations that the account is in.
        var joined: Set<UserID> = []
        /// The last error of the server that belongs to no message.
        var lastServerError: String?
    }

    static let openTimeout = Duration.seconds(15)

    private(set) var stage = Stage.idle
    /// Why there is no link, as last seen.
    private(set) var failure = LinkFailure.notStarted
    /// The program wants the link kept up.
    private(set) var isWanted = false
    /// This program is the one that may send and hold the link.
    private(set) var isHolder = false
    /// How long the server may take to open a session, and to answer the token in it.
    var openTimeout = Self.openTimeout
    private var number = 0
    private var reconnect = ReconnectPolicy()
    private var connection = Connection()

    var isUp: Bool {
        if case .up = stage { true } else { false }
    }

    var isChecking: Bool {
        if case .checking = stage { true } else { false }
    }

    /// A link exists or is being opened, or its end is being examined.
    var isInUse: Bool {
        switch stage {
        case .opening, .checking, .up, .verifying: true
        case .idle, .waiting, .displaced: false
        }
    }

    /// The number of the link that is open or being opened.
    var current: Int? {
        switch stage {
        case .opening(let number), .checking(let number), .up(let number): number
        case .idle, .waiting, .verifying, .displaced: nil
        }
    }

    /// When ``openIfDue(at:)`` or ``tick(at:)`` has something to do; nil for never.
    var deadline: MonotonicInstant? {
        var deadlines = [connection.session?.deadline]
        switch stage {
        case .waiting(let until), .displaced(let until): deadlines.append(until)
        case .idle, .opening, .checking, .up, .verifying: break
        }
        return deadlines.compactMap { $0 }.min()
    }

    // MARK: What is wanted

    /// False when nothing changes.
    mutating func want(_ wanted: Bool) -> Bool {
        defer { isWanted = wanted }
        return wanted != isWanted
    }

    mutating func hold(_ holds: Bool) { isHolder = holds }

    /// The next failure counts as the first one.
    mutating func personActed() { reconnect.personActed() }

    /// The next link does not wait.
    mutating func stopWaiting() {
        switch stage {
        case .waiting, .displaced: stage = .idle
        case .idle, .opening, .checking, .up, .verifying: break
        }
    }

    // MARK: Coming up

    /// Opens a link when one is wanted and its time has come. Returns its number.
    mutating func openIfDue(at now: MonotonicInstant) -> Int? {
        guard isWanted, isHolder else { return nil }
        switch stage {
        case .idle: break
        case .waiting(let until), .displaced(let until):
            guard until <= now else { return nil }
        case .opening, .checking, .up, .verifying: return nil
        }
        number += 1
        stage = .opening(number)
        return number
    }

    /// The socket is open: presents the token.
    mutating func opened(_ number: Int, token: String, at now: MonotonicInstant) -> [RealtimeSession.Action] {
        guard stage == .opening(number) else { return [] }
        var session = RealtimeSession(token: token, timeout: openTimeout, at: now)
        let actions = session.start()
        connection.session = session
        return actions
    }

    /// The server has accepted the token. False when the link has ended in the meantime.
    mutating func accepted() -> Bool {
        guard case .opening(let number) = stage else { return false }
        stage = .checking(number)
        return true
    }

    /// The account on the link is the account of the cache. False when the link has ended in the meantime.
    mutating func cameUp(at now: MonotonicInstant) -> Bool {
        guard case .checking(let number) = stage else { return false }
        stage = .up(number)
        reconnect.linkCameUp(at: now)
        return true
    }

    // MARK: Traffic

    /// A text message has come. Nil when it is of an earlier link.
    mutating func receive(
        _ text: [UInt8], on number: Int, at now: MonotonicInstant
    ) -> [RealtimeSession.Action]? {
        guard number == current else { return nil }
        return connection.session?.receive(text, at: now)
    }

    mutating func tick(at now: MonotonicInstant) -> [RealtimeSession.Action] {
        connection.session?.tick(at: now) ?? []
    }

    /// The texts that tell the server of an event; none unless the link is up.
    mutating func emit(_ event: ClientEvent, acknowledgedAs what: Acknowledged?) -> [[UInt8]] {
        guard isUp, let (id, actions) = connection.session?.emit(event, acknowledged: what != nil) else {
            return []
        }
        if let id, let what { connection.acknowledgements[id] = what }
        return Self.texts(actions)
    }

    /// True when the account has to join the room of the conversation first.
    mutating func joins(_ peer: UserID) -> Bool {
        isUp && connection.joined.insert(peer).inserted
    }

    /// What the acknowledgement with this id is about; it is awaited no longer.
    mutating func takeAcknowledgement(_ id: UInt64) -> Acknowledged? {
        connection.acknowledgements.removeValue(forKey: id)
    }

    func awaitsAcknowledgement(of what: Acknowledged) -> Bool {
        connection.acknowledgements.values.contains(what)
    }

    /// True while the acknowledgement of a message is awaited.
    var awaitsAnswer: Bool {
        connection.acknowledgements.values.contains { if case .message = $0 { true } else { false } }
    }

    var acknowledgements: [UInt64: Acknowledged] { connection.acknowledgements }

    /// The last error of the server that belongs to no message; nil clears it.
    var lastServerError: String? { connection.lastServerError }

    mutating func setServerError(_ message: String?) { connection.lastServerError = message }

    // MARK: Going down

    /// Says goodbye to the server.
    mutating func farewell() -> [[UInt8]] { Self.texts(connection.session?.close() ?? []) }

    /// Forgets everything that ends with the link.
    mutating func forgetConnection() { connection = Connection() }

    /// The link is lost: another one is tried after a delay.
    mutating func wait(
        _ reason: LinkFailure, retryAfter: Duration?, at now: MonotonicInstant,
        using generator: inout some RandomNumberGenerator
    ) {
        failure = reason
        stage = .waiting(until: reconnect.linkFailed(at: now, retryAfter: retryAfter, using: &generator))
    }

    /// Ends without another attempt.
    mutating func end(_ reason: LinkFailure) {
        failure = reason
        stage = .idle
    }

    /// The server does not accept the token on the link.
    mutating func verify(_ reason: String) {
        stage = .verifying
        failure = .rejected(reason)
    }

    /// Another socket of the account has taken the place of this one.
    mutating func displace(at now: MonotonicInstant, using generator: inout some RandomNumberGenerator) {
        stage = .displaced(until: reconnect.displaced(at: now, using: &generator))
    }

    private static func texts(_ actions: [RealtimeSession.Action]) -> [[UInt8]] {
        actions.compactMap { action in
            guard case .send(let text) = action else { return nil }
            return text
        }
    }
}
