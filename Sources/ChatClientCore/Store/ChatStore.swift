import ChatSQLite
import ChatWire

/// The cache of one account: messages, people, outbox, drafts, and what has been read.
///
/// Everything that the server reports goes through ``apply(_:cursor:)``, whichever way it came. A message is found by
/// its server id. If that fails and the account itself sent it, it is found by its temp_id. Otherwise it is new. States
/// only rise, and what was deleted stays deleted.
///
/// The store is made of parts. Each part is one concept and has the SQL of its tables. Each method of a part is one
/// transaction, or joins the open one. One actor owns a store; other programs may have the same file open.
final class ChatStore {
    /// The account whose messages these are.
    let me: UserID
    let database: Database
    /// Why nothing can be written; nil for an ordinary store.
    let writeRefusal: SQLiteError?
    var searchIndex: SearchIndex
    private var lastDataVersion: Int64?

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
        writeRefusal = nil
        searchIndex = SearchIndex(database: database)
        try Migrator.migrate(database, Schema.migrations)
    }

    /// A store for reading only.
    ///
    /// - Parameter refusal: why nothing can be written.
    init(reading database: Database, me: UserID, _ refusal: SQLiteError) throws(SQLiteError) {
        self.database = database
        self.me = me
        writeRefusal = refusal
        searchIndex = SearchIndex(database: database)
        // An older schema cannot be migrated here.
        guard try Migrator.version(of: database) == Schema.migrations.count else { throw refusal }
    }

    // MARK: Parts

    var meta: MetaTable { MetaTable(database: database) }
    var messages: MessageTable { MessageTable(database: database, me: me) }
    var timeline: TimelineReader { TimelineReader(database: database, me: me) }
    var search: MessageSearch { MessageSearch(database: database, me: me) }
    var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    var outbox: OutboxTable { OutboxTable(database: database, me: me) }
    var gaps: GapTable { GapTable(database: database) }
    var readMarks: ReadMarks { ReadMarks(database: database, me: me) }
    var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    var deletions: MessageDeletions { MessageDeletions(database: database, me: me) }
    var conversationDeletions: ConversationDeletions { ConversationDeletions(database: database, me: me) }
    var people: PeopleTable { PeopleTable(database: database, me: me) }
    var listed: ListedMessages { ListedMessages(database: database, me: me) }
    var wishes: ContactWishTable { ContactWishTable(database: database, me: me) }
    var identity: ServerIdentity { ServerIdentity(database: database, me: me) }
    var former: FormerHistories { FormerHistories(database: database, me: me) }
    var formerPeople: FormerPeople { FormerPeople(database: database) }
    var gone: GoneMessages { GoneMessages(database: database, me: me) }
    var inheritance: CacheInheritance { CacheInheritance(database: database, me: me) }
    var pruning: CachePruning { CachePruning(database: database, me: me) }
    var maintenance: CacheMaintenance {
        CacheMaintenance(database: database, isReadOnly: writeRefusal != nil)
    }

    // MARK: Facts from the server

    /// Stores facts from the server, all in one commit. This is the only way in for acknowledgements, broadcasts,
    /// notifications, pages and the stream of changes. Applying a fact again changes nothing.
    ///
    /// - Parameter cursor: the place in the stream of changes after `changes`, stored in the same commit.
    func apply(_ changes: [StoreChange], cursor: String? = nil) throws(SQLiteError) -> StoreEffects {
        try database.transaction { () throws(SQLiteError) in
            var effects = StoreEffects()
            if let reason = try identity.contradiction(in: changes) {
                effects.setAside = try former.moveAside(reason)
            }
            for change in changes { try apply(change, &effects) }
            for peer in effects.streamed.keys { try gaps.endStream(of: peer, &effects) }
            for peer in effects.timelines.sorted() { try conversations.refreshLastRow(peer) }
            // A cursor of another history is worthless, so the stream starts over.
            if let cursor, effects.setAside == nil { try meta.set(.cursor, to: cursor) }
            effects.ensured = []
            return effects
        }
    }

    private func apply(_ change: StoreChange, _ effects: inout StoreEffects) throws(SQLiteError) {
        switch change {
        case .message(let message, let source):
            try MessageIngest(database: database, me: me).ingest(message, from: source, &effects)
        case .page(let page): try PageIngest(database: database, me: me).ingest(page, &effects)
        case .status(let id, let status, let time): try readMarks.raise(id, to: status, at: time, &effects)
        case .readByPeer(let peer, let id, let time):
            try readMarks.readByPeer(peer, upTo: id, at: time, &effects)
        case .readByMe(let peer, let id): try readMarks.readByMe(peer, upTo: id, &effects)
        case .deleted(let id): try deletions.delete(id, &effects)
        case .conversationDeleted(let peer, let id):
            try conversationDeletions.delete(peer, upTo: id, &effects)
        case .person(let person): try people.ingest(person, &effects)
        case .contacts(let contacts, let isWhole):
            try people.replaceContacts(contacts, isWhole: isWhole, &effects)
        case .contact(let contact): try people.ingest(contact, &effects)
        case .contactRemoved(let id): try people.removeContact(id, &effects)
        case .unread(let counts, let unsettled, let untold):
            try unreadCounts.set(counts, unsettled: unsettled, untold: untold, &effects)
        case .lastSeen(let user, let time): try people.setLastSeen(user, time, &effects)
        }
    }

    /// Whether a read mark, a deletion or a change of contacts has yet to be reported to the server.
    func hasUntoldWishes() throws(SQLiteError) -> Bool {
        guard try readMarks.pending().isEmpty, try deletions.pending().isEmpty else { return true }
        guard try conversationDeletions.pending().isEmpty else { return true }
        return try !wishes.all().isEmpty
    }

    // MARK: Other programs, and failures

    /// Whether another connection has committed since the last call.
    func hasChangedElsewhere() throws(SQLiteError) -> Bool {
        let version = try database.dataVersion()
        defer { lastDataVersion = version }
        return lastDataVersion.map { $0 != version } ?? false
    }

    /// The error that the person can act on: in a store for reading only, the reason for that.
    func reason(_ error: SQLiteError) -> SQLiteError { error.isReadOnly ? writeRefusal ?? error : error }

    /// Marks the cache as damaged for the next start, when the error says so.
    func note(_ error: SQLiteError) {
        if case .corrupt = error { CacheOpening.noteDamage(of: database) }
    }
}
