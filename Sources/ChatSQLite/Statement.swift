import CSQLite

/// A compiled statement: bind its parameters (from 1), step through its rows, read columns (from 0).
///
/// ``Database/prepare(_:)`` returns it and keeps it for the next use. Like its database, it is not `Sendable`.
public final class Statement {
    private let handle: OpaquePointer
    private let sql: String
    // The connection must outlive its statements; the database drops its cache before it closes.
    private let connection: OpaquePointer

    init(database: Database, sql: String) throws(SQLiteError) {
        var compiled: OpaquePointer?
        let code = sqlite3_prepare_v3(
            database.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK else { throw .from(code: code, handle: database.handle, sql: sql) }
        guard let compiled else {
            throw .failed(code: SQLITE_MISUSE, message: "the statement is empty", sql: sql)
        }
        handle = compiled
        connection = database.handle
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }

    /// True between the first step and the last, or the reset.
    public var isBusy: Bool { sqlite3_stmt_busy(handle) != 0 }

    /// Returns to the state before the first row, with all parameters NULL.
    public func reset() {
        // The result repeats the last step's error, which that step has already thrown.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    // MARK: Parameters

    public func bind(_ value: Int64, at index: Int32) throws(SQLiteError) {
        try check(sqlite3_bind_int64(handle, index, value))
    }

    public func bind(_ value: Double, at index: Int32) throws(SQLiteError) {
        try check(sqlite3_bind_double(handle, index, value))
    }

    /// Binds the text's UTF-8; NUL characters inside it are kept.
    public func bind(_ value: String, at index: Int32) throws(SQLiteError) {
        // A nil base address would bind NULL: an empty text is still a text.
        if value.isEmpty { return try check(sqlite3_bind_text(handle, index, "", 0, copied)) }
        var value = value
        let code = value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                sqlite3_bind_text64(
                    handle, index, text.baseAddress, UInt64(text.count), copied, UInt8(SQLITE_UTF8))
            }
        }
        try check(code)
    }

    /// Binds a blob.
    public func bind(_ value: [UInt8], at index: Int32) throws(SQLiteError) {
        if value.isEmpty { return try check(sqlite3_bind_zeroblob(handle, index, 0)) }
        let code = value.withUnsafeBytes { bytes in
            sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), copied)
        }
        try check(code)
    }

    public func bindNull(at index: Int32) throws(SQLiteError) {
        try check(sqlite3_bind_null(handle, index))
    }

    /// Binds `value`, or NULL for nil.
    public func bind(_ value: (any SQLiteBindable)?, at index: Int32) throws(SQLiteError) {
        if let value {
            try value.bind(to: self, at: index)
        } else {
            try bindNull(at: index)
        }
    }

    /// Binds `values` to the parameters 1, 2, 3 …; there must be as many as the statement has.
    public func bindAll(_ values: [(any SQLiteBindable)?]) throws(SQLiteError) {
        let expected = sqlite3_bind_parameter_count(handle)
        guard values.count == expected else {
            throw .failed(
                code: SQLITE_RANGE, message: "\(values.count) values for \(expected) parameters", sql: sql)
        }
        for (offset, value) in values.enumerated() {
            try bind(value, at: Int32(offset + 1))
        }
    }

    // MARK: Rows

    /// Moves to the next row; returns false at the end, where it resets the statement.
    public func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let error = SQLiteError.from(code: code, handle: connection, sql: sql)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs to the end and ignores rows.
    public func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Maps every row up to the end.
    public func rows<Row>(_ map: (Statement) throws(SQLiteError) -> Row) throws(SQLiteError) -> [Row] {
        defer { reset() }
        var rows: [Row] = []
        while try step() { rows.append(try map(self)) }
        return rows
    }

    /// Maps the first row and resets; nil when there is none.
    public func first<Row>(_ map: (Statement) throws(SQLiteError) -> Row) throws(SQLiteError) -> Row? {
        defer { reset() }
        return try step() ? try map(self) : nil
    }

    // MARK: Columns, by their index from 0. SQLite converts between types by its own rules.

    public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    public func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    public func int(_ column: Int32) -> Int { Int(clamping: sqlite3_column_int64(handle, column)) }

    public func bool(_ column: Int32) -> Bool { sqlite3_column_int64(handle, column) != 0 }

    public func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    /// The text, with invalid UTF-8 repaired; empty for NULL.
    public func string(_ column: Int32) -> String {
        // The order matters: read the pointer first, because reading it may convert the value and its length.
        guard let text = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    /// The blob's bytes; empty for NULL.
    public func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Passes the text's or the blob's bytes to `body` without a copy; they are valid only inside it.
    public func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    public func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

    public func optionalString(_ column: Int32) -> String? { isNull(column) ? nil : string(column) }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw .from(code: code, handle: connection, sql: sql) }
    }
}

/// SQLITE_TRANSIENT, a cast that Swift cannot import: SQLite makes its own copy of the bytes.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
