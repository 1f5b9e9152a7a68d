import ChatSQLite
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

@Suite struct DatabaseCheckTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory + "/chat.db")
    }

    /// The states that are not ok, without the one of the free space, which depends on the machine.
    private func states(_ path: String) -> [CheckLine.State] {
        DatabaseCheck.inspect(path).lines.filter { !$0.text.contains(" MB are free") }.map(\.state)
            .filter { $0 != .ok }
    }

    @Test func aDatabaseIsLookedAtWithoutAnyChange() throws {
        try inDirectory { path in
            do { _ = try Migrator.migrate(Database(path: path), StoreMigrations.all) }
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let found = DatabaseCheck.inspect(path)
            #expect(!found.isInUse)
            #expect(found.newest == nil)
            #expect(found.lines.contains(CheckLine(.database, .ok, "\(path) is intact")))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        }
    }

    @Test func aNewerSchemaIsWrong() throws {
        try inDirectory { path in
            do { try Database(path: path).execute("PRAGMA user_version=999") }
            #expect(states(path) == [.wrong])
            #expect(DatabaseCheck.inspect(path).lines[0].text.contains("schema 999"))
        }
    }

    @Test func aServerThatHasTheDatabaseIsSeen() throws {
        try inDirectory { path in
            let file = try DatabaseFile(taking: path)
            defer { file.release() }
            #expect(DatabaseCheck.inspect(path).isInUse)
        }
    }

    @Test func aDirectoryIsNoDatabase() throws {
        try inDirectory { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            #expect(states(path) == [.wrong])
        }
    }

    @Test(arguments: [(1 << 20, CheckLine.State.wrong), (512 << 20, .warning), (2 << 30, .ok)])
    func littleSpaceIsNoticed(bytes: Int, state: CheckLine.State) {
        #expect(DatabaseCheck.space(bytes, "chat.db").state == state)
    }
}
