import ChatSQLite
import ChatWire

/// What a command works with while it is part of a transaction: the tables, and the log of changes.
///
/// One thread owns it, the writer's.
final class WriteContext {
    let tables: ChatTables
    /// The number of the last entry of the log.
    private(set) var sequence: Int64
    private var committedSequence: Int64
    /// Whether the numbers are to be read again, since what they were when they were last known may be past.
    private var isStale = false
    /// The highest number that a message ever had.
    private(set) var newestMessage: Int64
    private var committedNewestMessage: Int64
    /// How many rows of the log wait to be filed. As many as make filing worth its while, and few enough for
    /// a sync to look through and a commit to deal with.
    private var recentChanges: Int
    private var committedRecentChanges: Int
    private static let recentChangesMax = 2048
    /// Users are never deleted, so a name once seen stays known; the bound keeps memory in hand.
    private var names: [UserID: String] = [:]
    private static let namesMax = 50_000

    init(database: Database) throws(SQLiteError) {
        tables = ChatTables(database: database)
        sequence = try tables.state("change_seq")
        committedSequence = sequence
        newestMessage = try tables.newestMessage()
        committedNewestMessage = newestMessage
        recentChanges = try tables.recentChangeCount()
        committedRecentChanges = recentChanges
    }

    /// The first step of a transaction.
    func beginTransaction() throws(SQLiteError) {
        guard isStale else { return }
        sequence = try tables.state("change_seq")
        newestMessage = try tables.newestMessage()
        recentChanges = try tables.recentChangeCount()
        isStale = false
    }

    /// The time now, for what is being written.
    var now: Timestamp { ServerClock.now() }

    /// The user's name, or nil when there is no such user.
    func name(of user: UserID) throws(SQLiteError) -> String? {
        if let known = names[user] { return known }
        guard let name = try tables.userName(user) else { return nil }
        if names.count >= Self.namesMax { names.removeAll() }
        names[user] = name
        return name
    }

    /// A message was stored under this number.
    func stored(_ id: MessageID) { newestMessage = max(newestMessage, id.rawValue) }

    /// Puts a change into the logs of the users that it concerns; `peer` is the other one for each.
    func log(
        _ kind: ChangeKind, subject: Int64, between user: UserID, and peer: UserID,
        upTo: MessageID? = nil, at time: Timestamp
    ) throws(SQLiteError) {
        guard user != peer else {
            return try log(kind, subject: subject, for: user, peer: peer, upTo: upTo, at: time)
        }
        let change = Change(
            sequence: sequence + 1, kind: kind, subject: subject, peer: peer, upTo: upTo, time: time)
        try append(change, for: .both(user))
        sequence += 1
    }

    /// Puts a change into the log of one user.
    func log(
        _ kind: ChangeKind, subject: Int64, for user: UserID, peer: UserID,
        upTo: MessageID? = nil, at time: Timestamp
    ) throws(SQLiteError) {
        let change = Change(
            sequence: sequence + 1, kind: kind, subject: subject, peer: peer, upTo: upTo, time: time)
        try append(change, for: .user(user))
    }

    private func append(_ change: Change, for audience: ChangeAudience) throws(SQLiteError) {
        sequence += 1
        recentChanges += 1
        try tables.insertChange(change, for: audience)
    }

    /// Files what is recent in the log now, however little it is.
    func fileRecentChanges() throws(SQLiteError) {
        guard recentChanges > 0 else { return }
        try tables.fileRecentChanges()
        recentChanges = 0
    }

    /// The last step before a commit: the log's number goes with what it numbers.
    func prepareCommit() throws(SQLiteError) {
        guard sequence != committedSequence else { return }
        try tables.setState("change_seq", sequence)
        if recentChanges >= Self.recentChangesMax { try fileRecentChanges() }
    }

    func didCommit() {
        committedSequence = sequence
        committedNewestMessage = newestMessage
        committedRecentChanges = recentChanges
    }

    func didRollBack() {
        sequence = committedSequence
        newestMessage = committedNewestMessage
        recentChanges = committedRecentChanges
        isStale = true
        // A user that the transaction had created is gone with it.
        names.removeAll()
    }
}
