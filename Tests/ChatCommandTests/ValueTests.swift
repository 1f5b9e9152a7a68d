import ChatClientCore
import ChatTUI
import ChatWire
import Foundation
import Testing

import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("Durations as people write them")
struct DurationFormTests {
    @Test(
        arguments: [
            ("0", Duration.zero), ("5", .seconds(5)), ("90s", .seconds(90)), ("500ms", .milliseconds(500)),
            ("2m", .seconds(120)), ("2min", .seconds(120)), ("1h30m", .seconds(5400)),
            ("7d", .seconds(604_800)),
            ("1m1m", .seconds(120)), ("3650d", .seconds(315_360_000)), ("0ms", .zero),
        ])
    func read(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
        #expect(DurationArgument(argument: text)?.duration == expected)
    }

    @Test(
        arguments: [
            "", " ", "s", "-1s", "1.5s", "1 s", "1x", "1s2", "3651d", "1h3650d", "1234567890", "٣s", "1S",
            "999999999d",
        ])
    func refused(text: String) {
        #expect(DurationText.parse(text) == nil)
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(1), "1ms"), (.seconds(90), "1m30s"),
            (.milliseconds(1500), "1s500ms"), (.seconds(86_400 + 3600), "1d1h"), (.seconds(604_800), "7d"),
        ])
    func written(duration: Duration, expected: String) {
        #expect(DurationText.format(duration) == expected)
        #expect(DurationText.parse(expected) == duration)
        #expect(DurationArgument(duration).defaultValueDescription == expected)
    }
}

@Suite("The parts of JSON objects")
struct CommandJSONTests {
    @Test(
        arguments: [
            (RowState.received, "received"), (.queued, "queued"), (.sending, "sending"),
            (.unknown, "unknown"),
            (.sent, "sent"), (.delivered, "delivered"), (.read, "read"), (.failed, "failed"), (.held, "held"),
        ])
    func states(state: RowState, word: String) {
        #expect(CommandJSON.state(state) == .string(word))
    }

    @Test("Every state has a word of its own")
    func allStates() {
        #expect(
            Set(RowState.allCases.map { CommandJSON.state($0).stringValue }).count == RowState.allCases.count)
    }

    @Test func people() {
        let user = User(id: UserID(1), name: "Ana", email: "a@b")
        #expect(CommandJSON.user(user) == ["id": 1, "name": "Ana", "email": "a@b"])
        #expect(
            CommandJSON.person(Recipient(ChatWire.Person(id: UserID(2), name: "Bia")))
                == ["id": 2, "name": "Bia", "email": nil])
        #expect(CommandJSON.time(nil) == .null)
        #expect(CommandJSON.time(Timestamp(seconds: 0)) == "1970-01-01T00:00:00Z")
        #expect(
            CommandJSON.time(Timestamp(microseconds: 1_700_000_060_000_001)) == "2023-11-14T22:14:20.000001Z")
    }

    @Test func formerServers() {
        #expect(CommandJSON.former(nil) == .null)
        for (reason, word) in [
            (FormerServerReason.otherDatabase, "other_database"), (.otherAccount, "other_account"),
            (.wentBack, "went_back"), (.otherMessages, "other_messages"),
        ] {
            #expect(
                CommandJSON.former(FormerServer(reason: reason, messages: 3, held: 1))
                    == ["reason": .string(word), "messages": 3, "held": 1])
        }
        #expect(CommandJSON.held(nil) == .null)
        #expect(CommandJSON.held(.formerServer) == "former_server")
        #expect(CommandJSON.held(.goneFromServer) == "gone_from_server")
    }

    @Test func messages() {
        let received = TimelineRow(
            id: RowID(5), position: TimelinePosition(sent: MessageID(7)), messageID: MessageID(7),
            tempID: nil,
            senderID: UserID(2), isMine: false, content: "olá", time: Timestamp(seconds: 0), state: .received,
            isGapAbove: true, formerPeer: "Bia")
        #expect(
            CommandJSON.message(received) == [
                "id": 7, "temp_id": nil, "sender_id": 2, "mine": false, "content": "olá",
                "time": "1970-01-01T00:00:00Z", "state": "received", "failure": nil, "gap_above": true,
                "former_server": true, "held": nil,
            ])
        let held = TimelineRow(
            id: RowID(6), position: TimelinePosition(unsent: 0), messageID: nil, tempID: TempID("t1"),
            senderID: UserID(1), isMine: true, content: "oi", time: Timestamp(seconds: 0), state: .held,
            failure: "muito longa", heldReason: .goneFromServer)
        #expect(
            CommandJSON.message(held) == [
                "id": nil, "temp_id": "t1", "sender_id": 1, "mine": true, "content": "oi",
                "time": "1970-01-01T00:00:00Z", "state": "held", "failure": "muito longa", "gap_above": false,
                "former_server": false, "held": "gone_from_server",
            ])
    }

    @Test func outboxes() {
        #expect(
            CommandJSON.outbox(
                OutboxSummary(queued: 1, sending: 2, unknown: 3, failed: 4, held: 5, isPaused: true)) == [
                    "queued": 1, "sending": 2, "unknown": 3, "failed": 4, "held": 5, "paused": true,
                ])
    }
}

@Suite("Findings of the doctor")
struct FindingTests {
    @Test("A finding as an object", arguments: Examination.allCases)
    func json(examination: Examination) {
        #expect(
            Finding(examination: examination, verdict: .ok, detail: "bem", duration: .microseconds(1500)).json
                == [
                    "name": .string(examination.rawValue), "verdict": "ok", "detail": "bem",
                    "milliseconds": 1.5,
                ])
        #expect(
            Finding(examination: examination, verdict: .skipped, detail: "").json
                == [
                    "name": .string(examination.rawValue), "verdict": "skipped", "detail": "",
                    "milliseconds": nil,
                ])
    }

    @Test("What can be done about it stands beside it")
    func advice() {
        let finding = Finding(
            examination: .dns, verdict: .failed, detail: "não", duration: .milliseconds(2),
            failure: CommandFailure(.network, "não", advice: "veja a rede"))
        #expect(
            finding.json == [
                "name": "dns", "verdict": "failed", "detail": "não", "milliseconds": 2.0,
                "advice": "veja a rede",
            ])
    }

    @Test("Thousandths of a millisecond, and nothing below")
    func precision() {
        let finding = Finding(
            examination: .tcp, verdict: .ok, detail: "", duration: .nanoseconds(1_234_567))
        #expect(finding.json["milliseconds"]?.doubleValue == 1.234)
    }
}

@Suite("Failures and tables")
struct FailureTests {
    @Test(
        "Message and advice are one line",
        arguments: [
            ("a", nil, "a"), ("a", "b", "a. b"), ("a.", "b", "a. b"), ("a?", "b", "a? b"),
        ] as [(String, String?, String)])
    func lines(message: String, advice: String?, line: String) {
        #expect(CommandFailure(.refused, message, advice: advice).line == line)
    }

    @Test("A result that is no success has its error", arguments: ExitStatus.allCases)
    func results(status: ExitStatus) {
        let result = CommandResult(status: status, fields: ["x": 1], lines: ["y"], remark: "z")
        let object = JSONOutput.object(command: "send", result: result)
        if status == .success {
            #expect(object == ["schema": 1, "command": "send", "ok": true, "x": 1])
        } else {
            #expect(
                object == [
                    "schema": 1, "command": "send", "ok": false,
                    "error": [
                        "kind": .string(status.name), "code": .integer(Int64(status.rawValue)),
                        "message": "z",
                    ], "x": 1,
                ])
        }
    }

    @Test(
        "Excerpts",
        arguments: [
            ("olá", "olá"), (String(repeating: "a", count: 60), String(repeating: "a", count: 60)),
            (String(repeating: "a", count: 61), String(repeating: "a", count: 59) + "…"),
        ])
    func excerpts(text: String, expected: String) {
        #expect(TextTable.excerpt(text) == expected)
        #expect(!TextTable.excerpt("a\nb\u{1B}[31m").contains("\n"))
    }

    @Test("Emphasis takes no columns")
    func emphasis() {
        #expect(
            TextTable.lines([["\u{1B}[1mab\u{1B}[0m", "c"], ["abc", "d"]])
                == ["\u{1B}[1mab\u{1B}[0m   c", "abc  d"])
    }
}

@Suite("Character sets")
struct CharsetTests {
    @Test(
        arguments: [
            [:], ["LANG": "C"], ["LANG": "pt_BR"], ["LANG": "pt_BR.UTF-8"], ["LANG": "pt_BR.utf8"],
            ["LC_ALL": "C", "LANG": "pt_BR.ISO-8859-1"], ["LC_ALL": "pt_BR.UTF-8@euro"], ["LANG": "pt_BR."],
        ] as [[String: String]])
    func nothingToDo(environment: [String: String]) {
        #expect(OutputCharset(environment: environment) == nil)
    }

    @Test(
        arguments: [
            (["LANG": "pt_BR.ISO-8859-1"], "ISO-8859-1"),
            (["LC_CTYPE": "de_DE.ISO8859-15@euro"], "ISO8859-15"),
            (["LC_ALL": "", "LANG": "ja_JP.EUC-JP"], "EUC-JP"),
        ] as [([String: String], String)])
    func named(environment: [String: String], name: String) {
        #expect(OutputCharset(environment: environment)?.name == name)
    }

    @Test("What the set lacks is shown in ASCII")
    func encoded() throws {
        let latin = try #require(OutputCharset(environment: ["LANG": "pt_BR.ISO-8859-1"]))
        #expect(latin.encoded("abc\n") == Array("abc\n".utf8))
        #expect(latin.encoded("olá") == [0x6F, 0x6C, 0xE1])
        #expect(latin.encoded("…") == Array("...".utf8))
        let unknown = try #require(OutputCharset(environment: ["LANG": "pt_BR.NO-SUCH-SET"]))
        #expect(unknown.encoded("olá\nção") == Array("ola\ncao".utf8))
        let odd = try #require(OutputCharset(environment: ["LANG": "pt_BR.ISO-8859-1//IGNORE"]))
        #expect(odd.encoded("á") == Array("a".utf8), "a suffix is no part of a name")
    }
}

@Suite("Programs that know a secret")
struct SecretCommandTests {
    private func run(_ script: String) async throws -> String? {
        let directory = try ScratchDirectory()
        let command = try #require(ExternalCommand(line: script))
        return await SecretCommand.runSilently(command, environment: directory.environment)
    }

    @Test(
        "The first line of the output is the secret",
        arguments: [
            ("echo segredo", "segredo"), ("printf 'segredo\\nname: x\\n'", "segredo"),
            ("printf segredo", "segredo"), ("echo 'a b '", "a b "), ("echo x >&2; echo y", "y"),
        ])
    func secrets(script: String, expected: String) async throws {
        #expect(try await run(script) == expected)
    }

    @Test("No secret", arguments: ["exit 1", "echo segredo; exit 3", "true", "echo", "kill -9 $$"])
    func none(script: String) async throws {
        #expect(try await run(script) == nil)
    }

    @Test("A program that is not there")
    func missing() async throws {
        let directory = try ScratchDirectory()
        let command = try #require(ExternalCommand(arguments: [directory.path + "/none"]))
        #expect(await SecretCommand.runSilently(command, environment: directory.environment) == nil)
        #expect(ExternalCommand(arguments: []) == nil && ExternalCommand(arguments: [""]) == nil)
        #expect(ExternalCommand(line: " \t") == nil)
    }
}
