import Foundation
import Testing

/// Chatting line by line, in a terminal and over pipes.
@Suite(.serialized) struct PlainModeTests {
    /// A dumb terminal selects plain mode by itself; the other person has the full screen.
    @Test func inADumbTerminalTwoPeopleChat() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let hers = try Terminal(
            "TERM=dumb '\(Programs.mychat)' --language en", environment: ana.environment)
        try hers.wait(forText: "Connection: connected.")
        try hers.wait(forText: "1. Bia Souza")
        try hers.type("/goto bia")
        try hers.press("Enter")
        try hers.wait(forText: "Conversation with Bia Souza")
        try hers.wait(forText: "No messages yet.")
        try hers.type("olá do terminal simples")
        try hers.press("Enter")
        try hers.wait(forText: "Sent: olá do terminal simples")

        let his = try bia.openTerminal()
        try his.wait(forText: "olá do terminal simples")
        try his.open("ana")
        try hers.wait(forText: "Read: olá do terminal simples")
        try his.type("oi Ana")
        try his.press("Enter")
        try hers.wait(for: "his answer, with name and time") { rows in
            rows.contains { $0.hasPrefix("Bia Souza, ") && $0.hasSuffix(": oi Ana") }
        }
        // The line was printed, so it counts as read.
        try his.wait(for: "read") { $0.show("oi Ana", mark: "•✓✓") }
        // The terminal itself edits the line that is being typed.
        try hers.type("nada dissoo")
        try hers.press("BSpace", "C-u")
        try hers.type("/quit")
        try hers.press("Enter")
        #expect(try hers.waitForExit() == 0)
        #expect(server.stop() == 0)
    }

    @Test func overPipesEachLineIsSentAndAnswered() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let result = try ana.mychat(
            ["--plain"], input: "/goto bia\nprimeira\n/nonsense\n//barra\n/status\núltima sem fim de linha")
        #expect(result.status == 0, "\(result.errors)")
        // Only lines of text.
        #expect(
            result.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F })
        for said in [
            "Conversation with Bia Souza", "Sent: primeira", "Sent: /barra", "Sent: última sem fim de linha",
            "No such command: /nonsense",
        ] {
            #expect(result.output.contains(said), "\(said): \(result.output)")
        }
        let history = try bia.mychat(["--json", "history", "ana@exemplo.com"])
        let json = try JSONSerialization.jsonObject(with: Data(history.output.utf8)) as? [String: Any]
        let messages = json?["messages"] as? [[String: Any]] ?? []
        #expect(
            messages.compactMap { $0["content"] as? String } == [
                "primeira", "/barra", "última sem fim de linha",
            ])
        #expect(server.stop() == 0)

        // Without a server an entered message stays in the outbox, and the client says so.
        let away = try ana.mychat(["--plain"], input: "/goto bia\nsem servidor\n")
        #expect(away.status == 0, "\(away.errors)")
        #expect(away.errors.contains("1 message stays queued"), "\(away.errors)")
    }
}
