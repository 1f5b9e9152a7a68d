import ChatSQLite
import ChatWire

/// Whose cache this is and of which database, and the evidence that the server now has another database or an older
/// copy.
struct ServerIdentity {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var former: FormerHistories { FormerHistories(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }

    // MARK: Evidence

    /// How facts from the server contradict the cache; nil when they do not.
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
            // An id above all known ones contradicts nothing.
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
        // Ids rise with time. When a new message has a lower id than an older one, the id was given twice.
        guard isNew, message.createdAt.seconds &- end.seconds > Self.clockTolerance else { return nil }
        return .wentBack
    }

    /// The clocks of the machines of one server differ by a few seconds.
    private static let clockTolerance: Int64 = 10
    /// The server's formats for the time of registration differ by a fraction of a second.
    private static let accountTimeTolerance: Int64 = 2

    /// How the state of the server's stream contradicts the cache: it has another database, or it has lost what it had
    /// confirmed. An epoch is stored when none was known.
    ///
    /// - Parameter known: the highest confirmed id when the server was asked.
    func contradiction(
        _ state: SyncState, knownAtRequest known: MessageID
    ) throws(SQLiteError) -> FormerServerReason? {
        if let reason = try contradiction(epoch: state.epoch) { return reason }
        if state.isBehindCursor { return .wentBack }
        if let newest = state.newestID, newest < known { return .wentBack }
        return nil
    }

    /// How the epoch of the server's database contradicts the cache. An epoch is stored when none was known.
    func contradiction(epoch: String?) throws(SQLiteError) -> FormerServerReason? {
        guard let epoch else { return nil }
        guard let known = try meta.text(.epoch) else {
            try meta.set(.epoch, to: epoch)
            return nil
        }
        return known == epoch ? nil : .otherDatabase
    }

    // MARK: The account

    /// How the owner of the token compares with the owner of the cache.
    enum AccountCheck: Equatable {
        case same
        /// The same id, name and address, but the account was made again.
        case madeAnew
        case another
    }

    /// Compares an account with the owner of the cache.
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

    /// Stores the owner of the cache, as the server reports it.
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

    /// Makes `user`, who has signed in, the owner of the cache. The history of another account with the same id is set
    /// aside.
    func claim(for user: User) throws(SQLiteError) -> HistorySetAside? {
        try database.transaction { () throws(SQLiteError) in
            var setAside: HistorySetAside?
            if user.id == me, try check(user) != .same {
                setAside = try former.moveAside(.otherAccount)
                // The answer to a registration may have the time in another format than later answers.
                try meta.set(.accountMade, to: nil)
            }
            try rememberName(of: user)
            return setAside
        }
    }
}

/// What the cache knows about a message that a server has confirmed.
struct KnownMessage {
    let sender: UserID
    let peer: UserID
    /// Nil when it was not stored.
    let content: String?
    let time: Timestamp

    /// A list has the time at which the storing of a message began, an event the time at which it ended. In between the
    /// original server waits up to 50 s for a lock of its database.
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
    /// Whether the message is told of while it is new.
    fileprivate var isNew: Bool {
        switch self {
        case .confirmation, .live: true
        case .page, .sync: false
        }
    }
}
