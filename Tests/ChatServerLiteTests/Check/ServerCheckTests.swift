import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// `mychat-server check` as people and scripts run it.
@Suite struct ServerCheckTests {
    private struct Outcome {
        let status: Int32
        let text: String

        /// The states of a topic's lines.
        func states(of topic: String) -> [String] {
            var states: [String] = []
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                if words.count > 1, words[1] == topic { states.append(String(words[0])) }
            }
            return states
        }
    }

    private static let quiet = ["VAPID_CLAIM_EMAIL": "ana@example.org"]

    private func check(
        _ arguments: [String] = ["--port", "0"], in directory: String, environment: [String: String] = quiet
    ) throws -> Outcome {
        let program = try ServerProgram(
            ["check", "--database", directory + "/chat.db"] + arguments, directory: directory,
            environment: environment)
        var lines: [String] = []
        while let line = program.nextLine() { lines.append(line) }
        return Outcome(status: program.end().status, text: lines.joined(separator: "\n"))
    }

    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func aFreshMachineCanRunAServerAndNothingIsMade() throws {
        try inDirectory { directory in
            let outcome = try check(in: directory)
            #expect(outcome.status == 0)
            #expect(outcome.states(of: "settings") == ["ok"])
            #expect(outcome.states(of: "keys") == ["ok", "ok"])
            #expect(outcome.states(of: "addresses") == ["ok"])
            #expect(outcome.text.contains("chat.db will be made at the first start"))
            #expect(outcome.text.contains("The server can run"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
        }
    }

    @Test func aRunningServerIsFine() throws {
        try inDirectory { directory in
            let server = try ServerProgram(
                ["--port", "0", "--database", directory + "/chat.db"], directory: directory)
            let port = try server.port()
            let outcome = try check(["--port", "\(port)"], in: directory)
            #expect(outcome.status == 0)
            #expect(
                outcome.text.contains("a server is using \(directory)/chat.db (process \(server.processID))"))
            #expect(outcome.text.contains("port \(port) on 127.0.0.1 is in use, as the database is"))
            #expect(outcome.text.contains("chat.db is intact"))
            #expect(try HTTPTestClient(port: port).get("/health").status == 200)
            server.signal(SIGTERM)
            #expect(server.end().status == 0)
        }
    }

    @Test func aPortOfAnotherProgramIsWrong() async throws {
        try await TestServer.run { server in
            try inDirectory { directory in
                let outcome = try check(["--port", "\(server.server.port)"], in: directory)
                #expect(outcome.status == 1)
                #expect(outcome.states(of: "addresses") == ["wrong"])
                #expect(outcome.text.contains("choose another port with --port"))
                #expect(outcome.text.contains("The server cannot run like this: 1 wrong"))
            }
        }
    }

    @Test func aSettingThatCannotBeReadIsWrong() throws {
        try inDirectory { directory in
            let outcome = try check(["--port", "0", "--metrics", "nowhere"], in: directory)
            #expect(outcome.status == 1)
            #expect(outcome.states(of: "settings") == ["wrong"])
            #expect(
                outcome.text.contains("METRICS_LISTEN (from the command line): \"nowhere\" is not HOST:PORT"))
        }
    }

    @Test func aWeakSecretIsAWarningWhichOnlyStrictTakesSeriously() throws {
        try inDirectory { directory in
            let environment = Self.quiet.merging(["JWT_SECRET_KEY": "secret"]) { $1 }
            #expect(try check(in: directory, environment: environment).status == 0)
            let outcome = try check(["--port", "0", "--strict"], in: directory, environment: environment)
            #expect(outcome.status == 1)
            #expect(outcome.states(of: "keys") == ["warning", "ok"])
            #expect(outcome.text.contains("JWT_SECRET_KEY (from the environment) is a documented example"))
        }
    }

    @Test func damageIsWrongAndSaidAsJSON() throws {
        try inDirectory { directory in
            try Data("this is no database, but long enough to look like one".utf8).write(
                to: URL(fileURLWithPath: directory + "/chat.db"))
            let outcome = try check(["--port", "0", "--json"], in: directory)
            #expect(outcome.status == 1)
            let json = try JSONValue(parsing: Array(outcome.text.utf8))
            #expect(json["ok"] == .bool(false))
            let wrong = json["lines"]?.arrayValue?.filter { $0["state"]?.stringValue == "wrong" }
            #expect(wrong?.count == 1)
            #expect(wrong?.first?["topic"]?.stringValue == "database")
            #expect(wrong?.first?["advice"]?.stringValue?.hasPrefix("restore a backup") == true)
        }
    }

    @Test func aSecretThatOthersMayReadIsAWarning() throws {
        try inDirectory { directory in
            let path = directory + "/chat.db.jwt-secret"
            try Data(String(repeating: "a1B2", count: 12).utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o644)
            let outcome = try check(in: directory)
            #expect(outcome.status == 0)
            #expect(outcome.states(of: "keys") == ["warning", "ok"])
            #expect(outcome.text.contains("-> chmod 600"))
            chmod(path, 0o600)
            #expect(try check(in: directory).states(of: "keys") == ["ok", "ok"])
        }
    }
}

@Suite struct CheckPartsTests {
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    @Test func theClockMayNotBeBehindTheMessages() {
        #expect(ClockCheck.line(now: now, newest: nil).state == .ok)
        #expect(ClockCheck.line(now: now, newest: now).state == .ok)
        let later = Timestamp(microseconds: now.microseconds + 61_000_000)
        #expect(ClockCheck.line(now: now, newest: later).state == .wrong)
        #expect(ClockCheck.line(now: Timestamp(microseconds: 0), newest: nil).state == .wrong)
    }

    @Test(arguments: [(32, CheckLine.State.wrong), (256, .warning), (1024, .ok)])
    func filesLimitConnections(limit: Int, state: CheckLine.State) {
        #expect(OpenFileCheck.line(limit: limit).state == state)
    }

    @Test func aTerminalDoesNotObeyWhatIsFound() {
        let report = CheckReport(lines: [CheckLine(.settings, .warning, "a\u{1B}[31m", advice: "b\nc")])
        #expect(
            report.text == """
                warning  settings   a?[31m
                                    -> b?c

                The server can run, with 1 warning.
                """)
        #expect(
            report.json == #"{"ok":true,"lines":[{"topic":"settings","state":"warning","#
                + #""text":"a\u001b[31m","advice":"b\nc"}]}"#)
    }
}
