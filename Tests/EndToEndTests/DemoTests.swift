import Foundation
import Testing

/// The demo as a newcomer sees it.
@Suite(.serialized) struct DemoTests {
    /// A person alone in the demo sees typing, ticks, presence and unread counts.
    @Test func aNewcomerSeesAChatAlive() throws {
        let home = try TemporaryDirectory()
        let temporary = try home.subdirectory("tmp")
        let terminal = try Terminal(
            "'\(Programs.mychat)' --language en demo",
            environment: freshEnvironment(home: home.path, adding: ["TMPDIR": temporary]))
        try terminal.wait(forText: "connected")
        try terminal.wait(forText: "Bia Souza")
        try terminal.type("Hello Bia, are you there?")
        try terminal.press("Enter")
        try terminal.wait(forText: "Hello Bia, are you there?")
        try terminal.wait(forText: "typing")
        try terminal.wait(for: "that she has read it") { rows in
            rows.contains { $0.contains("Hello Bia, are you there?") && $0.hasSuffix("•✓✓") }
        }
        // The client would remember the layout of the screen.
        try terminal.press("M-l")
        try terminal.wait(for: "the list to be hidden") { $0.containing("│").isEmpty }
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        // Nothing is left behind: neither files nor personal settings.
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
        let left = try FileManager.default.contentsOfDirectory(atPath: home.path)
        #expect(left.filter { !$0.hasPrefix("tmux-") && $0 != "tmp" } == [])
    }

    /// However it ends, the terminal is usable, and no process or file is left behind.
    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGKILL])
    func aSignalLeavesNothingBehind(signal: Int32) throws {
        let home = try TemporaryDirectory()
        let temporary = try home.subdirectory("tmp")
        let terminal = try Terminal(
            "'\(Programs.mychat)' --language en demo",
            environment: freshEnvironment(home: home.path, adding: ["TMPDIR": temporary]))
        try terminal.wait(forText: "connected")
        try terminal.signal(signal)
        #expect(try terminal.waitForExit() == 128 + Int(signal))
        // After SIGKILL the children notice, and clean up.
        try terminal.wait(for: "an empty directory") { _ in
            (try? FileManager.default.contentsOfDirectory(atPath: temporary)) == []
        }
        if signal != SIGKILL {
            try terminal.wait(for: "the shell's own screen") { $0.containing("connected").isEmpty }
        }
    }

    @Test(arguments: ["en", "pt-BR"])
    func withoutATerminalTheSceneIsPrinted(language: String) throws {
        let home = try TemporaryDirectory()
        let temporary = try home.subdirectory("tmp")
        let result = try run(
            Programs.mychat, ["--language", language, "demo"],
            environment: freshEnvironment(home: home.path, adding: ["TMPDIR": temporary]))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Bia"))
        #expect(!result.output.contains("\u{1b}"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    }
}
