import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// A database has only one server, whatever name the file has.
@Suite struct DatabaseFileTests {
    /// The second server does not start, and reports who has the file. The first one continues.
    @Test(arguments: [
        "same", "relative", "symbolic link", "hard link", "linked directory", "setting", "demo",
    ])
    func aSecondServerDoesNotStart(way: String) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/mychat.db"
        let first = try ServerProgram(
            ["--port", "0", "--database", path, "--bcrypt-cost", "4"], directory: directory)
        let http = try HTTPTestClient(port: try first.port())

        let files = FileManager.default
        var arguments = ["--port", "0", "--database"]
        var environment: [String: String] = [:]
        switch way {
        case "same": arguments.append(path)
        case "relative": arguments.append("./mychat.db")
        case "symbolic link":
            try files.createSymbolicLink(atPath: directory + "/link.db", withDestinationPath: path)
            arguments.append(directory + "/link.db")
        case "hard link":
            try files.linkItem(atPath: path, toPath: directory + "/other.db")
            arguments.append(directory + "/other.db")
        case "linked directory":
            try files.createSymbolicLink(atPath: directory + "/here", withDestinationPath: directory)
            arguments.append(directory + "/here/mychat.db")
        case "setting":
            arguments.removeLast()
            environment["CONN_URL"] = "sqlite:" + path
        default: arguments = ["demo", "--port", "0", "--directory", directory]
        }
        let second = try ServerProgram(arguments, directory: directory, environment: environment)
        let end = second.end()
        #expect(end.status == 1)
        #expect(end.errors.contains("in use by another server (process \(first.processID))"), "\(end.errors)")
        #expect(end.errors.contains("choose another file with --database"))

        let answer = try http.post(
            "/api/auth/register", ["name": "Ana", "email": "ana@ex.com", "password": "secret1"])
        #expect(answer.status == 201)
        first.signal(SIGTERM)
        #expect(first.end().status == 0)
    }

    @Test func theLockEndsWithTheProcess() throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let arguments = ["--port", "0", "--database", directory + "/chat.db"]
        for _ in 0..<2 {
            let program = try ServerProgram(arguments, directory: directory)
            _ = try program.port()
            program.signal(SIGKILL)
            #expect(program.end().wasKilled)
        }
    }

    /// Another descriptor of the same open file, as a child has that was forked and has not reached exec.
    @Test func theLockEndsWithTheReleaseThoughAChildHasTheFile() throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        let file = try DatabaseFile(taking: path)
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        let descriptor = try #require(
            open.first { number in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + number))
                    == path
            }.flatMap { Int32($0) })
        let copy = dup(descriptor)
        defer { close(copy) }
        file.release()
        try DatabaseFile(taking: path).release()
    }

    @Test func twoServersInOneProcessCannotShareADatabase() async throws {
        try await TestServer.run { server in
            let path = server.directory + "/chat.db"
            var configuration = ServerConfiguration(databasePath: path, tokenSecret: TestServer.secret)
            configuration.port = 0
            await #expect(throws: ServerStartError.databaseInUse(path: path, process: getpid())) {
                try await ChatServer.start(configuration, storage: SQLiteStorageProvider(), logger: .quiet)
            }
        }
    }

    @Test(arguments: ["pipe", "directory"])
    func somethingOtherThanAFileIsRefusedAtOnce(kind: String) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        if kind == "pipe" { #expect(mkfifo(path, 0o600) == 0) } else { #expect(mkdir(path, 0o700) == 0) }
        #expect(throws: ServerStartError.self) { _ = try DatabaseFile(taking: path) }
    }

    @Test func aFileSystemWithoutLocksIsReported() {
        let error = ServerStartError.databaseWithoutLocks(path: "/mnt/x.db", reason: "No locks available")
        #expect("\(error)".contains("the file system of /mnt/x.db has no locks"))
        #expect("\(error)".contains("choose another place with --database"))
    }

    /// A transaction sees what another program committed before it.
    @Test func countersComeFromTheDatabase() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        try await StoreFixture.run(at: path) { fixture in
            _ = try await fixture.send("a", from: fixture.ana, to: fixture.bia)
            let other = try Database(path: path)
            try other.execute(
                """
                INSERT INTO recent_changes(seq, user_id, both, kind, subject_id, peer_id, at)
                SELECT value + 1, 1, 1, 4, 99, 2, 0 FROM server_state WHERE key = 'change_seq';
                UPDATE server_state SET value = value + 2 WHERE key = 'change_seq';
                """)
            _ = try await fixture.send("b", from: fixture.ana, to: fixture.bia)
            _ = try await fixture.send("c", from: fixture.ana, to: fixture.bia)
            let changes = try await fixture.changes(of: fixture.bia)
            let numbers = changes["changes"]?.arrayValue?.compactMap { $0["seq"]?.integerValue }
            #expect(numbers == [2, 4, 6, 8])
        }
    }
}

/// The database is taken away from the running server.
@Suite struct DatabaseGoneTests {
    private static let text = "Servidor sem acesso ao banco de dados, tente novamente mais tarde"

    @Test(arguments: [
        "deleted", "renamed", "replaced", "log deleted", "index deleted", "directory renamed",
        "link turned",
    ])
    func noLostWriteIsConfirmed(way: String) async throws {
        let files = FileManager.default
        let directory = try TestServer.makeDirectory()
        defer { try? files.removeItem(atPath: directory) }
        let place = directory + "/place"
        try files.createDirectory(atPath: place, withIntermediateDirectories: true)
        let path = place + "/chat.db"
        let link = directory + "/link.db"
        try files.createSymbolicLink(atPath: link, withDestinationPath: path)
        try await TestServer.run(configure: {
            $0.databasePath = link
            $0.limits.databaseLookInterval = .zero
        }) { server in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let http = try server.http()
            func send() throws -> HTTPTestClient.Answer {
                try http.post(
                    "/api/messages/send", ["receiver_id": .integer(bia.id.rawValue), "content": "oi"],
                    token: ana.token)
            }
            #expect(try send().status == 201)
            let socket = try server.socket(ana)
            switch way {
            case "deleted": for end in ["", "-wal", "-shm"] { try files.removeItem(atPath: path + end) }
            case "renamed": try files.moveItem(atPath: path, toPath: path + ".old")
            case "replaced":
                try Data().write(to: URL(fileURLWithPath: path + ".new"))
                #expect(rename(path + ".new", path) == 0)
            case "log deleted": try files.removeItem(atPath: path + "-wal")
            case "index deleted": try files.removeItem(atPath: path + "-shm")
            case "directory renamed": try files.moveItem(atPath: place, toPath: place + "2")
            default:
                try files.removeItem(atPath: link)
                try files.createSymbolicLink(atPath: link, withDestinationPath: place + "/other.db")
            }
            let refused = try send()
            #expect(refused.status == 503)
            #expect(refused.message == Self.text)
            #expect(try http.get("/health").status == 503)
            try socket.emit(
                "send_message",
                ["receiver_id": .integer(bia.id.rawValue), "content": "oi", "temp_id": "t"],
                acknowledged: false)
            #expect(try socket.event().name == "message_sending")
            let failure = try socket.event()
            #expect(failure.name == "message_error")
            #expect(failure.payload["message"]?.stringValue == Self.text, "\(failure)")
            try socket.emit("message_read", ["sender_id": .integer(bia.id.rawValue)])
            #expect(try socket.event().payload["message"]?.stringValue == Self.text)
            // Reads are still served.
            #expect(try http.get("/api/auth/me", token: ana.token).status == 200)
        }
    }

    @Test func writingContinuesWhenTheFileIsBack() async throws {
        let records = LogRecords()
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        try await StoreFixture.run(at: path, lookInterval: .zero, logger: records.logger) { fixture in
            #expect(rename(path, path + ".away") == 0)
            for _ in 0..<3 {
                await #expect(throws: StoreError.storage(.gone)) {
                    try await fixture.send("a", from: fixture.ana, to: fixture.bia)
                }
            }
            #expect(fixture.store.isGone)
            #expect(rename(path + ".away", path) == 0)
            _ = try await fixture.send("b", from: fixture.ana, to: fixture.bia)
            #expect(!fixture.store.isGone)
            #expect(try await fixture.conversation().map(\.content) == ["b"])
            #expect(records.lines.count == 2)
            #expect(records.lines.first?.contains("the database was deleted, moved or replaced") == true)
        }
    }
}
