import ChatSQLite
import Foundation
import Testing

@Suite struct TransactionTests {
    struct Stop: Error {}

    private func count(_ database: Database) throws -> Int {
        try database.first("SELECT count(*) FROM t") { $0.int(0) } ?? -1
    }

    @Test func allOrNothing() throws {
        try onBothKinds { database throws in
            try database.execute("CREATE TABLE t (i INTEGER UNIQUE)")
            try database.transaction { () throws(SQLiteError) in try database.run("INSERT INTO t VALUES (1)")
            }
            #expect(try count(database) == 1)

            #expect(throws: SQLiteError.self) {
                try database.transaction { () throws(SQLiteError) in
                    try database.run("INSERT INTO t VALUES (2)")
                    try database.run("INSERT INTO t VALUES (1)")
                }
            }
            #expect(try count(database) == 1)
            #expect(!database.isInTransaction)

            #expect(throws: Stop.self) {
                try database.transaction(rethrowing: {
                    try database.run("INSERT INTO t VALUES (3)")
                    throw Stop()
                })
            }
            #expect(try count(database) == 1)
        }
    }

    @Test func anInnerTransactionJoinsTheOuter() throws {
        try onBothKinds { database throws in
            try database.execute("CREATE TABLE t (i INTEGER)")
            #expect(throws: Stop.self) {
                try database.transaction(rethrowing: {
                    try database.transaction { () throws(SQLiteError) in
                        try database.run("INSERT INTO t VALUES (1)")
                    }
                    #expect(database.isInTransaction)
                    throw Stop()
                })
            }
            #expect(try count(database) == 0)
        }
    }

    @Test func aReadTransactionSeesOneState() throws {
        try withTemporaryDirectory { directory throws in
            let writer = try Database(path: directory + "/x.db")
            try writer.execute("CREATE TABLE t (i INTEGER)")
            let reader = try Database(path: directory + "/x.db", mode: .readOnly)
            let counts = try reader.readTransaction { () throws(SQLiteError) -> [Int] in
                let before = try reader.first("SELECT count(*) FROM t") { $0.int(0) } ?? -1
                try writer.run("INSERT INTO t VALUES (1)")
                let during = try reader.first("SELECT count(*) FROM t") { $0.int(0) } ?? -1
                return [before, during]
            }
            #expect(counts == [0, 0])
            #expect(try count(reader) == 1)
        }
    }

    @Test func aFullDiskRollsBackAndIsNamed() throws {
        try withTemporaryDirectory { directory throws in
            let database = try Database(path: directory + "/x.db")
            try database.execute("CREATE TABLE t (b BLOB)")
            // SQLite's own page limit stands for the disk: the same code path, SQLITE_FULL.
            let pages = try database.first("PRAGMA page_count") { $0.int(0) } ?? 0
            try database.execute("PRAGMA max_page_count=\(pages + 4)")
            let error = #expect(throws: SQLiteError.self) {
                try database.transaction { () throws(SQLiteError) in
                    for _ in 0..<100 {
                        try database.run("INSERT INTO t VALUES (?)", [UInt8](repeating: 1, count: 4000))
                    }
                }
            }
            guard case .full = error else {
                Issue.record("expected full, got \(String(describing: error))")
                return
            }
            #expect(try count(database) == 0)
            try database.run("INSERT INTO t VALUES (?)", [1] as [UInt8])
            #expect(try count(database) == 1)
        }
    }
}

@Suite struct MigratorTests {
    private let first = Migration("first", sql: "CREATE TABLE a (i)")
    private let second = Migration("second", sql: "CREATE TABLE b (i); INSERT INTO b VALUES (2)")

    @Test func appliesWhatIsMissing() throws {
        try onBothKinds { database throws in
            #expect(try Migrator.migrate(database, [first]) == 0)
            #expect(try Migrator.migrate(database, [first, second]) == 1)
            #expect(try Migrator.migrate(database, [first, second]) == 2)
            #expect(try database.first("SELECT i FROM b") { $0.int(0) } == 2)
        }
    }

    @Test func aNewerSchemaIsLeftAlone() throws {
        let database = try Database(path: "", mode: .memory)
        try Migrator.migrate(database, [first, second])
        #expect(throws: SQLiteError.newerSchema(found: 2, supported: 1)) {
            try Migrator.migrate(database, [first])
        }
    }

    @Test func aFailedStepLeavesTheOldSchemaWhole() throws {
        let database = try Database(path: "", mode: .memory)
        try Migrator.migrate(database, [first])
        let broken = Migration("broken", sql: "CREATE TABLE c (i); INSERT INTO missing VALUES (1)")
        #expect(throws: SQLiteError.self) { try Migrator.migrate(database, [first, second, broken]) }
        #expect(try Migrator.version(of: database) == 1)
        #expect(try database.first("SELECT count(*) FROM sqlite_master") { $0.int(0) } == 1)
    }
}
