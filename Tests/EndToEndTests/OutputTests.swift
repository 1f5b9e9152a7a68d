import Foundation
import Testing

/// Output that could not be written is reported and is not a success; other output goes to its destination.
@Suite struct OutputTests {
    private func shell(_ command: String, _ person: PersonAtHome) throws -> CommandResult {
        try run(
            "sh", ["-c", command],
            environment: person.environment.merging(["MYCHAT": Programs.mychat, "LC_ALL": "en_US.UTF-8"]) {
                $1
            })
    }

    private static let commands = [
        "--version", "--help", "help send", "send --help", "completions bash", "status", "--json status",
        "whoami", "history bia --offline", "--json history bia --offline", "contacts", "cache export",
        "cache export --format text", "keys --list", "outbox", "unread", "search x", "cache check",
        "script --list \"$SCENARIO\"", "script \"$SCENARIO\"", "script --report junit \"$SCENARIO\"",
        "--json watch",
        "--plain",
    ]

    /// One test for all of them, so that the server starts once.
    @Test func whatCannotBeWrittenIsAFailureOfOneSentence() throws {
        let people = try TwoPeople()
        _ = try people.ana.mychat(["send", "bia", "olá"])
        let scenario = people.ana.home + "/one.scenario"
        try "scenario \"One\"\n nobody GET /health -> 200\n".write(
            toFile: scenario, atomically: true, encoding: .utf8)
        let prefix = "SCENARIO='\(scenario)'; "
        for command in Self.commands {
            let full = try shell("\(prefix)\"$MYCHAT\" \(command) </dev/null >/dev/full", people.ana)
            #expect(full.status == 74, "\(command): \(full.status) \(full.errors)")
            #expect(
                full.errors.hasSuffix("standard output could not be written: No space left on device\n"),
                "\(command): \(full.errors)")
            #expect(full.errors.components(separatedBy: "could not be written").count == 2, "\(command)")
            let closed = try shell("\(prefix)\"$MYCHAT\" \(command) </dev/null >&-", people.ana)
            #expect(closed.status == 74, "\(command): \(closed.status) \(closed.errors)")
        }
        for command in ["--version", "cache export", "--json history bia --offline"] {
            let gone = try shell("(trap '' PIPE; \"$MYCHAT\" \(command); echo $? >&2) | true", people.ana)
            #expect(gone.errors == "0\n", "\(command): \(gone.errors)")
        }
        let portuguese = try shell("\"$MYCHAT\" --language pt whoami >/dev/full", people.ana)
        #expect(portuguese.errors.contains("a saída padrão não pôde ser escrita"), "\(portuguese.errors)")
        #expect(people.server.stop() == 0)
    }

    @Test func anExportGoesWhereItsPathLeads() throws {
        let people = try TwoPeople()
        _ = try people.ana.mychat(["send", "bia", "olá"])
        let directory = try TemporaryDirectory()
        let at = directory.path
        func export(_ path: String, _ more: String = "") throws -> CommandResult {
            try shell(
                "cd '\(at)'; \(more) \"$MYCHAT\" cache export --format text --output \(path)", people.ana)
        }
        try "old".write(toFile: at + "/real", atomically: true, encoding: .utf8)
        let files = FileManager.default
        try files.createSymbolicLink(atPath: at + "/link", withDestinationPath: "real")
        try files.createSymbolicLink(atPath: at + "/chain", withDestinationPath: at + "/link")
        try files.createSymbolicLink(atPath: at + "/dangling", withDestinationPath: "new")
        try files.createSymbolicLink(atPath: at + "/circle", withDestinationPath: "circle")
        for (path, target) in [("link", "real"), ("chain", "real"), ("dangling", "new"), ("plain", "plain")] {
            if target == "real" { try "old".write(toFile: at + "/real", atomically: false, encoding: .utf8) }
            let result = try export(path)
            #expect(result.status == 0, "\(path): \(result.errors)")
            #expect(try String(contentsOfFile: at + "/" + target, encoding: .utf8).contains("olá"), "\(path)")
            guard path != target else { continue }
            #expect(throws: Never.self, "\(path) is a link still") {
                try files.destinationOfSymbolicLink(atPath: at + "/" + path)
            }
        }
        #expect(try export("circle").status == 74)
        #expect(try export("-").output.contains("olá"))
        #expect(!files.fileExists(atPath: at + "/-"))
        let piped = try export("fifo", "mkfifo fifo; cat fifo >read & ")
        #expect(piped.status == 0, "\(piped.errors)")
        let read = try shell(
            "cd '\(at)'; test -p fifo || exit 1; while ! grep -q olá read; do sleep 0.05; done; echo read",
            people.ana)
        #expect(read.output == "read\n")
        #expect(try files.contentsOfDirectory(atPath: at).filter { $0.hasSuffix(".new") } == [])
        #expect(people.server.stop() == 0)
    }

    /// Files that the program keeps for itself may be links too.
    @Test func whatIsRememberedIsRememberedBehindALink() throws {
        let people = try TwoPeople()
        let state = people.ana.home + "/.local/state/mychat/servers/default"
        let elsewhere = people.ana.home + "/remembered"
        try FileManager.default.moveItem(atPath: state, toPath: elsewhere)
        try FileManager.default.createSymbolicLink(atPath: state, withDestinationPath: elsewhere)
        try "http://127.0.0.1:1\n".write(toFile: elsewhere, atomically: false, encoding: .utf8)
        let login = try run(
            Programs.mychat,
            ["--server", people.server.url, "login", people.ana.email, "--password-stdin"],
            environment: people.ana.environment, input: "segredo-123\n")
        #expect(login.status == 0, "\(login.errors)")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: state) == elsewhere)
        #expect(try String(contentsOfFile: elsewhere, encoding: .utf8) == people.server.url + "\n")
        #expect(people.server.stop() == 0)
    }
}
