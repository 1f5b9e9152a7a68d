import ChatSQLite
import ChatWire

/// The columns that a query selects. Each is read by its name; the raw values count from 0 in the order of the cases.
protocol SelectedColumn: CaseIterable, RawRepresentable where RawValue == Int32 {
    /// The expression in the query.
    var sql: String { get }
}

extension SelectedColumn {
    /// All expressions, for `SELECT`.
    static var selection: String { allCases.map(\.sql).joined(separator: ", ") }
}

/// A row of a query whose columns have names.
struct SelectedRow<Column: SelectedColumn> {
    private let statement: Statement

    init(_ statement: Statement) { self.statement = statement }

    func isNull(_ column: Column) -> Bool { statement.isNull(column.rawValue) }

    func int64(_ column: Column) -> Int64 { statement.int64(column.rawValue) }

    func int(_ column: Column) -> Int { statement.int(column.rawValue) }

    func bool(_ column: Column) -> Bool { statement.bool(column.rawValue) }

    func string(_ column: Column) -> String { statement.string(column.rawValue) }

    func optionalInt64(_ column: Column) -> Int64? { statement.optionalInt64(column.rawValue) }

    func optionalString(_ column: Column) -> String? { statement.optionalString(column.rawValue) }

    func user(_ column: Column) -> UserID { UserID(int64(column)) }

    /// A time in microseconds; nil for NULL.
    func time(_ column: Column) -> Timestamp? {
        optionalInt64(column).map { Timestamp(microseconds: $0) }
    }

    /// The bytes of a text, valid during the call.
    func withBytes<Result>(_ column: Column, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        statement.withBytes(column.rawValue, body)
    }
}
