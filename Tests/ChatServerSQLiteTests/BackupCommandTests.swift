import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// `mychat-server backup` and `restore` with real processes.
@Suite struct BackupCommandTests {
    private func run(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func command(_ arguments: [String], _ directory: String) throws -> (status: Int32, errors: String)
    {
        let end = try ServerProgram(
            arguments + ["--database", directory + "/chat.db"], directory: directory
        ).end()
        return (end.status, end.errors)
    }

    private func server(_ directory: String) throws -> (program: ServerProgram, port: Int) {
        let program = try ServerProgram(
            ["--port", "0", "--database", directory + "/chat.db", "--bcrypt-cost", "4"], directory: directory)
        return (program, try program.port())
    }

    private func contents(_ path: String) throws -> [String] {
        let database = try Database(path: path, mode: .immutable)
        return try database.rows("SELECT content FROM messages ORDER BY id") { $0.string(0) }
    }

    /// Signs two people up and returns a socket of the first with the id of the second.
    private func people(_ port: Int) throws -> (socket: SocketTestClient, receiver: JSONValue) {
        let http = try HTTPTestClient(port: port)
        let answers = try ["ana", "rui"].map { name in
            try http.post(
                "/api/auth/register",
                ["name": .string(name), "email": .string("\(name)@ex.com"), "password": "secret1"]
            ).json?["data"]
        }
        let socket = try SocketTestClient(port: port)
        try socket.signIn(try #require(answers[0]?["token"]?.stringValue))
        return (socket, try #require(answers[1]?["user"]?["id"]))
    }

    private func confirm(_ id: Int, _ socket: SocketTestClient) throws {
        while try !socket.next().hasPrefix("43\(id)[") {}
    }

    @Test func aBackupDuringWritesHoldsAConsistentPrefix() throws {
        try run { directory in
            let (program, port) = try server(directory)
            let (socket, receiver) = try people(port)
            func send(_ number: Int) throws -> Int {
                try socket.emit("send_message", ["receiver_id": receiver, "content": .string("\(number)")])
            }
            var last = 0
            for number in 1...300 { last = try send(number) }
            try confirm(last, socket)
            // These are on their way while the copy is made.
            for number in 301...2000 { last = try send(number) }
            #expect(try command(["backup", directory + "/copy.db"], directory).status == 0)
            try confirm(last, socket)
            let copied = try contents(directory + "/copy.db")
            #expect(copied.count >= 300)
            #expect(copied == (1...max(1, copied.count)).map(String.init))
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/copy.db")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(
                !(try FileManager.default.contentsOfDirectory(atPath: directory)).contains {
                    $0.contains(".new-")
                })
            program.signal(SIGTERM)
            #expect(program.end().status == 0)
        }
    }

    @Test func nothingIsOverwritten() throws {
        try run { directory in
            let (program, _) = try server(directory)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: directory + "/copy.db"))
            let outcome = try command(["backup", directory + "/copy.db"], directory)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("is there already, and a backup overwrites nothing"))
            #expect(try String(contentsOfFile: directory + "/copy.db", encoding: .utf8) == "mine")
            program.signal(SIGTERM)
            #expect(program.end().status == 0)
        }
    }

    @Test func aRestoreNeedsTheServerToBeStoppedAndKeepsWhatWasThere() throws {
        try run { directory in
            let (program, port) = try server(directory)
            let (socket, receiver) = try people(port)
            let message: (String) -> JSONValue = { ["receiver_id": receiver, "content": .string($0)] }
            try confirm(try socket.emit("send_message", message("before")), socket)
            #expect(try command(["backup", directory + "/copy.db"], directory).status == 0)
            try confirm(try socket.emit("send_message", message("after")), socket)
            let refused = try command(["restore", directory + "/copy.db"], directory)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("in use by another server (process \(program.processID))"))
            program.signal(SIGTERM)
            #expect(program.end().status == 0)

            #expect(try command(["restore", directory + "/copy.db"], directory).status == 0)
            #expect(try contents(directory + "/chat.db") == ["before"])
            #expect(try contents(directory + "/chat.db.before-restore-1") == ["before", "after"])
            let again = try server(directory)
            #expect(try HTTPTestClient(port: again.port).get("/health").status == 200)
            again.program.signal(SIGTERM)
            #expect(again.program.end().status == 0)
        }
    }

    @Test func aDamagedBackupIsNotRestored() throws {
        try run { directory in
            do { _ = try Migrator.migrate(Database(path: directory + "/chat.db"), StoreMigrations.all) }
            #expect(try command(["backup", directory + "/copy.db"], directory).status == 0)
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: directory + "/copy.db"))
            try file.seek(toOffset: 4096)
            try file.write(contentsOf: Data(repeating: 0x5A, count: 8192))
            try file.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: directory + "/chat.db"))
            let outcome = try command(["restore", directory + "/copy.db"], directory)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("the database was not touched"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory + "/chat.db")) == before)
        }
    }
}
