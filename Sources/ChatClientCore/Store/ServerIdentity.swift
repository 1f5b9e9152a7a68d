import ChatSQLite
import ChatWire

/// Evidence that the server is another one, or an older copy of itself.
///
/// Whose cache this is, and of which server's database.
struct ServerIdentity {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var former: FormerHistories { FormerHistories(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }

    // MARK: Evidence

    /// Where facts from the server cannot be of the server that the cache is of; nil when they may.
    func contradiction(in changes: [StoreChange]) throws(SQLiteError) -> FormerServerReason? {
        var newest: (id: Int64, time: Timestamp)??
        for change in changes {
            let told: [Message]
            var isNew = false
            switch change {
            case .message(let message, let source):
                told = [message]
                isNew = source.isNew
            case .page(let page): told = page.messages
            default: continue
            }
            if newest == nil { newest = .some(try newestConfirmed()) }
            guard case .some(let end?) = newest else { return nil }
            // What is above all that is known can contradict nothing.
            for message in told where message.id.rawValue <= end.id {
                if let reason = try contradiction(of: message, isNew: isNew, end: end.time) { return reason }
            }
        }
        return nil
    }

    private func newestConfirmed() throws(SQLiteError) -> (id: Int64, time: Timestamp)? {
        try database.first(
            """
            SELECT server_id, created_at FROM messages
            WHERE server_id = (SELECT max(server_id) FROM messages)
            UNION ALL
            SELECT server_id, created_at FROM missing_messages
            WHERE server_id = (SELECT max(server_id) FROM missing_messages)
            ORDER BY 1 DESC LIMIT 1
            """
        ) { ($0.int64(0), Timestamp(microseconds: $0.int64(1))) }
    }

    private func contradiction(
        of message: Message, isNew: Bool, end: Timestamp
    ) throws(SQLiteError) -> FormerServerReason? {
        guard let peer = messages.peer(of: message) else { return nil }
        let known = try database.first(
            """
            SELECT sender_id, peer_id, content, created_at FROM messages WHERE server_id = ?1
            UNION ALL
            SELECT sender_id, peer_id, content, created_at FROM missing_messages WHERE server_id = ?1
            LIMIT 1
            """, message.id.rawValue
        ) {
            KnownMessage(
                sender: UserID($0.int64(0)), peer: UserID($0.int64(1)), content: $0.optionalString(2),
                time: Timestamp(microseconds: $0.int64(3)))
        }
        if let known {
            return known.isSame(as: message, with: peer) ? nil : .otherMessages
        }
        // Numbers rise with time: a new message with a lower number than an older one got it a second time.
        guard isNew, message.createdAt.seconds &- end.seconds > Self.clockTolerance else { return nil }
        return .wentBack
    }

    /// Clocks of several machines of one server differ by a few seconds.
    private static let clockTolerance: Int64 = 10
    /// Of one account, the server's ways of telling the time differ by the part of a second.
    private static let accountTimeTolerance: Int64 = 2

    /// Whether the server has another database than the one that the cache is of, or has lost what it had confirmed.
    /// What it says is remembered where nothing was known.
    ///
    /// - Parameter known: the highest number that was confirmed when the server was asked.
    func contradiction(
        _ state: SyncState, knownAtRequest known: MessageID
    ) throws(SQLiteError) -> FormerServerReason? {
        if let reason = try contradiction(epoch: state.epoch) { return reason }
        if state.isBehindCursor { return .wentBack }
        if let newest = state.newestID, newest < known { return .wentBack }
        return nil
    }

    func contradiction(epoch: String?) throws(SQLiteError) -> FormerServerReason? {
        guard let epoch else { return nil }
        guard let known = try meta.text(.epoch) else {
            try meta.set(.epoch, to: epoch)
            return nil
        }
        return known == epoch ? nil : .otherDatabase
    }

    // MARK: The account

    /// What a server's word on whose token it is means for the cache.
    enum AccountCheck: Equatable {
        case same
        /// The same person, by number, name and address, whose account was made anew.
        case madeAnew
        case another
    }

    /// Compares an account with the one whose cache this is.
    func check(_ user: User) throws(SQLiteError) -> AccountCheck {
        guard user.id == me else { return .another }
        guard let email = try meta.text(.accountEmail) else { return .same }
        guard Self.isSame(email.lowercased(), user.email.lowercased()),
            Self.isSame(try meta.text(.accountName) ?? "", user.name)
        else { return .another }
        guard let made = try meta.number(.accountMade), let now = user.createdAt else { return .same }
        let distance = made.subtractingReportingOverflow(now.seconds)
        let isSameTime =
            !distance.overflow && distance.partialValue.magnitude <= Self.accountTimeTolerance
        return isSameTime ? .same : .madeAnew
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        strippedLikePython(one) == strippedLikePython(other)
    }

    /// Notes whose cache this is from now on, as the server says when it is asked.
    func remember(_ user: User) throws(SQLiteError) {
        try rememberName(of: user)
        guard user.id == me, let made = user.createdAt, try meta.number(.accountMade) != made.seconds else {
            return
        }
        try meta.set(.accountMade, to: made.seconds)
    }

    private func rememberName(of user: User) throws(SQLiteError) {
        guard user.id == me else { return }
        if try meta.text(.accountName) != user.name { try meta.set(.accountName, to: user.name) }
        if try meta.text(.accountEmail) != user.email { try meta.set(.accountEmail, to: user.email) }
    }

    /// The person has signed in as `user`: what the cache holds of another account with the same number is set
    /// aside.
    func claim(for user: User) throws(SQLiteError) -> HistorySetAside? {
        try database.transaction { () throws(SQLiteError) in
            var setAside: HistorySetAside?
            if user.id == me, try check(user) != .same {
                setAside = try former.moveAside(.otherAccount)
                // The answer to a registration may tell the time in another way than the account does later.
                try meta.set(.accountMade, to: nil)
            }
            try rememberName(of: user)
            return setAside
        }
    }
}

/// What the cache knows of a message that a server had confirmed.
struct KnownMessage {
    let sender: UserID
    let peer: UserID
    /// Nil when it was not kept.
    let content: String?
    let time: Timestamp

    /// A list gives the time at which a message's row was begun, an event the time after it was stored. Between the two
    /// the original server waits for a lock of its database: up to 50 s.
    private static let timeTolerance: Int64 = 60

    func isSame(as message: Message, with peer: UserID) -> Bool {
        guard sender == message.senderID, self.peer == peer else { return false }
        let distance = time.seconds.subtractingReportingOverflow(message.createdAt.seconds)
        guard !distance.overflow, distance.partialValue.magnitude <= Self.timeTolerance else {
            return false
        }
        guard let content else { return true }
        return content == message.content
            || strippedLikePython(content) == strippedLikePython(message.content)
    }
}

extension MessageSource {
    /// True for what happens while it is told.
    fileprivate var isNew: Bool {
        switch self {
        case .confirmation, .live: true
        case .page, .sync: false
        }
    }
}
