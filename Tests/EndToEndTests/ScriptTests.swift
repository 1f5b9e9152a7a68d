import Foundation
import Testing

/// `mychat script` as people and build servers run it.
@Suite("Scenarios")
struct ScriptTests {
    private static let scenarios = URL(filePath: #filePath).appending(path: "../../../fixtures/scenarios")
        .standardizedFileURL.path

    @Test("The scenarios of the API pass against the bundled server, in both manners")
    func suite() throws {
        let directory = try TemporaryDirectory()
        let result = try run(
            Self.scenarios + "/run", ["--quick"],
            environment: freshEnvironment(home: directory.path, adding: ["MYCHAT_BIN": Programs.directory]))
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let summary = result.output.split(separator: "\n").last ?? ""
        #expect(summary.contains("bundled, --compat original: "), "\(result.output)")
        #expect(!summary.contains(" 0 scenarios"), "\(result.output)")
    }

    @Test("Reports, and a status for each kind of end")
    func ends() throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: try directory.subdirectory("server"))
        let environment = freshEnvironment(home: directory.path)
        func script(_ text: String, _ arguments: [String] = []) throws -> CommandResult {
            try run(
                Programs.mychat, ["--language", "en", "script", "--base-url", server.url, "-"] + arguments,
                environment: environment, input: text)
        }
        let good = "scenario \"good\"\n people Ana\n Ana GET /api/auth/me -> 200\n"
        let bad = "scenario \"bad\"\n nobody GET /health -> 500\n"

        let passed = try script(good)
        #expect(passed.status == 0, "\(passed.errors)")
        #expect(passed.output.hasPrefix("✔ good\n1 scenario passed, 0 failed, 0 skipped; 2 steps"))
        let failed = try script(bad + good)
        #expect(failed.status == 1)
        #expect(failed.output.contains("expected  status 500"))
        #expect(!failed.output.contains("✔ good"))
        let mistaken = try script("scenario \"x\"\n  peple Ana\n")
        #expect(mistaken.status == 65)
        #expect(
            mistaken.errors.contains(
                "-:2:3: 'peple' begins no step; did you mean 'people'?\n  peple Ana\n  ^"))
        #expect(try script(good, ["--tag", "none"]).status == 64)
        #expect(try script(good, ["--report", "xml"]).status == 64)
        #expect(try script("scenario \"x\"\n needs no-such-thing\n").status == 1)
        #expect(try script(good, ["--check"]).output == "1 scenarios, no mistakes\n")
        #expect(try script(good, ["--list"]).output == "-:1  good\n")
        let tap = try script(bad + good, ["--report", "tap", "--keep-going"])
        #expect(tap.output.contains("not ok 1 - bad") && tap.output.contains("ok 2 - good"))
        #expect(try script(good, ["--report", "compat"]).output.contains("good     core  yes      yes"))

        let record = directory.path + "/record.jsonl"
        #expect(try script(good, ["--record", record, "--report", "junit"]).output.contains("<testcase "))
        let lines = try String(contentsOfFile: record, encoding: .utf8)
        #expect(lines.split(separator: "\n").count >= 4)
        #expect(lines.contains(#"[redacted]"#) && !lines.contains("eyJ"))

        server.stop()
        #expect(try script(good).status == 69)
    }
}
