import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Without disk space the server confirms nothing that it has not stored, reports the error to everyone, and
/// continues when there is space again.
@Suite struct DiskFullTests {
    private static let text = String(repeating: "x", count: 4000)

    @Test func aMessageThatDoesNotFitIsNotConfirmed() async throws {
        try await StoreFixture.run { fixture in
            try await fixture.store.perform(BoundDatabase(morePages: 30))
            var confirmed: [String] = []
            var refused: String?
            while refused == nil, confirmed.count < 1000 {
                let name = "t\(confirmed.count)"
                do throws(any Error) {
                    let outcome = try await fixture.send(
                        name + Self.text, from: fixture.ana, to: fixture.bia, name)
                    #expect(!outcome.isReplay)
                    confirmed.append(name)
                } catch let error as StoreError where error.failure == .full {
                    refused = name
                }
            }
            let name = try #require(refused)
            #expect(confirmed.count > 5)
            func stored() async throws -> [String?] {
                try await fixture.conversation(ConversationPage(limit: 2000)).reversed().map(
                    \.tempID?.rawValue)
            }
            #expect(try await stored() == confirmed)
            try await fixture.store.perform(BoundDatabase(morePages: 1000))
            let again = try await fixture.send(name + Self.text, from: fixture.ana, to: fixture.bia, name)
            #expect(!again.isReplay)
            #expect(try await stored() == confirmed + [name])
            let changes = try await fixture.changes(of: fixture.bia, limit: 2000)
            #expect(changes["changes"]?.arrayValue?.count == confirmed.count + 1)
        }
    }

    /// Runs the real program on a real file system that is full.
    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount"))
    func theProgramReportsAFullDiskAndRecovers() throws {
        let disk = try SmallDisk(megabytes: 6)
        defer { disk.remove() }
        let ballast = disk.path + "/ballast"
        try Data(count: 2 << 20).write(to: URL(fileURLWithPath: ballast))
        let program = try ServerProgram(
            ["--port", "0", "--database", disk.path + "/chat.db", "--bcrypt-cost", "4"], directory: disk.path)
        let http = try HTTPTestClient(port: try program.port())
        func register(_ name: String) throws -> JSONValue {
            let answer = try http.post(
                "/api/auth/register",
                ["name": .string(name), "email": .string(name + "@ex.com"), "password": "secret1"])
            return try #require(answer.json?["data"])
        }
        let ana = try #require(try register("ana")["token"]?.stringValue)
        let bia = try #require(try register("bia")["user"]?["id"])
        func send(_ number: Int) throws -> HTTPTestClient.Answer {
            try http.post(
                "/api/messages/send",
                [
                    "receiver_id": bia, "content": .string("\(number) " + Self.text),
                    "temp_id": .string("t\(number)"),
                ], token: ana)
        }
        var confirmed = 0
        var answer = try send(confirmed)
        while answer.status == 201, confirmed < 5000 {
            confirmed += 1
            answer = try send(confirmed)
        }
        #expect(answer.status == 503)
        #expect(answer.message == "Servidor sem espaço em disco, tente novamente mais tarde")
        #expect(confirmed > 50)
        #expect(try send(confirmed).status == 503)
        // Reads are still served.
        let list = "/api/messages/conversation/\(bia)?limit=1&peek=1"
        func newest() throws -> String? {
            try http.get(list, token: ana).json?["data"]?["messages"]?[0]?["temp_id"]?.stringValue
        }
        #expect(try newest() == "t\(confirmed - 1)")

        try FileManager.default.removeItem(atPath: ballast)
        #expect(try send(confirmed).status == 201)
        #expect(try newest() == "t\(confirmed)")
        program.signal(SIGTERM)
        let end = program.end()
        #expect(end.status == 0)
        let lines = end.errors.split(separator: "\n").filter { $0.contains("the database") }
        #expect(lines.count == 2, "\(end.errors)")
        #expect(lines.first?.contains("error the database cannot be written cause=the disk is full") == true)
        #expect(lines.last?.contains("notice the database can be written again") == true)
    }

    /// A limit on the size of files, as set by quotas and containers, counts as a full disk.
    @Test func aFileSizeLimitCountsAsAFullDisk() throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let program = try ServerProgram(
            ["--port", "0", "--database", directory + "/chat.db", "--bcrypt-cost", "4"], directory: directory)
        let port = try program.port()
        let http = try HTTPTestClient(port: port)
        func register(_ name: String) throws -> HTTPTestClient.Answer {
            try http.post(
                "/api/auth/register",
                ["name": .string(name), "email": .string(name + "@ex.com"), "password": "secret1"])
        }
        let ana = try #require(try register("ana").json?["data"])
        let token = try #require(ana["token"]?.stringValue)
        let bia = try #require(try register("bia").json?["data"]?["user"]?["id"])
        func send() throws -> HTTPTestClient.Answer {
            try http.post(
                "/api/messages/send", ["receiver_id": bia, "content": .string(Self.text)], token: token)
        }
        let socket = try SocketTestClient(port: port)
        try socket.signIn(token)
        try FileSizeLimit.set(600 << 10, on: program.processID)
        var confirmed = 0
        var answer = try send()
        while answer.status == 201, confirmed < 1000 {
            confirmed += 1
            answer = try send()
        }
        let full = "Servidor sem espaço em disco, tente novamente mais tarde"
        #expect(answer.status == 503)
        #expect(answer.message == full)
        #expect(confirmed > 50)
        // Other writes get the same error.
        try socket.emit(
            "send_message", ["receiver_id": bia, "content": .string(Self.text), "temp_id": "t"])
        var event = try socket.event()
        while event.name != "message_error" { event = try socket.event() }
        #expect(event.payload["message"]?.stringValue == full)
        let list = try http.get("/api/messages/conversation/\(bia)?limit=1", token: token)
        #expect(list.json?["data"]?["messages"]?.arrayValue?.count == 1)

        try FileSizeLimit.set(.max, on: program.processID)
        #expect(try send().status == 201)
        program.signal(SIGTERM)
        #expect(program.end().status == 0)
    }
}

private enum FileSizeLimit {
    /// prlimit(2), which Swift's Glibc module does not import.
    private typealias Call =
        @convention(c) (
            pid_t, CInt, UnsafePointer<rlimit>?, UnsafeMutablePointer<rlimit>?
        ) -> CInt

    /// Limits the size of another process's files, in bytes. `max` removes the limit.
    static func set(_ bytes: rlim_t, on process: pid_t) throws {
        let symbol = try #require(dlsym(nil, "prlimit"))
        let call = unsafeBitCast(symbol, to: Call.self)
        let resource = CInt(RLIMIT_FSIZE.rawValue)
        var limit = rlimit()
        #expect(call(process, resource, nil, &limit) == 0)
        limit.rlim_cur = min(bytes, limit.rlim_max)
        #expect(call(process, resource, &limit, nil) == 0)
    }
}

/// Lets the database grow by this many pages and no more, like a full disk.
private struct BoundDatabase: StoreCommand {
    let morePages: Int

    func apply(in transaction: any StorageTransaction) throws {
        let database = transaction.database
        let pages = try database.first("PRAGMA page_count") { $0.int(0) } ?? 0
        try database.execute("PRAGMA max_page_count=\(pages + morePages)")
    }
}
