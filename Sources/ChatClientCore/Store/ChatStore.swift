import ChatSQLite
import ChatWire

/// The cache of one account: messages, people, outbox, drafts, and what has been read.
///
/// Everything that the server tells goes through ``apply(_:)``, whichever way it came: a message is
/// found by its server id, else, when the account itself sent it, by its temp_id, else it is new. States only
/// rise; what was deleted stays deleted.
///
/// Each public method is one transaction. One actor owns a store; other programs may have the same file open.
final class ChatStore {
    /// The account whose messages these are.
    let me: UserID
    let database: Database

    /// Opens, creates or migrates the database at `path`.
    convenience init(path: String, me: UserID) throws(SQLiteError) {
        try self.init(database: Database(path: path), me: me)
    }

    /// A store in memory, for tests and simulations: the same schema and statements.
    convenience init(inMemoryFor me: UserID) throws(SQLiteError) {
        try self.init(database: Database(path: "", mode: .memory), me: me)
    }

    private init(database: Database, me: UserID) throws(SQLiteError) {
        self.database = database
        self.me = me
        try Migrator.migrate(database, Schema.migrations)
    }

    /// Why nothing can be written; nil for a store that can be.
    private(set) var writeRefusal: SQLiteError?

    /// A store to be read only.
    ///
    /// - Parameter refusal: why nothing can be written.
    init(reading database: Database, me: UserID, _ refusal: SQLiteError) throws(SQLiteError) {
        self.database = database
        self.me = me
        writeRefusal = refusal
        // What a newer program has to add to an older cache cannot be added.
        guard try Migrator.version(of: database) == Schema.migrations.count else { throw refusal }
    }

    /// The reason that the person can do something about: where the store is only to be read, why it is.
    func reason(_ error: SQLiteError) -> SQLiteError { error.isReadOnly ? writeRefusal ?? error : error }

    /// Changes by this connection that are of no concern to other programs: the index of what they have seen.
    var quietChanges: Int64 = 0

    // MARK: Small facts

    /// A number kept under a name.
    func number(_ key: MetaKey) throws(SQLiteError) -> Int64? {
        try database.first("SELECT value FROM meta WHERE key = ?", key.rawValue) { $0.optionalInt64(0) }
            ?? nil
    }

    /// A text kept under a name.
    func text(_ key: MetaKey) throws(SQLiteError) -> String? {
        try database.first("SELECT value FROM meta WHERE key = ?", key.rawValue) { $0.optionalString(0) }
            ?? nil
    }

    func set(_ key: MetaKey, to value: (any SQLiteBindable)?) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO meta (key, value) VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            key.rawValue, value)
    }

    /// True when another connection has committed since the last call.
    func hasChangedElsewhere() throws(SQLiteError) -> Bool {
        let version = try database.dataVersion()
        defer { lastDataVersion = version }
        return lastDataVersion.map { $0 != version } ?? false
    }

    private var lastDataVersion: Int64?

    // MARK: Drafts

    func draft(for peer: UserID) throws(SQLiteError) -> String {
        try database.first("SELECT draft FROM conversations WHERE peer_id = ?", peer.rawValue) {
            $0.string(0)
        } ?? ""
    }

    func setDraft(_ text: String, for peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO conversations (peer_id, draft) VALUES (?, ?)
            ON CONFLICT (peer_id) DO UPDATE SET draft = excluded.draft
            """, peer.rawValue, text.isEmpty ? nil : text)
    }

    // MARK: What the engine asks

    /// The highest server id in the cache, or 0.
    func newestID() throws(SQLiteError) -> MessageID {
        MessageID(try database.first("SELECT max(server_id) FROM messages") { $0.int64(0) } ?? 0)
    }

    /// The highest id in a conversation, of those up to `last`; nil without messages of the server.
    func newestSentID(with peer: UserID, upTo last: MessageID? = nil) throws(SQLiteError) -> MessageID? {
        let end = TimelinePosition.firstUnsent - 1
        let newest = try database.first(
            "SELECT max(position) FROM messages WHERE peer_id = ? AND position BETWEEN 1 AND ?",
            peer.rawValue, min(last?.rawValue ?? end, end)
        ) { $0.optionalInt64(0) }
        return (newest ?? nil).map { MessageID($0) }
    }

    /// The newest sent message of a conversation.
    func newestSent(with peer: UserID) throws(SQLiteError) -> (content: String, time: Timestamp)? {
        try database.first(
            """
            SELECT content, created_at FROM messages WHERE peer_id = ? AND position > 0 AND position < ?
            ORDER BY position DESC LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent
        ) { ($0.string(0), Timestamp(microseconds: $0.int64(1))) }
    }

    /// Conversations whose read mark the server has not been told, with the id up to which they are read.
    func pendingReadMarks() throws(SQLiteError) -> [(peer: UserID, upTo: MessageID)] {
        try database.rows("SELECT peer_id, read_to FROM conversations WHERE read_is_pending > 0") {
            (UserID($0.int64(0)), MessageID($0.int64(1)))
        }
    }

    /// Own messages deleted here that the server has not been told of.
    func pendingDeletions() throws(SQLiteError) -> [MessageID] {
        try database.rows("SELECT server_id FROM pending_deletions ORDER BY server_id") {
            MessageID($0.int64(0))
        }
    }

    /// Whether a read mark, a deletion or a change of contacts has yet to be told to the server.
    func hasUntoldWishes() throws(SQLiteError) -> Bool {
        guard try pendingReadMarks().isEmpty, try pendingDeletions().isEmpty else { return true }
        guard try pendingConversationDeletions().isEmpty else { return true }
        return try !contactWishes().isEmpty
    }

    /// The peers of the most recent conversations.
    func recentPeers(limit: Int) throws(SQLiteError) -> [UserID] {
        try database.rows(
            """
            SELECT peer_id FROM conversations
            ORDER BY max(coalesce(last_time, 0), coalesce(server_time, 0)) DESC LIMIT ?
            """, limit
        ) { UserID($0.int64(0)) }
    }

    /// The name that is known for a person.
    func name(of user: UserID) throws(SQLiteError) -> String? {
        let name = try database.first(
            """
            SELECT CASE WHEN w.is_wanted = 0 THEN p.name ELSE coalesce(w.name, p.contact_name, p.name) END
            FROM people p LEFT JOIN contact_wishes w USING (user_id) WHERE p.user_id = ?
            """, user.rawValue
        ) { $0.string(0) }
        if let name { return name }
        return try lastFormerName(of: user)
    }

    /// Those of `page` that are known to be messages sent from here: no other unsent one can be them.
    func confirmedIDs(among page: [Message]) throws(SQLiteError) -> Set<MessageID> {
        var ids: Set<MessageID> = []
        for message in page where message.senderID == me {
            let isOurs = try database.first(
                "SELECT temp_id IS NOT NULL FROM messages WHERE server_id = ?", message.id.rawValue
            ) { $0.bool(0) }
            if isOurs == true { ids.insert(message.id) }
        }
        return ids
    }

    /// What is known about the fetching of a conversation.
    func fetchState(of peer: UserID) throws(SQLiteError) -> FetchState {
        try database.first(
            "SELECT contiguous_to, fetched_limit, was_opened, unread FROM conversations WHERE peer_id = ?",
            peer.rawValue
        ) {
            FetchState(
                contiguousTo: $0.optionalInt64(0).map { MessageID($0) }, fetchedLimit: $0.int(1),
                wasOpened: $0.bool(2), unread: $0.int(3))
        } ?? FetchState(contiguousTo: nil, fetchedLimit: 0, wasOpened: false, unread: 0)
    }

    struct FetchState: Equatable {
        var contiguousTo: MessageID?
        var fetchedLimit: Int
        var wasOpened: Bool
        var unread: Int
    }

    func setOpened(_ peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO conversations (peer_id, was_opened) VALUES (?, 1)
            ON CONFLICT (peer_id) DO UPDATE SET was_opened = 1 WHERE was_opened = 0
            """, peer.rawValue)
    }
}

/// The names of the small facts in `meta`.
enum MetaKey: String {
    /// The place in the server's stream of changes up to which everything is in the cache.
    case cursor
    /// Set while the stream of changes is followed from the beginning of all messages on.
    case streamIsWhole = "stream_is_whole"
    /// The capabilities that the server announced last, separated by spaces.
    case capabilities
    /// The link state of the program that holds the link, for those that watch.
    case holderLink = "holder_link"
    /// Who is connected, as the program that holds the link knows it, in the words of `PresenceBook`.
    case holderPresence = "holder_presence"
    /// Which database the server has, in its own word.
    case epoch
    /// Whose cache this is: as the server told at the sign-in and since.
    case accountName = "account_name"
    case accountEmail = "account_email"
    case accountMade = "account_made"
    /// The person's number in the cache that this one has taken over.
    case inheritedFrom = "inherited_from"
    /// The transport that got through to the server last, where it is not the usual one, and when.
    case transport
    /// The version given to a wish last.
    case wishVersion = "wish_version"
    /// The highest row of which the search index knows, as of all before it.
    case searchIndexedTo = "search_indexed_to"
}
