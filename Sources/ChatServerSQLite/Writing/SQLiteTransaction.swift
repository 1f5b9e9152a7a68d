import ChatSQLite
import ChatServerLite
import ChatWire

/// Gives commands access to the tables and the change log.
///
/// The writer's thread owns it. It is used for one transaction after another.
final class SQLiteTransaction: SQLiteTables, StorageTransaction {
    /// Numbers of the database that are cached here so that commands need not read them.
    private struct Counters {
        /// The number of the last entry in the change log.
        var sequence: Int64
        /// The highest id that a message ever had.
        var newestMessage: Int64
        /// The number of rows in `recent_changes`.
        var recentChanges: Int

        init(of tables: some SQLiteTables) throws(SQLiteError) {
            sequence = try tables.state("change_seq")
            newestMessage = try tables.newestMessage()
            recentChanges = try tables.recentChangeCount()
        }
    }

    let database: Database
    private var counters: Counters
    /// The version of the database from which ``counters`` and ``names`` were read; nil when unknown.
    private var knownVersion: Int64?
    /// The number of the last entry before this transaction.
    private var firstSequence: Int64
    /// Names of users that can get messages. A name stays valid until the account is deleted. The limit bounds the memory.
    private var names: [UserID: String] = [:]
    private static let namesMax = 50_000
    /// The number of recent changes at which they are moved: enough to be worthwhile, and few enough for one
    /// sync to scan and one commit to move.
    private static let recentChangesMax = 2048

    init(database: Database) throws(SQLiteError) {
        self.database = database
        counters = try Counters(of: SQLiteView(database: database))
        firstSequence = counters.sequence
    }

    var sequence: Int64 { counters.sequence }
    var newestMessage: Int64 { counters.newestMessage }

    // MARK: Transactions

    /// Begins a transaction. Cached values are read again if another connection has committed meanwhile or
    /// the last transaction failed.
    func begin() throws(SQLiteError) {
        let version = try database.dataVersion()
        if version != knownVersion {
            names.removeAll()
            counters = try Counters(of: self)
            knownVersion = version
        }
        firstSequence = counters.sequence
    }

    /// Prepares the commit, so that the number of the last change is committed with the changes.
    func prepareCommit() throws(SQLiteError) {
        guard sequence != firstSequence else { return }
        try setState("change_seq", sequence)
        if counters.recentChanges >= Self.recentChangesMax { try fileRecentChanges() }
    }

    /// Marks all cached values as invalid.
    func didRollBack() { knownVersion = nil }

    // MARK: Calls of commands

    func name(of user: UserID) throws(SQLiteError) -> String? {
        if let known = names[user] { return known }
        guard let name = try receiverName(user) else { return nil }
        if names.count >= Self.namesMax { names.removeAll() }
        names[user] = name
        return name
    }

    func eraseAccount(
        _ user: UserID, name: String, email: String, at time: Timestamp
    ) throws(SQLiteError) {
        names[user] = nil
        try eraseAccountRows(user, name: name, email: email, at: time)
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

    /// Moves the recent changes now, however few they are.
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
        // Entries up to the floor may not have been moved yet.
        try fileRecentChanges()
        try deleteChangeLogMarks(below: floor)
    }
}
