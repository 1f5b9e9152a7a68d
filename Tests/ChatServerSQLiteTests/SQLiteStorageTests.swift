import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// Properties of SQLite alone.
@Suite struct SQLiteStorageTests {
    /// The writer gets the configured durability. In SQLite, 2 means FULL and 1 means NORMAL.
    @Test(arguments: [(Durability.full, 2), (.normal, 1)])
    func theDurabilityReachesTheWriter(durability: Durability, level: Int) async throws {
        struct Level: StoreCommand {
            func apply(in transaction: any StorageTransaction) throws -> Int? {
                try transaction.database.first("PRAGMA synchronous") {
                    (row: Statement) throws(SQLiteError) in row.int(0)
                }
            }
        }
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try StorageKind.sqlite.open(at: directory + "/chat.db") { $0.durability = durability }
        #expect(try await store.perform(Level()) == level)
        await store.close()
    }

    @Test func aClosedStoreLeavesNoWriteAheadLog() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        let store = try StorageKind.sqlite.open(at: path)
        await store.close()
        // The write-ahead log was moved into the database.
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect((size ?? 0) > 10_000)
    }

    /// Frequent queries use an index.
    @Test(arguments: [
        (
            """
            SELECT id FROM messages WHERE min(sender_id, receiver_id) = 1 AND max(sender_id, receiver_id) = 2
            AND id < 9 ORDER BY id DESC LIMIT 5
            """,
            "messages_conversation"
        ),
        (
            "SELECT count(*) FROM messages WHERE receiver_id = 1 AND sender_id = 2 AND is_read = 0",
            "messages_unread"
        ),
        (
            """
            SELECT sender_id, count(*) FROM messages
            WHERE receiver_id = 1 AND is_read = 0 GROUP BY sender_id
            """,
            "messages_unread"
        ),
        ("SELECT id FROM messages WHERE sender_id = 1 AND temp_id = 'x'", "messages_temp_id"),
        (
            """
            SELECT l.id FROM contacts AS c, messages AS l WHERE c.user_id = 1
            AND min(l.sender_id, l.receiver_id) = min(c.user_id, c.contact_user_id)
            AND max(l.sender_id, l.receiver_id) = max(c.user_id, c.contact_user_id) ORDER BY l.id
            """,
            "messages_conversation"
        ),
        (
            "SELECT seq FROM changes WHERE user_id = 1 AND seq > 5 ORDER BY seq LIMIT 3",
            "PRIMARY KEY (user_id=? AND seq>?)"
        ),
    ])
    func frequentQueriesUseAnIndex(sql: String, index: String) throws {
        let database = try Database(path: "", mode: .memory)
        try Migrator.migrate(database, StoreMigrations.all)
        let plan = try database.rows("EXPLAIN QUERY PLAN " + sql) {
            (row: Statement) throws(SQLiteError) in row.string(3)
        }
        #expect(plan.contains { $0.contains(index) }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN messages") || $0.hasPrefix("SCAN l") }, "\(plan)")
    }
}
