import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatClientCore

/// Opens caches that each schema step left (fixtures/schemas) with the current program.
@Suite struct SchemaFixtureTests {
    private static let directory = URL(filePath: #filePath)
        .appending(path: "../../../../fixtures/schemas").standardizedFileURL

    private func copy(_ version: Int, to directory: TemporaryDirectory) throws -> String {
        let path = directory.path + "/cache.db"
        let fixture = Self.directory.appending(path: "client-v\(version).db").path
        try FileManager.default.copyItem(atPath: fixture, toPath: path)
        return path
    }

    @Test func everyStepHasItsFixture() {
        for version in 1...Schema.migrations.count {
            let path = Self.directory.appending(path: "client-v\(version).db").path
            #expect(FileManager.default.fileExists(atPath: path), "client-v\(version).db is missing")
        }
    }

    @Test(arguments: 1...Schema.migrations.count)
    func whatAnOlderVersionKeptIsKept(_ version: Int) throws {
        let directory = try TemporaryDirectory()
        let store = try ChatStore(path: copy(version, to: directory), me: ana)
        #expect(try Migrator.version(of: store.database) == Schema.migrations.count)
        #expect(
            try store.rows(bia).map(\.content) == [
                "Olá, Ana!", "Oi, Bia 😀", "não lida", "na fila", "sem resposta",
            ])
        #expect(try store.rows(bia).map(\.state) == [.received, .read, .received, .queued, .unknown])
        #expect(try store.rows(caio).map(\.content) == ["mensagem antiga", "recusada", "retida"])
        #expect(try store.rows(caio).map(\.state) == [.sent, .failed, .held])
        #expect(try store.rows(caio)[1].failure == "muito longa")
        let entries = try store.outbox.entries()
        #expect(entries.map(\.tempID.rawValue) == ["na-fila", "tentada", "recusada", "retida"])
        #expect(entries.map(\.knownID) == [nil, MessageID(103), nil, nil])
        #expect(entries.map(\.isUnfenced) == [false, version >= 8, false, false])
        // Messages from before this step count as sent from this device.
        #expect(
            try store.database.first("SELECT sent_elsewhere FROM messages WHERE server_id = 102") {
                $0.bool(0)
            } == (version >= 8))
        #expect(try store.conversations.draft(for: bia) == "um rascunho")
        #expect(try store.unread(bia) == 1)
        #expect(try store.meta.text(.cursor) == "1.55")
        #expect(try store.deletions.pending() == [MessageID(80)])
        #expect(try store.gaps.edges(of: caio) == [Gap(after: 0, before: 90)])
        #expect(try store.conversations.all().first?.isPinned == (version >= 3))
        #expect(try store.wishes.all().map(\.name) == (version >= 3 ? ["Caio do futebol"] : []))
        #expect(try store.rows(bia)[1].readAt == (version >= 4 ? Timestamp(seconds: 1_700_000_065) : nil))
        #expect(try store.conversationDeletions.pending() == (version >= 5 ? [UserID(4)] : []))
        #expect(try store.rows(UserID(5)).map(\.formerPeer) == (version >= 6 ? ["Davi"] : []))
        // The next entered message follows those entered then.
        #expect(try store.enter("depois", "t9").sequence == 5)
        #expect(try store.ids("ola") == [101])
        try store.indexAll()
        #expect(try store.isIndexSound())
        #expect(try store.ids("ola") == [101])
        #expect(try store.maintenance.problems() == [])
    }

    /// An old cache ends with the schema of a new one: the same tables, indexes and triggers.
    @Test(arguments: 1...Schema.migrations.count)
    func anOlderCacheEndsWithTheSameSchema(_ version: Int) throws {
        let directory = try TemporaryDirectory()
        let names = "SELECT type || ' ' || name FROM sqlite_schema ORDER BY 1"
        let new = try ChatStore(path: directory.path + "/new.db", me: ana).database.rows(names) {
            $0.string(0)
        }
        let old = try ChatStore(path: copy(version, to: directory), me: ana).database.rows(names) {
            $0.string(0)
        }
        #expect(old == new)
        #expect(!new.contains("index conversations_pending_read"))
    }

    @Test(arguments: 1...Schema.migrations.count)
    func aDamagedOlderCacheGivesItsUnsentMessages(_ version: Int) throws {
        let directory = try TemporaryDirectory()
        let path = try copy(version, to: directory)
        do {
            let database = try Database(path: path)
            try database.execute("PRAGMA user_version=999")
        }
        let (store, aside) = try CacheOpening.openOrSetAside(path: path, me: ana, at: Timestamp(seconds: 1))
        #expect(aside?.rescued == 4)
        #expect(
            try store.outbox.entries().map(\.tempID.rawValue) == ["na-fila", "tentada", "recusada", "retida"])
        #expect(try store.conversations.draft(for: bia) == "um rascunho")
    }
}
