import ChatWire
import Foundation
import Logging
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct LogTests {
    @Test func aLineIsOneLine() {
        let line = StandardErrorLog.line(
            at: Timestamp(microseconds: 1_795_333_739_000_001), .info, "closed\n2026 forged",
            ["socket": "7\u{1B}[31m\u{202E}", "b": "1"])
        #expect(line == "2026-11-22T07:48:59.000001Z info closed?2026 forged b=1 socket=7?[31m?\n")
    }

    @Test func aLineOfJSONIsOneLine() throws {
        let line = LogFormat.jsonLine(
            at: Timestamp(microseconds: 1_795_333_739_000_001), .warning, "closed\n\u{202E}x",
            ["socket": "7\u{1B}[31m", "b": "1"])
        #expect(line.hasSuffix("}\n") && line.filter { $0 == "\n" }.count == 1)
        #expect(!line.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        let expected: JSONValue = [
            "time": "2026-11-22T07:48:59.000001Z", "level": "warning", "message": "closed\n\u{202E}x",
            "b": "1",
            "socket": "7\u{1B}[31m",
        ]
        #expect(try JSONValue(parsing: line) == expected)
    }

    @Test func aProgramWithoutATerminalLogsJSON() throws {
        for (format, isJSON) in [("", true), ("auto", true), ("text", false), ("json", true)] {
            let directory = try TestServer.makeDirectory()
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let program = try ServerProgram(
                ["--port", "0"], directory: directory, environment: ["LOG_FORMAT": format])
            _ = try program.port()
            program.signal(SIGTERM)
            let end = program.end()
            #expect(end.status == 0)
            #expect(end.errors.contains(#""message":"stopping""#) == isJSON, "\(format): \(end.errors)")
        }
    }

    @Test func requestsAreLoggedWhereThatIsAskedFor() async throws {
        for isAsked in [false, true] {
            let records = LogRecords()
            try await TestServer.run(configure: { $0.logsRequests = isAsked }, logger: records.logger) {
                server in
                let ana = try server.register("Ana")
                let answer = try server.http().get("/api/auth/me?secret=1", token: ana.token)
                _ = try server.http().get("/api/auth/me")
                let id = answer.response.headers["X-Request-ID"]
                #expect((id != nil) == isAsked)
                let lines = records.lines.filter { $0.contains("request") }
                #expect(lines.count == (isAsked ? 3 : 0), "\(lines)")
                guard isAsked else { return }
                #expect(lines[1].contains("id=\(id ?? "")") && lines[1].contains("account=\(ana.id) "))
                #expect(lines[1].contains("path=/api/auth/me ") && lines[1].contains("status=200"))
                #expect(lines[2].contains("account=- ") && lines[2].contains("status=401"))
            }
        }
    }
}
