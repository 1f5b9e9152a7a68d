import CSQLite

/// What SQLite refused, with the facts that a caller decides by.
///
/// Messages come from SQLite and name tables and columns; statement texts hold no values (values are
/// bound), so an error may be logged.
public enum SQLiteError: Error, Equatable, Sendable {
    /// The file could not be opened or created.
    case cannotOpen(path: String, code: Int32, message: String)
    /// Another connection held the lock for longer than the busy timeout.
    case busy(message: String)
    /// The disk or the quota is full; the transaction was rolled back.
    case full(message: String)
    /// The file is no database, or it is damaged.
    case corrupt(message: String)
    /// A UNIQUE, NOT NULL, CHECK or foreign key rule stopped the statement; `code` is the extended code.
    case constraint(code: Int32, message: String)
    /// The file was written by a newer version of the program.
    case newerSchema(found: Int, supported: Int)
    /// Any other failure, with SQLite's extended result code.
    case failed(code: Int32, message: String, sql: String)

    /// True for a broken UNIQUE or PRIMARY KEY rule.
    public var isUniqueViolation: Bool {
        guard case .constraint(let code, _) = self else { return false }
        return code == SQLiteCode.constraintUnique || code == SQLiteCode.constraintPrimaryKey
    }

    /// Sorts a result code of a connection into a case.
    static func from(code: Int32, handle: OpaquePointer?, sql: String) -> SQLiteError {
        let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
        let message =
            handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy(message: message)
        case SQLITE_FULL: return .full(message: message)
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(message: message)
        case SQLITE_CONSTRAINT: return .constraint(code: extended, message: message)
        default: return .failed(code: extended, message: message, sql: sql)
        }
    }
}

extension SQLiteError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let path, _, let message): "cannot open the database \(path): \(message)"
        case .busy: "the database is in use by another program"
        case .full: "the disk is full"
        case .corrupt(let message): "the database is damaged: \(message)"
        case .constraint(_, let message): message
        case .newerSchema(let found, let supported):
            "the database was written by a newer version (schema \(found), this program knows \(supported))"
        case .failed(let code, let message, let sql): "SQLite error \(code): \(message) in: \(sql)"
        }
    }
}

/// Extended result codes that SQLite defines by arithmetic macros, which Swift cannot import.
enum SQLiteCode {
    static let constraintPrimaryKey: Int32 = SQLITE_CONSTRAINT | (6 << 8)
    static let constraintUnique: Int32 = SQLITE_CONSTRAINT | (8 << 8)
}
