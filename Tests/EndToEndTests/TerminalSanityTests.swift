import Foundation
import Testing

/// Whatever happens to the program, the terminal is usable afterwards, and entered text is kept.
@Suite(.serialized) struct TerminalSanityTests {
    /// The checks of `stty` for the state that a shell needs.
    private static let checksTerminal = """
        stty -a | grep -q ' icanon' && stty -a | grep -q ' echo ' && echo "terminal is s"ane
        """

    @Test func suspendedAndResumed() throws {
        let people = try TwoPeople()
        // With job control, as in an interactive shell: the program stops, and the shell continues.
        let terminal = try Terminal(
            "set -m; '\(Programs.mychat)' --language en; \(Self.checksTerminal); read answer; fg",
            environment: people.ana.environment)
        try terminal.wait(forText: "connected")
        try terminal.open("bia")
        try terminal.type("meia frase")
        try terminal.wait(forText: "meia frase")
        try terminal.press("C-z")
        let shell = try terminal.wait(forText: "terminal is sane")
        #expect(shell.containing("meia frase").isEmpty, "the shell has its own screen")
        try terminal.press("Enter")
        try terminal.wait(for: "the same screen") { rows in
            rows.contains { $0.contains("› meia frase") }
        }
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        #expect(people.server.stop() == 0)
    }

    /// A crash also restores the terminal, and entered messages are on disk.
    @Test(arguments: [SIGSEGV, SIGABRT])
    func afterACrash(signal: Int32) throws {
        let people = try TwoPeople()
        let terminal = try Terminal(
            "'\(Programs.mychat)' --language en; \(Self.checksTerminal)", environment: people.ana.environment)
        try terminal.wait(forText: "connected")
        try terminal.signal(signal)
        let rows = try terminal.wait(forText: "terminal is sane")
        #expect(rows.containing("connected").isEmpty)
        #expect(people.server.stop() == 0)
    }

    /// Every signal that ends a program by default, including SIGRTMIN, whose number depends on the system.
    private static let endingSignals = [
        SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM,
        SIGPROF,
        SIGIO, SIGPWR, 34,
    ]

    @Test func afterEverySignalThatEndsAProgram() throws {
        let people = try TwoPeople()
        for signal in Self.endingSignals {
            let terminal = try Terminal(
                "'\(Programs.mychat)' --language en; echo \"status $?.\"; \(Self.checksTerminal)",
                environment: people.ana.environment)
            try terminal.wait(forText: "connected")
            try terminal.signal(signal)
            let rows = try terminal.wait(forText: "terminal is sane")
            #expect(rows.contains("status \(128 + signal)."), "\(signal): \(rows)")
            #expect(rows.containing("connected").isEmpty)
            #expect(try terminal.property("mouse_any_flag") == "0")
        }
        #expect(people.server.stop() == 0)
    }

    @Test func afterEverySuchSignalAtAQuestion() throws {
        let home = try TemporaryDirectory()
        for signal in Self.endingSignals {
            let terminal = try Terminal(
                "'\(Programs.mychat)' --language en --server http://127.0.0.1:9 login ana@exemplo.com; "
                    + "echo \"status $?.\"; \(Self.checksTerminal)",
                environment: freshEnvironment(home: home.path))
            try terminal.wait(forText: "Password")
            try terminal.signal(signal)
            let rows = try terminal.wait(forText: "terminal is sane")
            #expect(rows.contains("status \(128 + signal)."), "\(signal): \(rows)")
        }
    }

    /// The answer to the background colour query arrives while the program quits: it must not be typed into the
    /// shell.
    @Test func aLateAnswerIsNotTyped() throws {
        let people = try TwoPeople()
        let environment = people.ana.environment.merging(["TERM": "xterm-256color"]) { $1 }
        // The program waits only for a moment, which a busy machine may miss once, but not every time.
        let isClean = try (0..<5).contains { _ in
            let terminal = try PseudoTerminal(
                "'\(Programs.mychat)' --language en; printf 'ended\\n'; IFS= read -r line; printf 'got:[%s]\\n' \"$line\"",
                environment: environment)
            try terminal.wait(for: "\u{1B}]11;?\u{7}\u{1B}[c")
            terminal.type("\u{11}")
            try terminal.wait(for: "\u{1B}[?1049l")
            terminal.type("\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{7}\u{1B}[?62;4c")
            try terminal.wait(for: "ended")
            terminal.type("typed\n")
            try terminal.wait(for: "got:[")
            return try terminal.wait(for: "]") == "typed"
        }
        #expect(isClean)
        #expect(people.server.stop() == 0)
    }

    /// By default tmux does not pass the clipboard on: the program asks tmux itself.
    @Test func aCopyIsInTmuxsBuffer() throws {
        let people = try TwoPeople()
        let terminal = try people.ana.openTerminal()
        try terminal.wait(forText: "connected")
        try terminal.open("bia")
        try terminal.type("isto vai para o buffer ✓")
        try terminal.press("Enter")
        try terminal.wait(for: "the message") { rows in
            !rows.containing("write a message").isEmpty
                && rows.containing("isto vai para o buffer").count == 1
        }
        try terminal.press("M-m", "c")
        let rows = try terminal.wait(forText: "tmux's buffer")
        #expect(rows.containing("Copied").isEmpty)
        #expect(try terminal.buffer() == "isto vai para o buffer ✓")
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        #expect(people.server.stop() == 0)
    }

    /// The terminal window is closed in the middle of a sentence: the sentence is there at the next start.
    @Test func aClosedWindowKeepsWhatWasWritten() throws {
        let people = try TwoPeople()
        let first = try people.ana.openTerminal()
        try first.wait(forText: "connected")
        try first.open("bia")
        try first.type("isto ainda não foi")
        try first.wait(forText: "isto ainda não foi")
        try first.close()
        let second = try people.ana.openTerminal()
        try second.wait(for: "the draft in the composer") { rows in
            rows.contains { $0.contains("› isto ainda não foi") }
        }
        #expect(people.server.stop() == 0)
    }

    /// Many sizes in quick succession, including the smallest: the last one is drawn, and keys still work.
    @Test func aStormOfSizes() throws {
        let people = try TwoPeople()
        let terminal = try people.ana.openTerminal()
        try terminal.wait(forText: "connected")
        try terminal.open("bia")
        for (columns, rows) in [(20, 5), (1, 1), (200, 60), (64, 9), (3, 2), (120, 40), (63, 24), (90, 20)] {
            try terminal.resize(columns: columns, rows: rows)
        }
        try terminal.type("ainda aqui")
        // An intermediate size may be on screen when the text appears: wait for all of the last one.
        let screen = try terminal.wait(for: "the whole screen, the composer at its bottom") { rows in
            rows.contains { $0.contains("› ainda aqui") } && rows.contains { $0.contains("Bia Souza") }
        }
        #expect(screen.allSatisfy { $0.count <= 90 })
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        #expect(people.server.stop() == 0)
    }

    /// A mouse click opens a conversation, and nothing of the report is typed.
    @Test func theMouseChooses() throws {
        let people = try TwoPeople()
        let terminal = try people.ana.openTerminal()
        try terminal.wait(forText: "connected")
        try terminal.open("bia")
        try terminal.press("Tab")
        // Presses and releases in the terminal's format, on the first conversation of the list.
        try terminal.type("\u{1B}[<0;6;3M\u{1B}[<0;6;3m")
        try terminal.type("depois")
        let screen = try terminal.wait(for: "the text alone") { rows in
            rows.contains { $0.contains("› depois") }
        }
        #expect(screen.containing("0;6;3").isEmpty)
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        #expect(people.server.stop() == 0)
    }
}
