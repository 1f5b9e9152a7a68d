import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// The settings that say where the database is.
@Suite struct DatabasePathTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func withoutASettingTheDatabaseIsInTheDataDirectory() throws {
        try inDirectory { directory in
            let data = ServerSettings(environment: ["XDG_DATA_HOME": directory, "HOME": "/nowhere"])
            let inData = try DatabasePath.find(in: data)
            #expect(inData == directory + "/mychat-server/mychat.db")
            // A relative path counts as none (XDG Base Directory Specification).
            let home = ServerSettings(environment: ["XDG_DATA_HOME": "relative", "HOME": directory])
            let atHome = try DatabasePath.find(in: home)
            #expect(atHome == directory + "/.local/share/mychat-server/mychat.db")
        }
    }

    @Test(arguments: ["sqlite:", "SQLite:", "sqlite://"])
    func theDirectoryOfANamedFileIsCreated(prefix: String) throws {
        try inDirectory { directory in
            let path = directory + "/deep/er/a.db"
            // With a SQLite file, DB_HOST says nothing.
            let settings = ServerSettings(environment: ["CONN_URL": prefix + path, "DB_HOST": "localhost"])
            let found = try DatabasePath.find(in: settings)
            #expect(found == path)
            var isDirectory: ObjCBool = false
            #expect(FileManager.default.fileExists(atPath: directory + "/deep/er", isDirectory: &isDirectory))
            #expect(isDirectory.boolValue)
        }
    }

    @Test(arguments: [
        "postgres://x", "sqlite", "/a/path", "sqlite:", "sqlite://", "sqlite::memory:", "sqlite:a\0b",
    ])
    func aWrongValueIsReportedWithItsSource(value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try DatabasePath.find(in: ServerSettings(flags: ["CONN_URL": value]))
        }
        guard case .invalidValue("CONN_URL", "from the command line", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        ("CONN_URL", "mysql://root@localhost/chat"), ("CONN_URL", "MySQL+pymysql://x"),
        ("DB_HOST", "localhost"),
    ])
    func mySQLIsRefusedByName(key: String, value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try DatabasePath.find(in: ServerSettings(environment: [key: value]))
        }
        #expect(
            error?.description == """
                \(key) (from the environment) asks for MySQL, which this server does not support yet; \
                set CONN_URL=sqlite:PATH or leave both out
                """)
    }

    @Test func aMissingHomeIsReported() {
        #expect(throws: ConfigurationError.noDataDirectory) {
            try DatabasePath.find(in: ServerSettings())
        }
    }

    @Test func aDirectoryThatCannotBeCreatedIsReported() throws {
        try inDirectory { directory in
            try "a file".write(toFile: directory + "/file", atomically: true, encoding: .utf8)
            let settings = ServerSettings(flags: ["CONN_URL": "sqlite:\(directory)/file/x.db"])
            let error = #expect(throws: ConfigurationError.self) { try DatabasePath.find(in: settings) }
            guard case .unusablePath(directory + "/file", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
