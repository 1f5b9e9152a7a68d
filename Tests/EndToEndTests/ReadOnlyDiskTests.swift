import Foundation
import Testing

/// A read-only or damaged cache: the client still shows what it can read, and says what it cannot do.
@Suite(.serialized) struct ReadOnlyDiskTests {
    private static let reason = "Read-only file system"

    /// Ana has two messages, one of them queued, on a disk that then becomes read-only.
    private struct Stage {
        let people: TwoPeople
        let disk: SmallDisk

        init() throws {
            people = try TwoPeople()
            disk = try SmallDisk(over: people.ana.home, kilobytes: 3072)
            let login = try mychat("login", people.ana.email, "--password-stdin", input: "segredo-123\n")
            #expect(login.status == 0, "\(login.errors)")
            #expect(try mychat("send", people.bia.email, "antes").status == 0)
            #expect(people.server.stop() == 0)
            #expect(try mychat("send", people.bia.email, "na fila", "--queue").status == 0)
            try people.server.start()
            try disk.makeReadOnly()
        }

        func mychat(_ arguments: String..., input: String? = nil) throws -> CommandResult {
            try disk.run(
                Programs.mychat, ["--language", "en"] + arguments, environment: people.ana.environment,
                input: input)
        }

        /// Bia's messages from Ana.
        func arrived() throws -> String { try people.bia.mychat(["history", people.ana.email]).output }
    }

    @Test(
        .enabled(if: SmallDisk.isPossible, "a file system of one's own (unshare -r -m) is not allowed here"))
    func commandsReadWithoutWriting() throws {
        let stage = try Stage()
        let bia = stage.people.bia.email
        let history = try stage.mychat("history", bia)
        #expect(history.status == 0, "\(history.errors)")
        #expect(history.output.contains("antes") && history.output.contains("na fila"))
        // The reason is the disk, not the server.
        #expect(history.errors.contains("not up to date"), "\(history.errors)")
        #expect(history.errors.contains(Self.reason), "\(history.errors)")
        for (arguments, text) in [
            (["contacts"], "Bia Souza"), (["search", "fila"], "na fila"), (["outbox", "list"], "na fila"),
            (["export", "--format", "text"], "antes"), (["cache", "check"], "2 messages"),
            (["whoami"], "ana@exemplo.com"),
            (["status"], "1 unsent"),
        ] {
            let result = try stage.disk.run(
                Programs.mychat, ["--language", "en"] + arguments,
                environment: stage.people.ana.environment)
            #expect(result.status == 0, "\(arguments): \(result.errors)")
            #expect(result.output.contains(text), "\(arguments): \(result.output)")
        }
        #expect(stage.people.server.stop() == 0)
    }

    @Test(
        .enabled(if: SmallDisk.isPossible, "a file system of one's own (unshare -r -m) is not allowed here"))
    func commandsThatWriteSayWhyTheyCannot() throws {
        let stage = try Stage()
        let bia = stage.people.bia.email
        for arguments in [
            ["send", bia, "nova"], ["send", bia, "nova", "--queue"], ["read", bia],
            ["outbox", "retry", "--all"],
            ["contacts", "rename", bia, "Beatriz"], ["cache", "compact"], ["doctor"], ["logout"],
        ] {
            let result = try stage.disk.run(
                Programs.mychat, ["--language", "en"] + arguments,
                environment: stage.people.ana.environment)
            #expect(result.status == 74, "\(arguments): \(result.status) \(result.errors)")
            #expect((result.output + result.errors).contains(Self.reason), "\(arguments): \(result.errors)")
        }
        let arrived = try stage.arrived()
        #expect(arrived.contains("antes"))
        #expect(!arrived.contains("nova") && !arrived.contains("na fila"))
        #expect(stage.people.server.stop() == 0)
    }

    @Test(
        .enabled(if: SmallDisk.isPossible, "a file system of one's own (unshare -r -m) is not allowed here"))
    func theScreenShowsTheCacheAndKeepsTheText() throws {
        let stage = try Stage()
        let line = stage.disk.command(Programs.mychat, ["--language", "en"]).map { "'\($0)'" }
        let screen = try Terminal(
            line.joined(separator: " "), environment: stage.people.ana.environment)
        try screen.wait(forText: "Bia Souza")
        try screen.open("bia")
        try screen.wait(forText: "na fila")
        try screen.type("escrita aqui")
        try screen.press("Enter")
        try screen.wait(forText: "Nothing can be written to the disk")
        let rows = try screen.wait(forText: "escrita aqui")
        #expect(rows.conversation.containing("escrita aqui").count == 1)
        try screen.press("C-q")
        #expect(try screen.waitForExit() == 0)
        #expect(try !stage.arrived().contains("escrita aqui"))
        #expect(stage.people.server.stop() == 0)
    }

    /// The first bytes of the cache are overwritten, or the file is cut: the unsent messages survive, and the command
    /// that finds the damage says so.
    @Test(arguments: ["beginning", "end"])
    func aDamagedCacheIsReportedAndItsUnsentMessagesAreSaved(part: String) throws {
        let people = try TwoPeople()
        func mychat(_ arguments: String...) throws -> CommandResult {
            try people.ana.mychat(arguments)
        }
        #expect(people.server.stop() == 0)
        for text in ["um", "dois"] {
            #expect(try mychat("send", people.bia.email, text, "--queue").status == 0)
        }
        let files = try #require(FileManager.default.enumerator(atPath: people.ana.home))
        let name = try #require(files.compactMap { $0 as? String }.first { $0.hasSuffix("/cache.db") })
        let file = try #require(FileHandle(forUpdatingAtPath: people.ana.home + "/" + name))
        if part == "beginning" {
            try file.write(contentsOf: Data(repeating: 0x5A, count: 100))
        } else {
            let size = try file.seekToEnd()
            try file.truncate(atOffset: size * 9 / 10)
        }
        try file.close()
        let outbox = try mychat("outbox", "list")
        #expect(outbox.status == 0, "\(outbox.errors)")
        #expect(outbox.output.contains("um") && outbox.output.contains("dois"), "\(outbox.output)")
        #expect(outbox.errors.contains("was set aside"), "\(outbox.errors)")
        #expect(outbox.errors.contains("Unsent messages saved from it: 2"), "\(outbox.errors)")
        // Only the first command reports it; `cache check` still names the file.
        #expect(try !mychat("outbox", "list").errors.contains("was set aside"))
        #expect(try mychat("cache", "check").output.contains("was set aside with all that is in it"))
    }
}
