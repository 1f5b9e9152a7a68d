import ChatSQLite
import ChatServerLite
import ChatWire

/// What commands work with: the tables, and the change log.
///
/// One thread owns it, the writer's, for one transaction after the other.
final class SQLiteTransaction: SQLiteTables, StorageTransaction {
    /// Numbers of the database that are kept here so that a command need not read them.
    private struct Counters {
        /// The number of the last entry of the change log.
        var sequence: Int64
        /// The highest number that a message ever had.
        var newestMessage: Int64
        /// How many rows of the change log wait to be filed.
        var recentChanges: Int

        init(of tables: some SQLiteTables) throws(SQLiteError) {
            sequence = try tables.state("change_seq")
            newestMessage = try tables.newestMessage()
            recentChanges = try tables.recentChangeCount()
        }
    }

    let database: Database
    private var counters: Counters
    /// The state of the database that ``counters`` and ``names`` were read from; nil when it is not known.
    private var knownVersion: Int64?
    /// The number of the last entry before this transaction.
    private var firstSequence: Int64
    /// Users are never deleted, so a name once seen stays known; the bound limits the memory.
    private var names: [UserID: String] = [:]
    private static let namesMax = 50_000
    /// As many as make filing worth its while, and few enough for a sync to look through and a commit to deal with.
    private static let recentChangesMax = 2048

    init(database: Database) throws(SQLiteError) {
        self.database = database
        counters = try Counters(of: SQLiteView(database: database))
        firstSequence = counters.sequence
    }

    var sequence: Int64 { counters.sequence }
    var newestMessage: Int64 { counters.newestMessage }

    // MARK: The course of a transaction

    /// The first step of a transaction. What another connection has committed meanwhile, and what a failed
    /// transaction left here, is replaced by what the database says.
    func begin() throws(SQLiteError) {
        let version = try database.dataVersion()
        if version != knownVersion {
            names.removeAll()
            counters = try Counters(of: self)
            knownVersion = version
        }
        firstSequence = counters.sequence
    }

    /// The last step before a commit: the log's number is committed with what it numbers.
    func prepareCommit() throws(SQLiteError) {
        guard sequence != firstSequence else { return }
        try setState("change_seq", sequence)
        if counters.recentChanges >= Self.recentChangesMax { try fileRecentChanges() }
    }

    /// Nothing that is known here holds any more.
    func didRollBack() { knownVersion = nil }

    // MARK: What commands ask for

    func name(of user: UserID) throws(SQLiteError) -> String? {
        if let known = names[user] { return known }
        guard let name = try userName(user) else { return nil }
        if names.count >= Self.namesMax { names.removeAll() }
        names[user] = name
        return name
    }

    func insertMessage(
        from sender: UserID, to receiver: UserID, content: String, tempID: TempID?, at time: Timestamp
    ) throws(SQLiteError) -> MessageID? {
        let id = try insertMessageRow(from: sender, to: receiver, content: content, tempID: tempID, at: time)
        if let id { counters.newestMessage = max(counters.newestMessage, id.rawValue) }
        return id
    }

    func log(
        _ kind: ChangeKind, subject: Int64, for audience: ChangeAudience, peer: UserID, upTo: MessageID?,
        at time: Timestamp
    ) throws(SQLiteError) {
        let change = Change(
            sequence: sequence + 1, kind: kind, subject: subject, peer: peer, upTo: upTo, time: time)
        try insertChange(change, for: audience)
        counters.recentChanges += 1
        switch audience {
        case .user: counters.sequence += 1
        case .both: counters.sequence += 2
        }
    }

    /// Files what is recent in the log now, however little it is.
    func fileRecentChanges() throws(SQLiteError) {
        guard counters.recentChanges > 0 else { return }
        try moveRecentChanges()
        counters.recentChanges = 0
    }

    func pruneChanges(_ retention: ChangeRetention, from position: UserID?) throws(SQLiteError) -> UserID? {
        guard let position else {
            try moveFloor(retention)
            return UserID(0)
        }
        return try deleteChanges(from: position)
    }

    private func moveFloor(_ retention: ChangeRetention) throws(SQLiteError) {
        let floor = try changeFloor(retention, at: ServerClock.now(), sequence: sequence)
        try setState("change_floor", floor)
        // What is behind the floor may not have been filed yet.
        try fileRecentChanges()
        try deleteChangeLogMarks(below: floor)
    }
}
