import ChatSQLite
import ChatWire

// A cache belongs to one account on one database of one server. When there is evidence that the server is another one,
// or an older copy of itself, everything that it had confirmed is moved aside in one commit: it stays readable, above
// the conversation, without its numbers, so that no number, mark or deletion of the one touches the other. What the
// server then shows to have after all (the same number, sender, text and time) takes its place again.
extension ChatStore {
    /// What was set aside.
    struct HistorySetAside: Equatable, Sendable {
        let reason: FormerServerReason
        /// Unsent messages that wait for the person's word by now.
        let held: Int
    }

    // MARK: Evidence

    /// Where facts from the server cannot be of the server that the cache is of; nil when they may.
    func contradiction(in changes: [StoreChange]) throws(SQLiteError) -> FormerServerReason? {
        var newest: (id: Int64, time: Timestamp)??
        for change in changes {
            let messages: [Message]
            var isNew = false
            switch change {
            case .message(let message, let source):
                messages = [message]
                isNew = source.isNew
            case .page(let page): messages = page.messages
            default: continue
            }
            if newest == nil { newest = .some(try newestConfirmed()) }
            guard case .some(let end?) = newest else { return nil }
            // What is above all that is known can contradict nothing.
            for message in messages where message.id.rawValue <= end.id {
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
        guard let peer = peer(of: message) else { return nil }
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
    /// A list gives the time at which a message's row was begun, an event the time after it was stored. Between the two
    /// the original server waits for a lock of its database: up to 50 s.
    private static let messageTimeTolerance: Int64 = 60
    /// Of one account, the server's ways of telling the time differ by the part of a second.
    private static let accountTimeTolerance: Int64 = 2

    private struct KnownMessage {
        let sender: UserID
        let peer: UserID
        /// Nil when it was not kept.
        let content: String?
        let time: Timestamp

        func isSame(as message: Message, with peer: UserID) -> Bool {
            guard sender == message.senderID, self.peer == peer else { return false }
            let distance = time.seconds.subtractingReportingOverflow(message.createdAt.seconds)
            guard !distance.overflow, distance.partialValue.magnitude <= ChatStore.messageTimeTolerance else {
                return false
            }
            guard let content else { return true }
            return content == message.content
                || strippedLikePython(content) == strippedLikePython(message.content)
        }
    }

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
        guard let known = try text(.epoch) else {
            try set(.epoch, to: epoch)
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
        guard let email = try text(.accountEmail) else { return .same }
        guard Self.isSame(email.lowercased(), user.email.lowercased()),
            Self.isSame(try text(.accountName) ?? "", user.name)
        else { return .another }
        guard let made = try number(.accountMade), let now = user.createdAt else { return .same }
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
        guard user.id == me, let made = user.createdAt, try number(.accountMade) != made.seconds else {
            return
        }
        try set(.accountMade, to: made.seconds)
    }

    private func rememberName(of user: User) throws(SQLiteError) {
        guard user.id == me else { return }
        if try text(.accountName) != user.name { try set(.accountName, to: user.name) }
        if try text(.accountEmail) != user.email { try set(.accountEmail, to: user.email) }
    }

    /// The person has signed in as `user`: what the cache holds of another account with the same number is set
    /// aside.
    func claim(for user: User) throws(SQLiteError) -> HistorySetAside? {
        try database.transaction { () throws(SQLiteError) in
            var setAside: HistorySetAside?
            if user.id == me, try check(user) != .same {
                setAside = try moveHistoryAside(.otherAccount)
                // The answer to a registration may tell the time in another way than the account does later.
                try set(.accountMade, to: nil)
            }
            try rememberName(of: user)
            return setAside
        }
    }

    // MARK: Aside

    /// Moves everything that the server had confirmed aside, and holds what is unsent, in one commit.
    func setHistoryAside(_ reason: FormerServerReason) throws(SQLiteError) -> HistorySetAside {
        try database.transaction { () throws(SQLiteError) in try moveHistoryAside(reason) }
    }

    /// The same as part of a transaction.
    func moveHistoryAside(_ reason: FormerServerReason) throws(SQLiteError) -> HistorySetAside {
        let era = (try database.first("SELECT max(era) FROM former_servers") { $0.int64(0) } ?? 0) + 1
        try database.run(
            "INSERT INTO former_servers (era, reason, account_email) VALUES (?, ?, ?)", era, reason.rawValue,
            try text(.accountEmail))
        try database.run(
            """
            INSERT INTO former_people (user_id, era, shown_name, name, email)
            SELECT user_id, ?, coalesce(contact_name, name), name, email FROM people
            """, era)
        try database.run(
            """
            INSERT OR IGNORE INTO messages
                (peer_id, position, server_id, sender_id, temp_id, content, created_at, state, sent_elsewhere)
            SELECT peer_id, server_id, server_id, sender_id, temp_id, content, created_at, state, sent_elsewhere
            FROM missing_messages WHERE content IS NOT NULL
            """)
        // The index is made anew: it knows messages by their numbers.
        try database.run("INSERT INTO message_search (message_search) VALUES ('delete-all')")
        try database.run("DELETE FROM search_removals")
        try database.run("DELETE FROM search_additions")
        try set(.searchIndexedTo, to: 0)
        try moveMessagesAside(era)
        let held = try holdUnsent(era)
        try forgetMarks()
        return HistorySetAside(reason: reason, held: held)
    }

    /// Former histories stand above the present one, the latest last.
    private func moveMessagesAside(_ era: Int64) throws(SQLiteError) {
        try database.run(
            """
            UPDATE messages SET former_id = server_id, former = ?1, server_id = NULL, state = state + ?2,
                position = ?3 + r.place
            FROM (
                SELECT row_id, row_number() OVER (ORDER BY position) AS place FROM messages
                WHERE server_id IS NOT NULL) AS r
            WHERE r.row_id = messages.row_id
            """, era, StoredState.former, Self.formerPosition(era))
    }

    /// Each history has room for four thousand million messages.
    static func formerPosition(_ era: Int64) -> Int64 {
        -TimelinePosition.firstUnsent + (min(era, 1 << 29) << 32)
    }

    private func holdUnsent(_ era: Int64) throws(SQLiteError) -> Int {
        // What was taken back on its way cannot be taken back from a server that is gone.
        try database.run(
            "DELETE FROM messages WHERE row_id IN (SELECT row_id FROM outbox WHERE is_cancelled)")
        // Numbers of the former server say nothing about this one.
        try database.run("UPDATE outbox SET known_id = NULL, is_insisted = 0, is_unfenced = 0")
        try database.run("UPDATE outbox SET era = ? WHERE era IS NULL", era)
        try database.run(
            "UPDATE outbox SET state = ?, hold = ? WHERE state IN (?, ?)", OutboxState.held.rawValue,
            HeldReason.formerServer.rawValue, OutboxState.queued.rawValue, OutboxState.attempted.rawValue)
        return database.changes
    }

    /// These were held with the others, but are given to the present server, whose answer is awaited.
    ///
    /// - Returns: how many are not held any more.
    func keepAwaited(_ tempIDs: [TempID]) throws(SQLiteError) -> Int {
        guard !tempIDs.isEmpty else { return 0 }
        return try database.transaction { () throws(SQLiteError) in
            var count = 0
            for tempID in tempIDs {
                try database.run(
                    """
                    UPDATE outbox SET state = ?, hold = NULL, era = NULL, known_id = 0
                    WHERE temp_id = ? AND hold = ?
                    """, OutboxState.attempted.rawValue, tempID.rawValue, HeldReason.formerServer.rawValue)
                count += database.changes
            }
            return count
        }
    }

    private func forgetMarks() throws(SQLiteError) {
        for table in [
            "people", "gaps", "tombstones", "pending_deletions", "pending_conversation_deletions",
            "contact_wishes", "missing_messages",
        ] {
            try database.run("DELETE FROM \(table)")
        }
        try database.run(
            """
            UPDATE conversations SET server_preview = NULL, server_time = NULL, unread = 0,
                unread_not_cached = 0, read_to = 0, read_is_pending = 0, peer_read_to = 0,
                peer_delivered_to = 0, cleared_to = 0, contiguous_to = NULL, fetched_limit = 0,
                short_at = NULL, short_since = NULL
            """)
        try set(.cursor, to: nil)
        try set(.streamIsWhole, to: nil)
        try set(.epoch, to: nil)
        let peers = try database.rows("SELECT peer_id FROM conversations") { UserID($0.int64(0)) }
        for peer in peers { try refreshLastRow(peer) }
    }

    // MARK: Back

    /// The message of a former server that `message` is, by its number, its people, its text and its time.
    func formerRow(of message: Message, with peer: UserID) throws(SQLiteError) -> RowID? {
        try database.rows(
            """
            SELECT row_id, content, created_at FROM messages
            WHERE former_id = ? AND sender_id = ? AND peer_id = ? ORDER BY former DESC
            """, message.id.rawValue, message.senderID.rawValue, peer.rawValue
        ) {
            let known = KnownMessage(
                sender: message.senderID, peer: peer, content: $0.string(1),
                time: Timestamp(microseconds: $0.int64(2)))
            return known.isSame(as: message, with: peer) ? RowID($0.int64(0)) : nil
        }.compactMap { $0 }.first
    }

    /// The server has a message of the former history: its row takes its place again, with what the server says.
    func takeBack(
        _ row: RowID, as message: Message, isRead: Bool, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let isMine = message.senderID == me
        let waiting = try database.first("SELECT temp_id FROM outbox WHERE row_id = ?", row.rawValue) {
            TempID($0.string(0))
        }
        if let waiting {
            try database.run("DELETE FROM outbox WHERE row_id = ?", row.rawValue)
            effects.confirmed.append(waiting)
        }
        let state =
            isMine
            ? StoredState(own: message.status, isRead: message.isRead)
            : message.isRead || isRead ? .receivedRead : .receivedUnread
        try database.run(
            """
            UPDATE messages SET server_id = ?1, position = ?1, former_id = NULL, former = NULL, state = ?2,
                created_at = ?3, delivered_at = NULL, read_at = NULL
            WHERE row_id = ?4
            """, message.id.rawValue, state.rawValue, message.createdAt.microseconds, row.rawValue)
        if state == .receivedUnread { try countUnread(peer, isLate: true) }
        effects.touch(peer)
    }

    // MARK: Gone

    /// A page lacks a message, which is taken for deleted: what is needed to see that it was not, when another message
    /// comes with its number, is remembered for a while.
    func rememberMissing(_ id: MessageID) throws(SQLiteError) {
        try database.run(
            """
            INSERT OR REPLACE INTO missing_messages
                (server_id, peer_id, sender_id, temp_id, content, created_at, state, sent_elsewhere)
            SELECT server_id, peer_id, sender_id, temp_id, CASE WHEN sender_id = ?1 THEN content END,
                created_at, state, sent_elsewhere
            FROM messages WHERE server_id = ?2
            """, me.rawValue, id.rawValue)
        try database.run(
            """
            DELETE FROM missing_messages WHERE server_id <= (
                SELECT server_id FROM missing_messages ORDER BY server_id DESC LIMIT 1 OFFSET ?)
            """, Self.missingMax)
    }

    private static let missingMax = 1000

    /// The person, or the server by its word, has deleted it: nothing of it is remembered.
    func forgetMissing(with peer: UserID?, upTo id: MessageID = MessageID(.max)) throws(SQLiteError) {
        try database.run(
            "DELETE FROM missing_messages WHERE (?1 IS NULL OR peer_id = ?1) AND server_id <= ?2",
            peer?.rawValue, id.rawValue)
    }

    /// Removes messages of former servers from this machine, of one person, older than a time, or both.
    func forgetFormer(with peer: UserID?, olderThan time: Timestamp?) throws(SQLiteError) -> Int {
        try database.transaction { () throws(SQLiteError) in
            try forgetMissing(with: peer)
            try database.run(
                """
                DELETE FROM messages WHERE former IS NOT NULL AND (?1 IS NULL OR peer_id = ?1)
                    AND (?2 IS NULL OR created_at < ?2)
                """, peer?.rawValue, time?.microseconds)
            let count = database.changes
            let peers = try database.rows("SELECT peer_id FROM conversations") { UserID($0.int64(0)) }
            if count > 0 { for peer in peers { try refreshLastRow(peer) } }
            return count
        }
    }

    /// After a page: puts own messages of the former history that the server lacks into the outbox, so that the person can
    /// send them again. Only messages that were sent from this device: each device offers its own, or they would be sent
    /// twice.
    ///
    /// - Parameter isShown: whether the page shows anything. Where an empty one may be a failure, it proves nothing.
    func holdGone(
        with peer: UserID, isShown: Bool, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        if !isShown, try !announcesDeletions() { return }
        let latest = try database.first("SELECT era, reason FROM former_servers ORDER BY era DESC LIMIT 1") {
            (era: $0.int64(0), reason: FormerServerReason(rawValue: $0.int64(1)))
        }
        guard let latest, latest.reason != .otherAccount,
            try fetchState(of: peer).contiguousTo != nil
        else { return }
        let gaps = try gapEdges(of: peer)
        let own = try database.rows(
            """
            SELECT row_id, former_id FROM messages
            WHERE peer_id = ? AND former = ? AND sender_id = ? AND temp_id IS NOT NULL AND NOT sent_elsewhere
            ORDER BY position
            """, peer.rawValue, latest.era, me.rawValue
        ) { (row: RowID($0.int64(0)), id: $0.int64(1)) }
        for one in own where !gaps.contains(where: { $0.after < one.id && one.id < $0.before }) {
            try hold(one.row, goneSince: latest.era, peer: peer, &effects)
        }
    }

    private func announcesDeletions() throws(SQLiteError) -> Bool {
        try text(.capabilities)?.contains(Capability.deletions.rawValue) == true
    }

    /// The newest message of a page that the cache holds.
    func newestKnown(among page: [Message]) throws(SQLiteError) -> MessageID? {
        var newest: MessageID?
        for message in page where try storedRow(message.id) != nil {
            newest = max(newest ?? message.id, message.id)
        }
        return newest
    }

    /// An own message that was sent from here, and that the newest page of a server that announces no deletions lacks
    /// above all of it that was known before: a backup of the server was put back, or another device deleted it. It is
    /// not forgotten here before the person says so.
    ///
    /// - Returns: false for any other message.
    func keepGone(
        _ id: MessageID, above newest: MessageID?, _ effects: inout StoreEffects
    ) throws(SQLiteError) -> Bool {
        guard let newest, id > newest, try !announcesDeletions() else { return false }
        let found = try database.first(
            """
            SELECT row_id, peer_id FROM messages
            WHERE server_id = ? AND sender_id = ? AND temp_id IS NOT NULL AND NOT sent_elsewhere
            """, id.rawValue, me.rawValue
        ) { (row: RowID($0.int64(0)), peer: UserID($0.int64(1))) }
        guard let found else { return false }
        try database.run(
            "UPDATE messages SET former_id = server_id WHERE row_id = ?", found.row.rawValue)
        try hold(found.row, goneSince: nil, peer: found.peer, &effects)
        return true
    }

    private func hold(
        _ row: RowID, goneSince era: Int64?, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let sequence =
            (try database.first("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'") { $0.int64(0) } ?? 0)
            + 1
        try database.run(
            "UPDATE messages SET server_id = NULL, former = NULL, state = ?, position = ? WHERE row_id = ?",
            StoredState.unsent.rawValue, TimelinePosition(unsent: sequence).rawValue, row.rawValue)
        try database.run(
            """
            INSERT INTO outbox (sequence, row_id, peer_id, temp_id, state, entered_at, hold, era)
            SELECT ?, row_id, peer_id, temp_id, ?, created_at, ?, ? FROM messages WHERE row_id = ?
            """, sequence, OutboxState.held.rawValue, HeldReason.goneFromServer.rawValue, era, row.rawValue)
        effects.goneFromServer += 1
        effects.touch(peer)
    }

    // MARK: Sending again

    /// The last former server that knew a person whom the present one has not told of; nil for anybody else. The number
    /// may be somebody else's by now.
    func eraOfStranger(_ user: UserID) throws(SQLiteError) -> Int64? {
        try database.first(
            """
            SELECT max(era) FROM former_people
            WHERE user_id = ?1 AND NOT EXISTS (SELECT 1 FROM people WHERE user_id = ?1)
            """, user.rawValue
        ) { $0.optionalInt64(0) } ?? nil
    }

    func noteHeld(_ tempID: TempID, since era: Int64) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET hold = ?, era = ? WHERE temp_id = ?", HeldReason.formerServer.rawValue, era,
            tempID.rawValue)
    }

    /// Why a message that was entered for a former server may not go to the present one; nil when it may.
    func obstacle(to tempID: TempID) throws(SQLiteError) -> InvalidRequest? {
        let entered = try database.first(
            """
            SELECT o.peer_id, s.account_email, f.name, f.email, p.name, p.email
            FROM outbox o JOIN former_servers s ON s.era = o.era
            LEFT JOIN former_people f ON f.user_id = o.peer_id AND f.era = o.era
            LEFT JOIN people p ON p.user_id = o.peer_id WHERE o.temp_id = ?
            """, tempID.rawValue
        ) {
            (
                account: $0.optionalString(1), then: FormerPerson($0.optionalString(2), $0.optionalString(3)),
                now: FormerPerson($0.optionalString(4), $0.optionalString(5))
            )
        }
        guard let entered else { return nil }
        let present = try text(.accountEmail)
        guard entered.account?.lowercased() == present?.lowercased() else {
            return .ofAnotherAccount(tempID)
        }
        return entered.then.isSame(as: entered.now) ? nil : .forSomebodyElse(tempID)
    }

    private struct FormerPerson {
        let name: String?
        let email: String?

        init(_ name: String?, _ email: String?) {
            self.name = name
            self.email = email
        }

        /// An address tells people apart; where one is missing, the name must do.
        func isSame(as other: FormerPerson) -> Bool {
            if let email, let theirs = other.email { return email == theirs }
            guard let name, let theirs = other.name else { return false }
            return name == theirs
        }
    }

    // MARK: Showing

    /// What a person was called on a former server.
    func formerName(of user: UserID, in era: Int64) throws(SQLiteError) -> String {
        try database.first(
            "SELECT shown_name FROM former_people WHERE user_id = ? AND era = ?", user.rawValue, era
        ) { $0.string(0) } ?? "#\(user)"
    }

    /// What a person was called on the last server that knew them.
    func lastFormerName(of user: UserID) throws(SQLiteError) -> String? {
        try database.first(
            "SELECT shown_name FROM former_people WHERE user_id = ? ORDER BY era DESC LIMIT 1", user.rawValue
        ) { $0.string(0) }
    }

    /// Whether a conversation holds messages of a former server.
    func hasFormer(with peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            "SELECT EXISTS (SELECT 1 FROM messages WHERE peer_id = ? AND position <= 0)", peer.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// How many messages of former servers the cache holds.
    func formerCount() throws(SQLiteError) -> Int {
        try database.first("SELECT count(*) FROM messages WHERE former IS NOT NULL") { $0.int(0) } ?? 0
    }

    /// Unsent messages that are held because of one.
    func heldOfFormerServers() throws(SQLiteError) -> Int {
        try database.first("SELECT count(*) FROM outbox WHERE hold IS NOT NULL AND NOT is_cancelled") {
            $0.int(0)
        } ?? 0
    }

    /// Why the history before is of a former server. Where a server only lacks messages it has gone back.
    func formerReason() throws(SQLiteError) -> FormerServerReason {
        let reason = try database.first("SELECT reason FROM former_servers ORDER BY era DESC LIMIT 1") {
            FormerServerReason(rawValue: $0.int64(0))
        }
        return (reason ?? nil) ?? .wentBack
    }

    /// Removes a message of a former server from this machine. Nil when the row is no such message.
    func removeFormer(_ row: RowID) throws(SQLiteError) -> UserID? {
        try database.transaction { () throws(SQLiteError) in
            let peer = try database.first(
                "SELECT peer_id FROM messages WHERE row_id = ? AND former IS NOT NULL", row.rawValue
            ) { UserID($0.int64(0)) }
            guard let peer else { return nil }
            try database.run("DELETE FROM messages WHERE row_id = ?", row.rawValue)
            try refreshLastRow(peer)
            return peer
        }
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
