import ChatWire
import Foundation
import Logging
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct AuditLogTests {
    private let time = Timestamp(microseconds: 1_700_000_000_000_000)

    private func inDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    private func log(
        _ path: String, lengthMax: Int = 1 << 20, kept: Int = 3, linesMax: Int = 1000,
        _ logger: Logger = .quiet,
        _ counters: Counters = Counters()
    ) -> AuditLog {
        var configuration = AuditConfiguration(path: path)
        configuration.lengthMax = lengthMax
        configuration.kept = kept
        return AuditLog(
            configuration, linesMax: linesMax, logger: logger, counters: counters, now: { [time] in time })
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test(arguments: [
        (
            AuditEvent(kind: .signedIn, account: UserID(7), address: "192.0.2.1"),
            #"{"time":"2023-11-14T22:13:20Z","event":"sign_in","account":7,"address":"192.0.2.1"}"#
        ),
        (AuditEvent(kind: .signInFailed), #"{"time":"2023-11-14T22:13:20Z","event":"sign_in_failed"}"#),
        (
            AuditEvent(kind: .limited(.search, retryAfter: 5), account: UserID(7)),
            #"{"time":"2023-11-14T22:13:20Z","event":"limited","account":7,"action":"search","retry_after":5}"#
        ),
        (
            AuditEvent(kind: .conversationDeleted(with: UserID(2), count: 3), account: UserID(7)),
            #"{"time":"2023-11-14T22:13:20Z","event":"conversation_deleted","account":7,"with":2,"count":3}"#
        ),
    ])
    func writesOneObjectPerLine(event: AuditEvent, line: String) {
        #expect(String(decoding: event.line(at: time), as: UTF8.self) == line + "\n")
    }

    @Test func fullFilesMoveOn() async throws {
        try await inDirectory { directory in
            let path = directory + "/audit.log"
            let length = AuditEvent(kind: .signedIn, account: UserID(1)).line(at: time).count
            let log = log(path, lengthMax: 2 * length, kept: 2)
            for number in 1...9 { log.record(AuditEvent(kind: .signedIn, account: UserID(Int64(number)))) }
            await log.close()
            func accounts(_ path: String) throws -> [Int64?] {
                try lines(path).map { try JSONValue(parsing: $0)["account"]?.integerValue }
            }
            let files = try ["", ".1", ".2"].map { try accounts(path + $0) }
            #expect(files == [[9], [7, 8], [5, 6]])
            #expect(!FileManager.default.fileExists(atPath: path + ".3"))
            for file in [path, path + ".1"] { #expect(try mode(file) == 0o600) }
        }
    }

    @Test func aRenamedFileIsReopened() async throws {
        try await inDirectory { directory in
            let path = directory + "/audit.log"
            let log = log(path)
            log.record(AuditEvent(kind: .signedIn, account: UserID(1)))
            await log.flush()
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
            log.record(AuditEvent(kind: .signedIn, account: UserID(2)))
            await log.flush()
            log.reopen()
            log.record(AuditEvent(kind: .signedIn, account: UserID(3)))
            await log.close()
            #expect(try lines(path + ".old").count == 2)
            #expect(try lines(path).count == 1)
        }
    }

    /// A directory in the place of the file stands for whatever makes a write fail.
    @Test func whatCannotBeWrittenIsCountedAndSaidOnce() async throws {
        try await inDirectory { directory in
            let path = directory + "/audit.log"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            let records = LogRecords()
            let counters = Counters()
            let log = log(path, records.logger, counters)
            for _ in 0..<3 {
                log.record(AuditEvent(kind: .signedIn))
                await log.flush()
            }
            #expect(counters[.auditLineLost] == 3)
            try FileManager.default.removeItem(atPath: path)
            log.record(AuditEvent(kind: .signInFailed))
            await log.close()
            let events = try lines(path).map { try JSONValue(parsing: $0) }
            #expect(events.map { $0["event"] } == ["lines_lost", "sign_in_failed"])
            #expect(events.first?["count"] == 3)
            #expect(
                records.lines.map { $0.prefix { $0 != "=" } } == [
                    "error the audit log cannot be written file", "notice the audit log works again file",
                ])
        }
    }

    @Test func othersMayNotReadIt() async throws {
        try await inDirectory { directory in
            let path = directory + "/audit.log"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let log = log(path)
            log.reopen()
            await log.close()
            #expect(try mode(path) == 0o600)
        }
    }

    /// What a server writes: who, what and from where; neither content nor tokens, passwords or addresses of
    /// accounts.
    @Test func aServerRecordsWhatHappens() async throws {
        try await inDirectory { directory in
            let path = directory + "/audit.log"
            try await TestServer.run(configure: {
                $0.audit = AuditConfiguration(path: path)
                $0.requestRates[.search].account = Rate(burst: 1, period: .seconds(3600))
                $0.requestRates.countsLoopback = true
            }) { server in
                let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
                let http = try server.http()
                func login(_ email: String, _ password: String) throws {
                    _ = try http.post(
                        "/api/auth/login", ["email": .string(email), "password": .string(password)])
                }
                try login(ana.email, "secret1")
                try login(ana.email, "wrong-password")
                try login("wrong-address@example.com", "secret1")
                let sent = try http.post(
                    "/api/messages/send",
                    ["receiver_id": .integer(bia.id.rawValue), "content": "the content"], token: ana.token)
                let id = try #require(sent.json?["data"]?["message"]?["id"]?.integerValue)
                _ = try http.delete("/api/messages/\(id)", token: ana.token)
                _ = try http.delete("/api/messages/conversation/\(bia.id)", token: ana.token)
                for _ in 0..<5 { _ = try http.get("/api/contacts/search?q=zz", token: ana.token) }
                _ = try http.post("/api/auth/register", ["name": "A", "email": "a", "password": "secret1"])
            }
            let events = try lines(path).map { try JSONValue(parsing: $0) }
            #expect(
                events.map { $0["event"]?.stringValue } == [
                    "sign_up", "sign_up", "sign_in", "sign_in_failed", "sign_in_failed", "message_deleted",
                    "conversation_deleted", "limited", "sign_up_refused",
                ])
            #expect(Set(events.map { $0["address"]?.stringValue }) == ["127.0.0.1"])
            #expect(events.map { $0["account"]?.integerValue } == [1, 2, 1, 1, nil, 1, 1, 1, nil])
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for secret in ["content", "secret1", "wrong-", "@", "eyJ"] { #expect(!text.contains(secret)) }
        }
    }
}
