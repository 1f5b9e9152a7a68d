import CSQLite
import Glibc

/// A failure of SQLite, with the facts that callers need for decisions.
///
/// Messages come from SQLite and name tables and columns. Statement texts hold no values (values are bound), so an
/// error may be logged.
public enum SQLiteError: Error, Equatable, Sendable {
    /// The file could not be opened or created.
    case cannotOpen(path: String, code: Int32, message: String)
    /// Another connection held the lock for longer than the busy timeout.
    case busy(message: String)
    /// The disk or a quota is full, or the file may not grow any more; the transaction was rolled back.
    case full(message: String)
    /// The file is not a database, or it is damaged.
    case corrupt(message: String)
    /// A UNIQUE, NOT NULL, CHECK or foreign key rule stopped the statement; `code` is the extended code.
    case constraint(code: Int32, message: String)
    /// The file was written by a newer version of the program.
    case newerSchema(found: Int, supported: Int)
    /// Any other failure, with SQLite's extended result code.
    case failed(code: Int32, message: String, sql: String)

    /// The error for a file that is found unfit before SQLite opens it.
    public static func cannotOpen(path: String, reason: String) -> SQLiteError {
        .cannotOpen(path: path, code: SQLITE_CANTOPEN, message: reason)
    }

    /// True when the content of the file is wrong: it is damaged, or its tables are missing.
    public var isDamage: Bool {
        switch self {
        case .corrupt, .failed(SQLITE_ERROR, _, _): true
        default: false
        }
    }

    /// True when nothing can be written at this place, although the existing content may be readable.
    public var isOfWriting: Bool {
        switch self {
        case .full, .cannotOpen: true
        case .failed(let code, _, _): [SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_IOERR].contains(code & 0xff)
        case .busy, .corrupt, .constraint, .newerSchema: false
        }
    }

    /// True when the database was opened for reading only.
    public var isReadOnly: Bool {
        if case .failed(let code, _, _) = self { return code & 0xff == SQLITE_READONLY }
        return false
    }

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
        case SQLITE_IOERR where isLimit(extended, handle), SQLITE_CANTOPEN where isLimit(extended, handle):
            return .full(message: message)
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(message: message)
        case SQLITE_CONSTRAINT: return .constraint(code: extended, message: message)
        default: return .failed(code: extended, message: message, sql: sql)
        }
    }

    /// SQLite reports only ENOSPC from a write as a full disk. A quota, a file size limit, and a lack of space for
    /// the shared memory or for another file have the same effect, and end in the same way.
    private static func isLimit(_ extended: Int32, _ handle: OpaquePointer?) -> Bool {
        guard let handle else { return false }
        var reasons = [sqlite3_system_errno(handle)]
        // A failed commit is rolled back before this number is read: each file has kept its own.
        if extended == SQLiteCode.writing {
            reasons += [SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER].map {
                lastReason(of: $0, handle)
            }
        }
        return reasons.contains { [ENOSPC, EDQUOT, EFBIG].contains($0) }
    }

    /// The system's reason for the last failure of the database file or of its log; 0 when there was none.
    private static func lastReason(of pointer: Int32, _ handle: OpaquePointer) -> Int32 {
        var file: UnsafeMutablePointer<sqlite3_file>?
        var reason: Int32 = 0
        guard sqlite3_file_control(handle, "main", pointer, &file) == SQLITE_OK, let file,
            let control = file.pointee.pMethods?.pointee.xFileControl,
            control(file, SQLITE_FCNTL_LAST_ERRNO, &reason) == SQLITE_OK
        else { return 0 }
        return reason
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
    static let writing: Int32 = SQLITE_IOERR | (3 << 8)
    static let constraintPrimaryKey: Int32 = SQLITE_CONSTRAINT | (6 << 8)
    static let constraintUnique: Int32 = SQLITE_CONSTRAINT | (8 << 8)
}
