import ChatWire
import Foundation
import Logging
import Synchronization
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// Clients that read slowly or not at all, over real sockets. The memory they cost is bounded.
@Suite struct BackpressureTests {
    /// A message of 20 KB in UTF-8. It costs 40 KB at its receiver, who gets two events for it.
    private static func text(_ number: Int) -> String {
        "\(number) " + String(repeating: "🦜", count: 4990)
    }

    private func emit(_ number: Int, to receiver: Account, on socket: SocketTestClient) throws {
        try socket.emit(
            "send_message",
            [
                "receiver_id": .integer(receiver.id.rawValue), "content": .string(Self.text(number)),
                "temp_id": .string("t\(number)"),
            ])
    }

    /// Reads up to the acknowledgement of the last event, and returns the names of the other events before
    /// it.
    private func settle(_ socket: SocketTestClient) throws -> [String] {
        var names: [String] = []
        while true {
            let frame = try socket.next()
            if frame.hasPrefix("43") { return names }
            if let end = frame.dropFirst(4).firstIndex(of: "\"") {
                names.append(String(frame.dropFirst(4)[..<end]))
            }
        }
    }

    @Test func aStoppedReaderIsDisconnectedWithAReasonAndCatchesUp() async throws {
        try await TestServer.run { configuration in
            configuration.limits.outgoingBacklogBytes = 1 << 20
        } _: { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let http = try server.http()
            let contact: JSONValue = ["contact_user_id": .integer(bia.id.rawValue)]
            #expect(try http.post("/api/contacts/add", contact, token: ana.token).status == 201)
            let cursor = try http.get("/api/sync", token: bia.token).json?["data"]?["cursor"]?.stringValue
            let reader = try SocketTestClient(port: server.server.port, receiveBuffer: 65_536)
            try reader.signIn(bia.token)
            try reader.emit("join_conversation", ["contact_user_id": .integer(ana.id.rawValue)])
            _ = try settle(reader)
            let sender = try server.socket(ana)
            #expect(try sender.event().name == "user_online")

            // From here on the reader does not read. The sender's own messages are still confirmed.
            var sent = 0
            var isOffline = false
            while !isOffline, sent < 4000 {
                try emit(sent, to: bia, on: sender)
                sent += 1
                isOffline = try settle(sender).contains("user_offline")
            }
            #expect(isOffline, "nobody was closed after \(sent) messages")

            // It reads again: first the messages in transit, then the reason for the close.
            var heard = 0
            var end: SocketTestClient.Frame?
            while end == nil {
                let frame = try reader.frame()
                if case .text(let text) = frame {
                    heard += text.utf8.count
                } else {
                    end = frame
                }
            }
            #expect(end == .closed(code: 1013))
            #expect(reader.closeReason == "reads too slowly")
            // Apart from the kernel's buffers of at most 8 MB, the queued output was within the limit.
            #expect(heard < 10 << 20, "\(heard) bytes")

            // No message is lost.
            let changes = try messages(since: cursor, http, bia)
            #expect(changes.count == sent)
            #expect(changes == (0..<sent).map(Self.text))
        }
    }

    private func messages(since first: String?, _ http: HTTPTestClient, _ account: Account) throws -> [String]
    {
        var cursor = first
        var found: [String] = []
        while true {
            let since = cursor.map { "&cursor=" + $0 } ?? ""
            let answer = try http.get("/api/sync?limit=50" + since, token: account.token)
            let data = try #require(answer.json?["data"])
            let changes = try #require(data["changes"]?.arrayValue)
            found += changes.compactMap { $0["message"]?["content"]?.stringValue }
            cursor = data["cursor"]?.stringValue
            guard data["has_more"] == true else { return found }
        }
    }

    /// The reader falls behind, further than the kernel's buffers reach. But it keeps reading and misses
    /// nothing.
    @Test func aSlowReaderIsNotDisconnected() async throws {
        try await TestServer.run { configuration in
            configuration.limits.outgoingBacklogBytes = 64 << 20
        } _: { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let reader = try SocketTestClient(port: server.server.port, receiveBuffer: 65_536)
            try reader.signIn(bia.token)
            let sender = try server.socket(ana)
            let count = 150
            for number in 0..<count {
                try emit(number, to: bia, on: sender)
                _ = try settle(sender)
            }
            for number in 0..<count {
                let (name, payload) = try reader.event()
                #expect(name == "message_notification")
                #expect(payload["message"]?["content"]?.stringValue == Self.text(number))
            }
            #expect(try reader.settle() == [])
        }
    }

    @Test func anAbsentPollerLosesOnlyItsSession() async throws {
        try await TestServer.run { configuration in
            configuration.limits.outgoingBacklogBytes = 1 << 20
        } _: { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let http = try server.http()
            let contact: JSONValue = ["contact_user_id": .integer(bia.id.rawValue)]
            #expect(try http.post("/api/contacts/add", contact, token: ana.token).status == 201)
            let poller = try PollingTestClient(port: server.server.port)
            try poller.signIn(bia.token)
            let sender = try server.socket(ana)
            #expect(try sender.event().name == "user_online")
            var sent = 0
            var isOffline = false
            while !isOffline, sent < 1000 {
                try emit(sent, to: bia, on: sender)
                sent += 1
                isOffline = try settle(sender).contains("user_offline")
            }
            // With polling nothing waits in the kernel, so the limit is exact.
            #expect(isOffline && sent * 20_000 < 2 << 20, "\(sent) messages")
            let answer = try poller.poll()
            #expect(answer.status == 400)
            #expect(answer.json?.stringValue?.hasPrefix("Invalid session") == true)
            #expect(try messages(since: nil, http, bia).count == sent)
        }
    }

    /// Pipelined requests are answered one by one, as the client reads the answers.
    @Test func noAnswersAreMadeForAClientThatDoesNotRead() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let log = RequestCount()
        var configuration = ServerConfiguration(
            databasePath: directory + "/chat.db", tokenSecret: TestServer.secret)
        configuration.port = 0
        configuration.bcryptCost = 4
        let server = try await ChatServer.start(
            configuration, storage: SQLiteStorageProvider(), logger: log.logger)
        let result = Result { try requestWithoutReading(port: server.port, log) }
        await server.stop(patience: .seconds(2))
        try result.get()
    }

    private func requestWithoutReading(port: Int, _ log: RequestCount) throws {
        let http = try HTTPTestClient(port: port)
        func register(_ name: String) throws -> (id: Int64, token: String) {
            let answer = try http.post(
                "/api/auth/register",
                ["name": .string(name), "email": .string(name + "@ex.com"), "password": "secret1"])
            let data = try #require(answer.json?["data"])
            return (try #require(data["user"]?["id"]?.integerValue), try #require(data["token"]?.stringValue))
        }
        let (ana, bia) = (try register("ana"), try register("bia"))
        for number in 0..<20 {
            let body: JSONValue = ["receiver_id": .integer(bia.id), "content": .string(Self.text(number))]
            #expect(try http.post("/api/messages/send", body, token: ana.token).status == 201)
        }
        // 40 answers of 400 KB each, requested at once.
        let total = 40
        let target = "/api/messages/conversation/\(bia.id)"
        let request = "GET \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(ana.token)\r\n\r\n"
        let client = try HTTPTestClient(port: port, receiveBuffer: 65_536)
        try client.sendRaw(Array(String(repeating: request, count: total).utf8))
        // While others are served, the server makes only as many answers as the kernel takes, and one more.
        for _ in 0..<100 { #expect(try http.get("/health").status == 200) }
        #expect(log.count(of: target) < 15)
        for _ in 0..<total { #expect(try client.receive(answerTo: .get).status == 200) }
        #expect(try http.get("/health").status == 200)
        #expect(log.count(of: target) == total)
    }
}

/// Counts the answered requests that a server logs.
private final class RequestCount: Sendable {
    private let paths = Mutex<[String: Int]>([:])

    func count(of path: String) -> Int { paths.withLock { $0[path, default: 0] } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(count: self) }
        logger.logLevel = .debug
        return logger
    }

    private struct Handler: LogHandler {
        let count: RequestCount
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard let path = event.metadata?["path"] else { return }
            count.paths.withLock { $0["\(path)", default: 0] += 1 }
        }
    }
}
