import Foundation
import Testing

/// The jobs of a shell stop, continue, run in the background, and never take a terminal that is not theirs.
@Suite(.serialized) struct JobControlTests {
    private let people: TwoPeople
    private var mychat: String { "'\(Programs.mychat)' --language en" }

    init() throws { people = try TwoPeople() }

    private func shell() throws -> Shell {
        let shell = try Shell(environment: people.ana.environment)
        // Bash reports a stopped job by itself, in the middle of other output.
        try shell.run("set +b")
        return shell
    }

    /// The screen is complete with all of its modes, and keys work.
    private func checkScreen(
        _ shell: Shell, _ word: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try shell.terminal.wait(forText: "connected", sourceLocation: sourceLocation)
        try shell.terminal.open("bia")
        try shell.terminal.type(word)
        let rows = try shell.terminal.wait(for: "the composer", sourceLocation: sourceLocation) { rows in
            rows.contains { $0.contains("› " + word) }
        }
        // Nothing is echoed beside the screen.
        #expect(rows.containing(word).count == 1, sourceLocation: sourceLocation)
        #expect(try shell.terminal.property("alternate_on") == "1", sourceLocation: sourceLocation)
        #expect(try shell.terminal.property("mouse_any_flag") == "1", sourceLocation: sourceLocation)
        try shell.terminal.press("C-u")
        // The key is not left for the next program in the terminal.
        try shell.terminal.wait(forText: "write a message", sourceLocation: sourceLocation)
    }

    private func quit(_ shell: Shell, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try shell.terminal.press("C-q")
        try shell.end(sourceLocation: sourceLocation)
        #expect(try shell.isSane(sourceLocation: sourceLocation), sourceLocation: sourceLocation)
    }

    @Test func startedInTheBackgroundItStopsBeforeItDraws() throws {
        let shell = try shell()
        try shell.run(mychat + " &")
        try shell.waitForStoppedJob()
        let rows = try shell.run("jobs -s")
        #expect(!rows.containing("Stopped").isEmpty, "\(rows)")
        #expect(rows.containing("connected").isEmpty)
        #expect(try shell.terminal.property("alternate_on") == "0")
        try shell.start("fg")
        try checkScreen(shell, "depois")
        try quit(shell)
        #expect(people.server.stop() == 0)
    }

    @Test func sentToTheBackgroundItStopsAgain() throws {
        let shell = try shell()
        try shell.start(mychat)
        try checkScreen(shell, "antes")
        try shell.terminal.press("C-z")
        try shell.end()
        try shell.run("bg")
        try shell.waitForStoppedJob()
        #expect(try shell.terminal.property("alternate_on") == "0")
        #expect(try shell.isSane())
        try shell.start("fg")
        try checkScreen(shell, "depois")
        // Stopped while the screen is active, and continued where it may not draw.
        kill(try shell.job(), SIGSTOP)
        try shell.end()
        try shell.clear()
        try shell.run("bg")
        try shell.waitForStoppedJob()
        #expect(try shell.terminal.screen().containing("connected").isEmpty)
        try shell.start("fg")
        try checkScreen(shell, "outra vez")
        try quit(shell)
        #expect(people.server.stop() == 0)
    }

    @Test(arguments: [SIGSTOP, SIGTSTP])
    func stoppedFromElsewhereItTakesAllModesAgain(signal: Int32) throws {
        let shell = try shell()
        try shell.start(mychat)
        try checkScreen(shell, "antes")
        kill(try shell.job(), signal)
        try shell.end()
        // The state that other programs leave.
        try shell.run("printf '\\033[?1049l\\033[?1000l\\033[?1002l\\033[?1003l\\033[?1006l'")
        try shell.clear()
        try shell.start("fg")
        try checkScreen(shell, "depois")
        try quit(shell)
        #expect(people.server.stop() == 0)
    }

    /// The screen is left once and entered once each time.
    @Test func stoppedAndResumedTwentyTimes() throws {
        let shell = try shell()
        let log = people.ana.home + "/terminal.log"
        try shell.start(mychat)
        try checkScreen(shell, "antes")
        try shell.terminal.record(to: log)
        for _ in 0..<20 {
            try shell.terminal.press("C-z")
            try shell.end()
            try shell.start("fg")
            try shell.terminal.wait(for: "the screen") { rows in
                rows.containing("prompt-").isEmpty && rows.contains { $0.contains("connected") }
            }
        }
        try quit(shell)
        let printed = try String(decoding: Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self)
        #expect(printed.components(separatedBy: "\u{1B}[?1049l").count - 1 == 21)
        #expect(people.server.stop() == 0)
    }

    /// Bash sends SIGTERM and continues the job, which must not stop again because it lacks the terminal.
    @Test(arguments: [false, true])
    func aStoppedJobCanBeEnded(isStoppedFromElsewhere: Bool) throws {
        let shell = try shell()
        try shell.start(mychat)
        try checkScreen(shell, "antes")
        let job = try shell.job()
        if isStoppedFromElsewhere { kill(job, SIGSTOP) } else { try shell.terminal.press("C-z") }
        try shell.end()
        try shell.start("kill %1")
        #expect(Terminal.waitForEnd(of: job))
        // Bash reports how a job has ended before its next prompt, if not before the last one.
        let rows = try shell.run(":")
        #expect(rows.containing("Exit 143").count == 1, "\(rows)")
        #expect(try shell.isSane())
        #expect(people.server.stop() == 0)
    }

    /// By then the terminal shows another program.
    @Test func aStoppedJobEndsWithoutWritingToAnothersTerminal() throws {
        let shell = try shell()
        try shell.start(mychat)
        try checkScreen(shell, "antes")
        let job = try shell.job()
        kill(job, SIGSTOP)
        try shell.end()
        try shell.clear()
        try shell.start("cat")
        try shell.terminal.type("eco")
        try shell.terminal.press("Enter")
        try shell.terminal.wait(for: "both lines") { $0.containing("eco").count == 2 }
        kill(job, SIGTERM)
        kill(job, SIGCONT)
        #expect(Terminal.waitForEnd(of: job))
        try shell.terminal.type("fim")
        try shell.terminal.press("Enter")
        try shell.terminal.wait(for: "both lines") { $0.containing("fim").count == 2 }
        #expect(try shell.terminal.property("alternate_on") == "1")
        try shell.terminal.press("C-d")
        let rows = try shell.end()
        #expect(rows.containing("Exit 143").count == 1, "\(rows)")
        #expect(people.server.stop() == 0)
    }

    @Test func aQuestionInTheBackgroundWaits() throws {
        let shell = try shell()
        try shell.run(mychat + " login ana@exemplo.com &")
        try shell.waitForStoppedJob()
        let rows = try shell.run("jobs -s")
        #expect(rows.containing("Password").isEmpty)
        try shell.start("fg")
        try shell.terminal.wait(forText: "Password")
        // It can be stopped at the prompt as well, and asks again.
        try shell.terminal.press("C-z")
        try shell.end()
        #expect(try shell.isSane())
        try shell.clear()
        try shell.start("fg")
        try shell.terminal.wait(forText: "Password")
        try shell.terminal.type("segredo-123")
        try shell.terminal.press("Enter")
        try shell.end()
        let after = try shell.terminal.wait(forText: "Signed in")
        #expect(after.containing("segredo").isEmpty)
        #expect(try shell.isSane())
        #expect(people.server.stop() == 0)
    }

    @Test func aTextIsReadInTheForegroundOnly() throws {
        let shell = try shell()
        try shell.run(mychat + " send bia@exemplo.com &")
        try shell.waitForStoppedJob()
        try shell.start("fg")
        try shell.terminal.type("do fundo")
        try shell.terminal.press("Enter", "C-d")
        try shell.end()
        #expect(try people.bia.history(with: people.ana) == ["do fundo"])
        #expect(people.server.stop() == 0)
    }

    @Test func lineByLineItWaitsForTheForegroundToo() throws {
        let shell = try shell()
        try shell.run(mychat + " --plain &")
        try shell.waitForStoppedJob()
        #expect(try shell.terminal.screen().containing("Bia Souza").isEmpty)
        try shell.start("fg")
        try shell.terminal.wait(forText: "1. Bia Souza")
        try shell.terminal.press("C-z")
        try shell.end()
        try shell.clear()
        try shell.run("bg")
        try shell.waitForStoppedJob()
        try shell.start("fg")
        try shell.terminal.type("/goto bia")
        try shell.terminal.press("Enter")
        try shell.terminal.wait(forText: "Conversation with Bia Souza")
        try shell.terminal.type("/quit")
        try shell.terminal.press("Enter")
        try shell.end()
        #expect(people.server.stop() == 0)
    }

    /// An editor that stops also stops this program, and both return.
    @Test func theEditorStopsAndGoesOn() throws {
        let shell = try shell()
        let editor = people.ana.home + "/editor"
        try "#!/bin/sh\nkill -STOP 0\necho voltou > \"$1\"\n".write(
            toFile: editor, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: editor)
        try shell.start("EDITOR='\(editor)' " + mychat)
        try checkScreen(shell, "antes")
        try shell.terminal.press("M-e")
        try shell.end()
        #expect(try shell.isSane())
        try shell.start("fg")
        try shell.terminal.wait(forText: "› voltou")
        try shell.terminal.press("C-u")
        try checkScreen(shell, "depois")
        try quit(shell)
        #expect(people.server.stop() == 0)
    }
}

/// Without a shell that could continue a stopped program, nothing stops it.
@Suite(.serialized) struct WithoutAShellTests {
    @Test func nothingStopsTheScreenOrItsEditor() throws {
        let people = try TwoPeople()
        let terminal = try Terminal(
            "EDITOR='sh -c \"kill -TSTP 0; kill -STOP 0; echo voltou > \\$0\"' '\(Programs.mychat)' --language en",
            environment: people.ana.environment)
        try terminal.wait(forText: "connected")
        try terminal.open("bia")
        try terminal.press("C-z")
        try terminal.signal(SIGTSTP)
        try terminal.type("segue")
        try terminal.wait(forText: "› segue")
        try terminal.press("M-e")
        try terminal.wait(forText: "› voltou")
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        #expect(people.server.stop() == 0)
    }

    @Test func nothingStopsAQuestion() throws {
        let people = try TwoPeople()
        let terminal = try Terminal(
            "'\(Programs.mychat)' --language en login ana@exemplo.com", environment: people.ana.environment)
        try terminal.wait(forText: "Password")
        try terminal.press("C-z")
        try terminal.type("segredo-123")
        try terminal.press("Enter")
        let rows = try terminal.wait(forText: "Signed in")
        #expect(rows.containing("segredo").isEmpty)
        #expect(try terminal.waitForExit() == 0)
        #expect(people.server.stop() == 0)
    }
}
