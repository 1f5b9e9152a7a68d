import CSQLite
import Glibc

/// One connection to one SQLite database, with its prepared statements.
///
/// A `Database` is not `Sendable`: one actor or thread owns it. A program that reads while it writes opens a second
/// connection; write-ahead logging lets both run at once.
public final class Database {
    /// How to open the database.
    public enum Mode: Equatable, Sendable {
        /// Opens the file, creating it with mode 0600 if it is missing.
        case readWriteCreate
        /// Opens an existing file; statements that write fail.
        case readOnly
        /// Reads an existing file as it is now, without its log, and creates no file beside it. This is for a place
        /// where nothing can be written, and for a database that nobody else has open.
        case immutable
        /// Opens an existing file, and refuses each statement that would write.
        case reading
        /// A private database in memory; the path is ignored.
        case memory
    }

    /// What a commit promises.
    public enum Durability: Equatable, Sendable {
        /// The commit is on disk when it returns (`synchronous=FULL`): it survives a power failure.
        case full
        /// The commit survives a crash of the program; a power failure may lose the last ones.
        case normal
    }

    let handle: OpaquePointer
    private var cache: [String: Statement] = [:]
    private var literals: [UnsafePointer<UInt8>: Statement] = [:]
    /// The variable that SQLite's hook writes; see ``keepLog()``.
    let logPages = UnsafeMutablePointer<Int>.allocate(capacity: 1)

    /// Runs once per process, before SQLite does anything else.
    private static let isConfigured: Bool = csqlite_disable_memory_statistics() == SQLITE_OK

    /// Opens a database in WAL mode with foreign keys enforced.
    ///
    /// - Parameter busyTimeout: how long a statement waits for another connection's lock.
    /// - Throws: `SQLiteError.cannotOpen`, or `.corrupt` when the file is not a database.
    public init(
        path: String,
        mode: Mode = .readWriteCreate,
        durability: Durability = .full,
        busyTimeout: Duration = .seconds(5)
    ) throws(SQLiteError) {
        // If SQLite was used before, it keeps its statistics.
        _ = Self.isConfigured
        if mode == .readWriteCreate { try Self.createPrivately(path) }
        var opened: OpaquePointer?
        let flags =
            switch mode {
            case .readWriteCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readOnly: SQLITE_OPEN_READONLY
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            case .reading: SQLITE_OPEN_READWRITE
            case .memory: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
            }
        // NOMUTEX: this type has one owner at a time, so SQLite's own lock would be wasted time.
        let code = sqlite3_open_v2(
            Self.name(of: path, mode), &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw .cannotOpen(path: path, code: code, message: message)
        }
        handle = opened
        logPages.initialize(to: 0)
        sqlite3_extended_result_codes(handle, 0)
        sqlite3_busy_timeout(
            handle,
            Int32(
                clamping: busyTimeout.components.seconds * 1000
                    + busyTimeout.components.attoseconds / 1_000_000_000_000_000))
        try execute("PRAGMA foreign_keys=ON")
        if mode == .readWriteCreate { try execute("PRAGMA journal_mode=WAL") }
        if mode == .reading { try execute("PRAGMA query_only=ON") }
        try execute(durability == .full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL")
    }

    /// The file name to pass to SQLite.
    private static func name(of path: String, _ mode: Mode) -> String {
        switch mode {
        case .memory: return ":memory:"
        case .readWriteCreate, .readOnly, .reading: return path
        case .immutable:
            let plain = path.utf8.map { byte -> String in
                let isPlain =
                    byte == UInt8(ascii: "/") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte)
                if isPlain { return String(UnicodeScalar(byte)) }
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 1 ? "%0" + digits : "%" + digits
            }
            return "file:\(plain.joined())?immutable=1"
        }
    }

    deinit {
        cache.removeAll()
        literals.removeAll()
        // close_v2 waits for statements that a caller still holds; their commits are not counted any more.
        sqlite3_wal_hook(handle, nil, nil)
        sqlite3_close_v2(handle)
        logPages.deallocate()
    }

    /// SQLite would create the file readable by everyone; chats are private.
    ///
    /// An existing file is not opened: closing it would release the locks that other connections of this process hold
    /// on it (fcntl(2)), and these locks keep other programs from deleting the log.
    private static func createPrivately(_ path: String) throws(SQLiteError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno == EEXIST {
            if faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0 { return }
            guard errno == ENOENT else { throw cannotOpen(path) }
            // A symbolic link to a file that does not exist yet.
            let target = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard target >= 0 else { throw cannotOpen(path) }
            close(target)
        } else {
            throw cannotOpen(path)
        }
    }

    private static func cannotOpen(_ path: String) -> SQLiteError {
        let reason = String(cString: strerror(errno))
        if [ENOSPC, EDQUOT].contains(errno) { return .full(message: reason) }
        return .cannotOpen(path: path, code: SQLITE_CANTOPEN, message: reason)
    }

    /// The full path of the file, with links resolved; the paths of the log and its index begin with it. Empty for a
    /// database in memory.
    public var resolvedPath: String {
        sqlite3_db_filename(handle, nil).map { String(cString: $0) } ?? ""
    }

    /// The statement for `sql`, compiled once and kept. It is reset and has no bindings.
    ///
    /// While the kept statement is in use, a second one is compiled for the inner use.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        if let kept = cache[sql], !kept.isBusy {
            kept.reset()
            return kept
        }
        let statement = try Statement(database: self, sql: sql)
        if cache[sql] == nil { cache[sql] = statement }
        return statement
    }

    /// The same for a literal, which is found by its address in the program instead of its text: for statements that
    /// run all the time.
    public func prepare(literal sql: StaticString) throws(SQLiteError) -> Statement {
        if let kept = literals[sql.utf8Start], !kept.isBusy {
            kept.reset()
            return kept
        }
        let statement = try Statement(database: self, sql: sql.description)
        if literals[sql.utf8Start] == nil { literals[sql.utf8Start] = statement }
        return statement
    }

    /// Runs one or more statements without values or results.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw .from(code: code, handle: handle, sql: sql) }
    }

    /// Prepares `sql`, binds `values` in order and runs it to its end.
    public func run(_ sql: String, _ values: (any SQLiteBindable)?...) throws(SQLiteError) {
        let statement = try prepare(sql)
        try statement.bindAll(values)
        try statement.run()
    }

    /// Prepares `sql`, binds `values` in order and maps each row.
    public func rows<Row>(
        _ sql: String, _ values: (any SQLiteBindable)?...,
        map: (Statement) throws(SQLiteError) -> Row
    ) throws(SQLiteError) -> [Row] {
        let statement = try prepare(sql)
        try statement.bindAll(values)
        return try statement.rows(map)
    }

    /// Prepares `sql`, binds `values` in order and maps the first row, if there is one.
    public func first<Row>(
        _ sql: String, _ values: (any SQLiteBindable)?...,
        map: (Statement) throws(SQLiteError) -> Row
    ) throws(SQLiteError) -> Row? {
        let statement = try prepare(sql)
        try statement.bindAll(values)
        return try statement.first(map)
    }

    /// The row id of the newest successful INSERT on this connection.
    public var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// How many rows the last statement changed.
    public var changes: Int { Int(sqlite3_changes64(handle)) }

    /// How many rows this connection has changed since it was opened.
    public var totalChanges: Int64 { sqlite3_total_changes64(handle) }

    /// True between the start and the end of a transaction.
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// A number that differs from the last one read when another connection has committed since.
    public func dataVersion() throws(SQLiteError) -> Int64 {
        try first("PRAGMA data_version") { $0.int64(0) } ?? 0
    }

    /// Asks SQLite to look for damage; empty when there is none.
    public func quickCheck() throws(SQLiteError) -> [String] {
        try rows("PRAGMA quick_check") { $0.string(0) }.filter { $0 != "ok" }
    }
}
