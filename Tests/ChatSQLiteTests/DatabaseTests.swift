import ChatSQLite
import Foundation
import Testing

/// Runs a body on a new database in memory and on one on disk: both must behave alike.
func onBothKinds(_ body: (Database) throws -> Void) throws {
    try body(Database(path: "", mode: .memory))
    try withTemporaryDirectory { directory throws in
        try body(Database(path: directory + "/test.db"))
    }
}

func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = NSTemporaryDirectory() + "chatsqlite-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try body(directory)
}

@Suite struct DatabaseTests {
    @Test func valuesComeBackAsTheyWent() throws {
        try onBothKinds { database throws in
            try database.execute("CREATE TABLE t (i INTEGER, d REAL, s TEXT, b BLOB, n TEXT)")
            try database.run(
                "INSERT INTO t VALUES (?, ?, ?, ?, ?)", Int64.min, 1.5, "olá 👩‍👩‍👧\u{0}fim",
                [0, 255, 7] as [UInt8], nil)
            let row = try database.first("SELECT i, d, s, b, n FROM t") { row in
                #expect(row.int64(0) == Int64.min)
                #expect(row.double(1) == 1.5)
                #expect(row.string(2) == "olá 👩‍👩‍👧\u{0}fim")
                #expect(row.bytes(3) == [0, 255, 7])
                #expect(row.isNull(4) && row.optionalString(4) == nil && row.string(4) == "")
                return true
            }
            #expect(row == true)
        }
    }

    @Test func emptyTextAndBlobAreNotNull() throws {
        try onBothKinds { database throws in
            try database.execute("CREATE TABLE t (s TEXT NOT NULL, b BLOB NOT NULL)")
            try database.run("INSERT INTO t VALUES (?, ?)", "", [] as [UInt8])
            let types = try database.first("SELECT typeof(s), typeof(b) FROM t") {
                [$0.string(0), $0.string(1)]
            }
            #expect(types == ["text", "blob"])
        }
    }

    @Test func wrongNumberOfValuesIsAnError() throws {
        let database = try Database(path: "", mode: .memory)
        #expect(throws: SQLiteError.self) { try database.run("SELECT ?, ?", 1) }
    }

    @Test func uniqueViolationIsNamed() throws {
        try onBothKinds { database throws in
            try database.execute("CREATE TABLE t (k TEXT UNIQUE, c INTEGER CHECK (c > 0))")
            try database.run("INSERT INTO t VALUES (?, 1)", "a")
            let twice = #expect(throws: SQLiteError.self) {
                try database.run("INSERT INTO t VALUES (?, 1)", "a")
            }
            #expect(twice?.isUniqueViolation == true)
            let check = #expect(throws: SQLiteError.self) {
                try database.run("INSERT INTO t VALUES (?, 0)", "b")
            }
            #expect(check?.isUniqueViolation == false)
        }
    }

    @Test func statementInUseIsNotSharedWithAnInnerUse() throws {
        let database = try Database(path: "", mode: .memory)
        try database.execute("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1), (2), (3)")
        let outer = try database.prepare("SELECT i FROM t ORDER BY i")
        var pairs = 0
        while try outer.step() {
            pairs += try database.prepare("SELECT i FROM t ORDER BY i").rows { $0.int(0) }.count
        }
        #expect(pairs == 9)
    }

    @Test func syntaxErrorAndEmptyStatement() throws {
        let database = try Database(path: "", mode: .memory)
        #expect(throws: SQLiteError.self) { try database.prepare("SELEC 1") }
        #expect(throws: SQLiteError.self) { try database.prepare("  -- nothing") }
    }

    @Test func theFileIsPrivate() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory + "/private.db"
            let database = try Database(path: path)
            try database.execute("CREATE TABLE t (i)")
            for suffix in ["", "-wal", "-shm"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
            }
        }
    }

    @Test func unopenableAndNoDatabase() throws {
        try withTemporaryDirectory { directory throws in
            #expect(throws: SQLiteError.self) { try Database(path: directory + "/none/x.db") }
            #expect(throws: SQLiteError.self) { try Database(path: directory + "/x.db", mode: .readOnly) }
            let path = directory + "/text.db"
            try String(repeating: "this is no database ", count: 100).write(
                toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: SQLiteError.self) { try Database(path: path) }
            guard case .corrupt = error else {
                Issue.record("expected corrupt, got \(String(describing: error))")
                return
            }
        }
    }

    @Test func twoConnectionsSeeEachOthersCommits() throws {
        try withTemporaryDirectory { directory throws in
            let writer = try Database(path: directory + "/x.db")
            try writer.execute("CREATE TABLE t (i)")
            let reader = try Database(path: directory + "/x.db", mode: .readOnly)
            let before = try reader.dataVersion()
            try writer.run("INSERT INTO t VALUES (?)", 7)
            #expect(try reader.dataVersion() != before)
            #expect(try reader.first("SELECT i FROM t") { $0.int(0) } == 7)
            #expect(throws: SQLiteError.self) { try reader.execute("INSERT INTO t VALUES (8)") }
        }
    }

    @Test func aHeldLockIsBusy() throws {
        try withTemporaryDirectory { directory throws in
            let first = try Database(path: directory + "/x.db")
            let second = try Database(path: directory + "/x.db", busyTimeout: .zero)
            try first.execute("CREATE TABLE t (i); BEGIN IMMEDIATE")
            let error = #expect(throws: SQLiteError.self) { try second.execute("INSERT INTO t VALUES (1)") }
            guard case .busy = error else {
                Issue.record("expected busy, got \(String(describing: error))")
                return
            }
        }
    }
}
