import ChatWire
import Testing

@testable import ChatScript

@Suite("Secrets")
struct RedactorTests {
    @Test(
        "Tokens and members with secrets go, in every form that text takes",
        arguments: [
            (#"40{"token":"abc"}"#, #"40{"token":"[redacted]"}"#),
            (#"{"password" : "a\"b", "x": 1}"#, #"{"password" : "[redacted]", "x": 1}"#),
            (#"Ana POST /x {password: "abc"}"#, #"Ana POST /x {password: "[redacted]"}"#),
            ("Bearer eyJhbGciOi.eyJ1c2Vy.abc-_1 end", "Bearer [redacted] end"),
            (
                #"{"keys":{"p256dh":"k","auth":"s"}}"#,
                #"{"keys":{"p256dh":"[redacted]","auth":"[redacted]"}}"#
            ),
            (#"{"Authorization":"Basic dTpw"}"#, #"{"Authorization":"[redacted]"}"#),
            (
                #"Ana GET /x with authorization: "Bearer abc""#,
                #"Ana GET /x with authorization: "[redacted]""#
            ),
            (#"{"secret":"x"} PASSWORD: "y""#, #"{"secret":"[redacted]"} PASSWORD: "[redacted]""#),
            ("the authority said", "the authority said"), ("a token: x", "a token: x"),
        ])
    func texts(text: String, redacted: String) {
        #expect(Redactor().redact(text) == redacted)
    }

    @Test("What is hidden goes wherever it stands")
    func hidden() {
        var redactor = Redactor()
        redactor.hide("s3cret-word")
        redactor.hide("abc")
        redactor.hide(nil)
        #expect(redactor.redact("x s3cret-words abc") == "x [redacted]s abc")
        #expect(
            redactor.redact(["a": ["s3cret-word"], "token": "t", "n": 1] as JSONValue)
                == ["a": ["[redacted]"], "token": "[redacted]", "n": 1])
        for key in ["password", "Token", "AUTH", "p256dh", "Authorization", "secret"] {
            #expect(
                Redactor().redact([key: "Basic dTpw"] as JSONValue) == [key: "[redacted]"] as JSONValue,
                "\(key)")
        }
    }
}

@Suite("Reports")
struct ReportTests {
    private static func result(
        _ title: String, _ outcome: ScenarioResult.Outcome, feature: String = "F", tags: [String] = ["core"]
    ) -> ScenarioResult {
        let scenario = Scenario(
            path: "a.scenario", title: title, position: .init(line: 3, column: 1), feature: feature,
            tags: tags,
            needs: [], timeout: nil, steps: [], finally: [])
        return ScenarioResult(
            scenario: scenario, outcome: outcome, stepsDone: 2, duration: .milliseconds(1250))
    }

    private static let failure = ScenarioResult.Outcome.failed(
        .init(
            kind: .mismatch, position: .init(line: 5, column: 7), step: "Ana connects", expected: "<1>",
            came: "\"2\" & \u{1}", frames: ["Ana ← frame 41"]))
    private static let results = [
        result("good", .passed), result("bad # one", failure),
        result("left out", .skipped("the server does not announce x")),
    ]

    private func whole(_ format: ScenarioReport.Format) -> [String] {
        var report = ScenarioReport(format, server: "http://x", total: 3)
        var lines = report.beginning()
        for result in Self.results { lines += report.lines(for: result) }
        return lines + report.ending(Self.results)
    }

    @Test func text() {
        #expect(
            whole(.text) == [
                "✔ F: good", "✘ F: bad # one", "    a.scenario:5:7", "      Ana connects",
                "    expected  <1>", "    came      \"2\" & \u{1}", "    the last that went over the wire:",
                "      Ana ← frame 41", "- F: left out: skipped, the server does not announce x",
                "1 scenario passed, 1 failed, 1 skipped; 6 steps (http://x)",
            ])
    }

    @Test func tap() {
        #expect(
            whole(.tap) == [
                "TAP version 13", "1..3", "ok 1 - F: good", "not ok 2 - F: bad \\# one", "  ---",
                "  details: |",
                "    a.scenario:5:7", "      Ana connects", "    expected  <1>",
                "    came      \"2\" & \u{1}",
                "    the last that went over the wire:", "      Ana ← frame 41", "  ...",
                "ok 3 - F: left out # SKIP the server does not announce x",
                "# 1 scenario passed, 1 failed, 1 skipped; 6 steps",
            ])
    }

    @Test func junit() {
        let lines = whole(.junit)
        #expect(lines[1] == #"<testsuites tests="3" failures="1" skipped="1" time="3.750">"#)
        #expect(
            lines.contains(
                #"<testcase classname="F" name="good" file="a.scenario" line="3" time="1.250"/>"#))
        #expect(lines.contains("<failure message=\"expected &lt;1&gt;, came &quot;2&quot; &amp; \u{FFFD}\">"))
        #expect(lines.contains(#"<skipped message="the server does not announce x"/>"#))
        #expect(lines.last == "</testsuites>")
    }

    @Test("XML knows no controls")
    func controlsInJUnit() {
        let controls = Array(UInt32(0)..<0x20) + Array(0x7F...0x9F) + [0xFFFE, 0xFFFF]
        for value in controls where value != 0x09 && value != 0x0A {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(JUnitReport.escaped("a\(scalar)b") == "a\u{FFFD}b", "\(value)")
        }
        #expect(JUnitReport.escaped("a\tb\nc \u{A0}é\u{10FFFF}") == "a\tb\nc \u{A0}é\u{10FFFF}")
    }

    @Test("Feature by feature, and whether as documented")
    func compatibility() {
        let report = CompatibilityReport(
            Self.results + [
                Self.result("x", .passed, feature: "X", tags: ["extension"]),
                Self.result(
                    "y", .skipped("the server does not announce sync"), feature: "Y", tags: ["extension"]),
                Self.result("z", .passed, feature: "Z", tags: ["original"]),
                Self.result("n", Self.failure, feature: "N"),
                Self.result("s", .skipped("needs --allow-register"), feature: "S"),
            ])
        #expect(report.rows.map(\.verdict) == [.partly, .yes, .notOffered, .yes, .no, .notTried])
        #expect(report.rows.map(\.asDocumented) == ["no", "yes", "-", "oddity", "no", "-"])
        let lines = report.lines(server: "http://x")
        #expect(lines.contains("F        core       partly       no             1 of 2, 1 skipped"))
        #expect(lines.contains("    bad # one: expected <1>, came \"2\" & \u{1}"))
    }

    @Test("Results come in the order of the scenarios")
    func order() {
        var order = ResultOrder()
        #expect(order.add(Self.results[2], number: 2).isEmpty)
        #expect(order.add(Self.results[0], number: 0).map(\.scenario.title) == ["good"])
        #expect(order.add(Self.results[1], number: 1).map(\.scenario.title) == ["bad # one", "left out"])
        #expect(order.results.count == 3)
    }
}
