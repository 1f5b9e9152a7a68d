import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct SelectedColumnsTests {
    @Test func columnsAreReadInTheOrderInWhichTheyAreSelected() throws {
        enum Column: Int32, SelectedColumn {
            case one, none, text, flag

            var sql: String {
                switch self {
                case .one: "41 + 1"
                case .none: "NULL"
                case .text: "'a'"
                case .flag: "1 < 2"
                }
            }
        }
        let row = try ChatStore(inMemoryFor: ana).database.first("SELECT \(Column.selection)") { statement in
            let row = SelectedRow<Column>(statement)
            return (row.int64(.one), row.isNull(.none), row.time(.none), row.string(.text), row.bool(.flag))
        }
        let found = try #require(row)
        #expect(found == (42, true, nil, "a", true))
    }
}
