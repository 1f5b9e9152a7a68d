import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct MetaTableTests {
    @Test func factsAreKeptUnderTheirKeys() throws {
        let store = try ChatStore(inMemoryFor: ana)
        #expect(try store.meta.text(.cursor) == nil)
        try store.meta.set(.cursor, to: "a")
        try store.meta.set(.cursor, to: "b")
        try store.meta.set(.accountMade, to: Int64(7))
        #expect(try store.meta.text(.cursor) == "b")
        #expect(try store.meta.number(.accountMade) == 7)
        try store.meta.set(.cursor, to: nil)
        #expect(try store.meta.text(.cursor) == nil)
    }
}
