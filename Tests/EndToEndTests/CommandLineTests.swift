import Foundation
import Testing

/// The command line beside a running terminal client, and in the corner cases of a shell.
@Suite struct CommandLineTests {
    @Test func aCommandSendsWhileTheTerminalClientHoldsTheLink() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let terminal = try ana.openTerminal()
        try terminal.wait(forText: "connected")

        let sent = try ana.mychat(["send", "bia", "-"], input: "from a pipe\n")
        #expect(sent.status == 0, "\(sent.errors)")
        // The program with the link has sent it, and shows it.
        try terminal.wait(forText: "from a pipe")
        let history = try bia.mychat(["history", "ana@exemplo.com"])
        #expect(history.output.components(separatedBy: "from a pipe").count == 2, "\(history.output)")
        #expect(server.stop() == 0)
    }

    /// Without the server a message is kept, and the exit status says so.
    @Test func aMessageThatCouldNotBeConfirmedIsQueued() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        #expect(server.stop() == 0)
        let kept = try ana.mychat(["send", "bia@exemplo.com", "later", "--timeout", "1s"])
        #expect(kept.status == 75, "\(kept.errors)")
        let queued = try ana.mychat(["send", "bia@exemplo.com", "later still", "--queue", "--timeout", "1s"])
        #expect(queued.status == 0, "\(queued.errors)")
        try server.start()
        let sent = try ana.mychat(["send", "bia@exemplo.com", "now"])
        #expect(sent.status == 0, "\(sent.errors)")
        let history = try bia.mychat(["--json", "history", "ana@exemplo.com"])
        let places = ["\"later\"", "\"later still\"", "\"now\""].map {
            history.output.range(of: $0)?.lowerBound
        }
        #expect(
            places.allSatisfy { $0 != nil } && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        #expect(server.stop() == 0)
    }

    /// The password is not shown while it is typed, and every way out of the question restores the terminal.
    @Test func thePasswordIsAskedForInTheDark() throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: directory.path)
        let ana = try PersonAtHome(name: "Ana Lima", email: "ana@exemplo.com", server: server, in: directory)
        let login = "'\(Programs.mychat)' --language en login ana@exemplo.com"

        let good = try Terminal(login, environment: ana.environment)
        try good.wait(forText: "assword")
        try good.type("segredo-123")
        try good.press("Enter")
        #expect(try good.waitForExit() == 0)
        #expect(try good.screen().containing("segredo").isEmpty)

        let interrupted = try Terminal(login, environment: ana.environment)
        try interrupted.wait(forText: "assword")
        try interrupted.type("segr")
        try interrupted.press("C-c")
        #expect(try interrupted.waitForExit() == 130)
        // Typing is shown again: the terminal echoes.
        try interrupted.type("visible")
        try interrupted.wait(forText: "visible")
        #expect(server.stop() == 0)
    }

    @Test func theOutputMayGoAway() throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: directory.path)
        let ana = try PersonAtHome(name: "Ana Lima", email: "ana@exemplo.com", server: server, in: directory)
        let program = "'\(Programs.mychat)' --language en"
        for command in ["status | true", "status >&-", "status <&-", "--version | true"] {
            let result = try run("sh", ["-c", "\(program) \(command)"], environment: ana.environment)
            #expect(result.status < 128, "\(command): \(result.status) \(result.errors)")
        }
        #expect(server.stop() == 0)
    }

    /// Bash splits an address at its @; a name may contain any emoji.
    @Test func bashCompletesAddressesAndNames() throws {
        let people = try TwoPeople()
        #expect(try people.ana.mychat(["contacts", "rename", "bia@exemplo.com", "Zoë 🎉 Souza"]).status == 0)
        func complete(_ line: String, _ words: [String], breaks: String = "@:=") throws -> [String] {
            let quoted = words.map { "'\($0)'" }.joined(separator: " ")
            let script = """
                source <('\(Programs.mychat)' completions bash)
                COMP_WORDBREAKS=$' \\t\\n"\\'><;|&(' COMP_WORDBREAKS+='\(breaks)'
                COMP_WORDS=('\(Programs.mychat)' \(quoted)) COMP_CWORD=\(words.count)
                COMP_LINE='\(line)' COMP_POINT=${#COMP_LINE}
                _mychat mychat '\(words.last ?? "")' '\(words.dropLast().last ?? "")'
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            let result = try run(
                "bash", ["-c", script],
                environment: people.ana.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 })
            #expect(result.status == 0 && result.errors == "", "\(result.errors)")
            return result.output.split(separator: "\n").map(String.init)
        }
        #expect(try complete("mychat send bi", ["send", "bi"]) == ["bia@exemplo.com"])
        #expect(try complete("mychat send bia@ex", ["send", "bia", "@", "ex"]) == ["exemplo.com"])
        #expect(try complete("mychat send bia@", ["send", "bia", "@"]) == ["exemplo.com"])
        #expect(try complete("mychat send bia@", ["send", "bia", "@", ""]) == ["exemplo.com"])
        #expect(try complete("mychat send bia@ex", ["send", "bia@ex"], breaks: ":=") == ["bia@exemplo.com"])
        #expect(try complete("mychat send x@ex", ["send", "x", "@", "ex"]) == [])
        #expect(try complete("mychat send Zo", ["send", "Zo"]) == ["Zoë 🎉 Souza"])
        #expect(
            try complete("mychat delete --conversation bia@e", ["delete", "--conversation", "bia", "@", "e"])
                == ["exemplo.com"])
        #expect(people.server.stop() == 0)
    }

    /// The example bot, and a watch on the other side, both beside other commands of their accounts.
    @Test func anEchoBotAnswers() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let path = Programs.directory + ":" + (bia.environment["PATH"] ?? "")
        let example = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "fixtures/examples/echo_bot.py").path
        let bot = try ChildProcess(
            "python3", [example], environment: bia.environment.merging(["PATH": path]) { $1 })
        let watch = try ChildProcess(
            Programs.mychat, ["--json", "watch", "--count", "1"], environment: ana.environment)
        var seen = ""
        while !seen.contains("\"state\":\"online\"") {
            let data = watch.output.availableData
            try #require(!data.isEmpty, "the watch ended: \(seen)")
            seen += String(decoding: data, as: UTF8.self)
        }
        let sent = try ana.mychat(["send", "bia", "-"], input: "--olá\n\"eco\"")
        #expect(sent.status == 0, "\(sent.errors)")
        seen += String(decoding: watch.output.readDataToEndOfFile(), as: UTF8.self)
        #expect(watch.waitForEnd() == 0)
        let echo = seen.split(separator: "\n").filter { $0.contains("\"mine\":false") }
        #expect(echo.count == 1 && echo[0].contains(#""content":"--olá\n\"eco\"""#), "\(seen)")
        kill(bot.pid, SIGTERM)
        _ = bot.waitForEnd()
        #expect(server.stop() == 0)
    }
}
