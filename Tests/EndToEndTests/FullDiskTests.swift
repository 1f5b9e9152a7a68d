import Foundation
import Testing

/// A client whose disk is full reports it, claims nothing, and loses nothing.
@Suite(
    .serialized,
    .enabled(if: SmallDisk.isPossible, "a file system of one's own (unshare -r -m) is not allowed here"))
struct FullDiskTests {
    /// Ana's home directory on a small disk of its own, and the programs that see it.
    private struct AnaOnASmallDisk {
        let people: TwoPeople
        let disk: SmallDisk

        init() throws {
            people = try TwoPeople()
            disk = try SmallDisk(over: people.ana.home, kilobytes: 3072)
            let result = try mychat(
                ["login", people.ana.email, "--password-stdin"], input: "segredo-123\n")
            #expect(result.status == 0, "\(result.errors)")
        }

        func mychat(_ arguments: [String], input: String? = nil) throws -> CommandResult {
            try disk.run(
                Programs.mychat, ["--language", "en"] + arguments, environment: people.ana.environment,
                input: input)
        }

        func send(_ text: String, _ options: String...) throws -> CommandResult {
            try mychat(["send", people.bia.email, text] + options)
        }

        func outbox() throws -> [String] {
            let result = try mychat(["--json", "outbox", "list"])
            #expect(result.status == 0, "\(result.errors)")
            return try contents(of: result, "messages")
        }

        /// The messages that the other person has received.
        func arrived() throws -> [String] {
            try contents(of: people.bia.mychat(["--json", "history", people.ana.email]), "messages")
        }

        private func contents(of result: CommandResult, _ list: String) throws -> [String] {
            let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            let entries = try #require(json?[list] as? [[String: Any]], "\(result.output)")
            return entries.compactMap { ($0["content"] ?? $0["text"]) as? String }
        }
    }

    @Test func theCommandLineSaysSoAndClaimsNothing() throws {
        let ana = try AnaOnASmallDisk()
        #expect(try ana.send("antes").status == 0)
        #expect(ana.people.server.stop() == 0)
        #expect(try ana.send("na fila", "--queue").status == 0)
        try ana.people.server.start()

        try ana.disk.fill()
        let refused = try ana.send("sem espaço")
        #expect(refused.status == 74)
        #expect(refused.errors.contains("the disk is full"), "\(refused.errors)")
        #expect(refused.output.isEmpty)

        // Messages queued earlier are still there, and refused ones are not.
        try ana.disk.free()
        #expect(try ana.outbox() == ["na fila"])
        #expect(try ana.send("depois").status == 0)
        #expect(try ana.outbox() == [])
        #expect(try ana.arrived() == ["antes", "na fila", "depois"])
        #expect(ana.people.server.stop() == 0)
    }

    @Test func theScreenKeepsTheTextAndSendsItLaterOnce() throws {
        let ana = try AnaOnASmallDisk()
        let line = ana.disk.command(Programs.mychat, ["--language", "en"]).map { "'\($0)'" }
        let screen = try Terminal(
            line.joined(separator: " "), environment: ana.people.ana.environment)
        try screen.wait(forText: "connected")
        try screen.open("bia")
        try screen.type("antes")
        try screen.press("Enter")
        try screen.wait(for: "sent") { $0.show("antes", mark: "✓") }

        try ana.disk.fill()
        // The log of the database has room for a few more; then there is none.
        var entered = 0
        var refused = false
        while !refused, entered < 200 {
            entered += 1
            try screen.type("cheio \(entered)")
            try screen.press("Enter")
            try screen.wait(for: "a word on it") { rows in
                refused = rows.contains { $0.contains("Nothing can be written to the disk") }
                return refused
                    || rows.conversation.contains {
                        $0.contains("cheio \(entered)") && $0.hasSuffix("✓")
                    }
            }
        }
        #expect(refused)
        // What could not be entered is in the composer still, and nowhere else.
        let rows = try screen.wait(forText: "cheio \(entered)")
        #expect(rows.conversation.containing("cheio \(entered)").count == 1)

        try ana.disk.free()
        try screen.press("Enter")
        try screen.wait(for: "sent") { $0.show("cheio \(entered)", mark: "✓") }
        #expect(try ana.arrived() == ["antes"] + (1...entered).map { "cheio \($0)" })
        try screen.press("C-q")
        #expect(try screen.waitForExit() == 0)
        #expect(ana.people.server.stop() == 0)
    }
}
