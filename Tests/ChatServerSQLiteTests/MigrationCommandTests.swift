import ChatSQLite
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// `mychat-server migrate` with real processes and databases of earlier versions.
@Suite struct MigrationCommandTests {
    private let newest = StoreMigrations.all.count

    private func inCopy(of version: Int, _ body: (_ directory: String, _ path: String) throws -> Void) throws
    {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        try FileManager.default.copyItem(atPath: SchemaFixture.path(version), toPath: path)
        try body(directory, path)
    }

    private func migrate(
        _ arguments: [String] = [], _ directory: String, _ path: String, audit: String = ""
    ) throws -> (status: Int32, lines: [String], errors: String) {
        let program = try ServerProgram(
            ["migrate", "--database", path] + arguments, directory: directory,
            environment: ["AUDIT_LOG": audit])
        var lines: [String] = []
        while let line = program.nextLine() { lines.append(line) }
        let end = program.end()
        return (end.status, lines, end.errors)
    }

    private func version(_ path: String) throws -> Int {
        try Migrator.version(of: try Database(path: path, mode: .immutable))
    }

    @Test func anOldDatabaseIsMigratedWithABackup() throws {
        try inCopy(of: newest - 1) { directory, path in
            let plan = try migrate(["--check"], directory, path)
            #expect(plan.status == 1)
            #expect(plan.lines.last?.hasSuffix(StoreMigrations.all[newest - 1].name) == true, "\(plan.lines)")
            #expect(try version(path) == newest - 1)
            let done = try migrate([], directory, path, audit: directory + "/audit.log")
            #expect(done.status == 0, "\(done.errors)")
            #expect(try version(path) == newest)
            let backup = "\(path).before-schema-\(newest)-1"
            #expect(try version(backup) == newest - 1)
            #expect(done.lines.last?.contains(backup) == true)
            let audit = try String(contentsOfFile: directory + "/audit.log", encoding: .utf8)
            #expect(audit.contains(#""command":"migrate""#))
            let again = try migrate(["--check"], directory, path)
            #expect(again.status == 0 && again.lines.count == 1, "\(again.lines)")
        }
    }

    @Test func aDatabaseInUseOrOfANewerVersionIsLeftAlone() throws {
        try inCopy(of: newest - 1) { directory, path in
            let file = try DatabaseFile(taking: path)
            file.announce()
            let refused = try migrate([], directory, path)
            #expect(
                refused.status == 1 && refused.errors.contains("in use by another server"),
                "\(refused.errors)")
            file.release()
            #expect(try version(path) == newest - 1)
            #expect(!FileManager.default.fileExists(atPath: "\(path).before-schema-\(newest)-1"))
        }
        try inCopy(of: newest) { directory, path in
            try Database(path: path).execute("PRAGMA user_version=\(newest + 1)")
            let refused = try migrate([], directory, path)
            #expect(refused.status == 1 && refused.errors.contains("was written by a newer version"))
        }
        let missing = try migrate([], NSTemporaryDirectory(), NSTemporaryDirectory() + "/no-such.db")
        #expect(missing.status == 1 && missing.errors.contains("there is no database"))
    }
}
