import Foundation
import Testing

/// Two people, two terminals, one server: the promises of the README's first screen.
@Suite(.serialized) struct TwoPeopleTests {
    /// The appearance of the marks at the end of a row.
    private enum Mark {
        static let pending = "◷"
        static let sent = "✓"
        static let delivered = "✓✓"
        static let read = "•✓✓"
    }

    @Test func theyChatAndNothingIsLostWhenTheServerGoesAway() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)

        let hers = try ana.openTerminal()
        try hers.wait(forText: "connected")
        let his = try bia.openTerminal()
        try his.wait(forText: "connected")

        // Each opens the conversation with the other.
        try hers.open("bia")
        try his.open("ana")
        try hers.wait(for: "Bia is online") { $0.containing("Bia Souza").contains { $0.contains("online") } }

        // Ana types and sends; Bia sees it live, with Ana's name.
        try hers.type("Olá, Bia! 👋")
        try his.wait(forText: "Ana is typing")
        try hers.press("Enter")
        try his.wait(forText: "Olá, Bia!")
        try his.wait(for: "the sender's name") { rows in
            rows.containing("Olá, Bia!").contains { $0.contains("Ana") }
        }
        try his.wait(for: "the end of typing") { $0.containing("is typing").isEmpty }
        try hers.wait(for: "read") { $0.show("Olá, Bia!", mark: Mark.read) }

        // Bia types; Ana sees that.
        try his.type("Oi Ana, tudo ")
        try hers.wait(forText: "Bia is typing")
        try his.type("bem")
        try his.press("Enter")
        try hers.wait(forText: "Oi Ana, tudo bem")

        // The server stops: Ana's messages are pending.
        #expect(server.stop() == 0)
        try hers.wait(forText: "offline")
        try hers.type("primeira sem rede")
        try hers.press("Enter")
        try hers.wait(for: "pending") { $0.show("primeira sem rede", mark: Mark.pending) }
        try hers.type("segunda sem rede")
        try hers.press("Enter")
        try hers.wait(for: "pending") { $0.show("segunda sem rede", mark: Mark.pending) }
        try hers.wait(forText: "2 queued")

        // It returns: both arrive, once and in order.
        try server.start()
        try hers.press("C-r")
        try his.press("C-r")
        let arrived = try his.wait(for: "both messages", within: 90) {
            !$0.conversation.containing("segunda sem rede").isEmpty
                && !$0.conversation.containing("primeira sem rede").isEmpty
        }
        let conversation = arrived.conversation
        #expect(conversation.filter { $0.contains("primeira sem rede") }.count == 1)
        #expect(conversation.filter { $0.contains("segunda sem rede") }.count == 1)
        let first = try #require(conversation.firstIndex { $0.contains("primeira sem rede") })
        let second = try #require(conversation.firstIndex { $0.contains("segunda sem rede") })
        #expect(first < second)
        try hers.wait(for: "read", within: 90) {
            $0.show("primeira sem rede", mark: Mark.read) && $0.show("segunda sem rede", mark: Mark.read)
        }

        // The store agrees with the screen.
        let history = try bia.mychat(["--json", "history", "ana@exemplo.com"])
        let contents = try historyContents(history)
        #expect(contents == ["Olá, Bia! 👋", "Oi Ana, tudo bem", "primeira sem rede", "segunda sem rede"])

        try hers.press("C-q")
        #expect(try hers.waitForExit() == 0)
        try his.press("C-q")
        #expect(try his.waitForExit() == 0)
        #expect(server.stop() == 0)
    }

    /// The marks of one message, one by one: without the server, with it again, then with its reader too.
    @Test func theMarksOfAMessageTellItsWay() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let hers = try ana.openTerminal()
        try hers.wait(forText: "connected")
        try hers.open("bia")

        #expect(server.stop() == 0)
        try hers.wait(forText: "offline")
        try hers.type("até já")
        try hers.press("Enter")
        try hers.wait(for: "pending") { $0.show("até já", mark: Mark.pending) }
        try server.start()
        // The person does not want to wait for the next attempt.
        try hers.press("C-r")
        try hers.wait(for: "sent, since Bia is away") { $0.show("até já", mark: Mark.sent) }

        let his = try bia.openTerminal()
        try his.wait(forText: "até já")
        try hers.wait(for: "delivered or read") { rows in
            rows.show("até já", mark: Mark.delivered) || rows.show("até já", mark: Mark.read)
        }
        try his.open("ana")
        try hers.wait(for: "read") { $0.show("até já", mark: Mark.read) }
        #expect(server.stop() == 0)
    }

    /// A kill during typing and a kill during sending lose nothing that was entered.
    @Test func aKilledClientLosesNothingEntered() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        var expected: [String] = []
        for round in 1...5 {
            let terminal = try ana.openTerminal()
            try terminal.wait(forText: "connected")
            try terminal.open("bia")
            try terminal.type("entered \(round)")
            try terminal.press("Enter")
            expected.append("entered \(round)")
            // An entered message is shown at once, without waiting for the server's answer.
            try terminal.wait(for: "the row") { rows in
                rows.contains { $0.contains("entered \(round)") && !$0.contains("›") }
            }
            try terminal.type("half a sentence")
            try terminal.signal(SIGKILL)
            #expect(try terminal.waitForExit() == 128 + Int(SIGKILL))
        }
        // Another start sends what was left.
        let terminal = try ana.openTerminal()
        try terminal.wait(forText: "connected")
        try terminal.wait(for: "an empty outbox") { $0.containing("queued").isEmpty }
        let history = try bia.mychat(["--json", "history", "ana@exemplo.com"])
        #expect(try historyContents(history) == expected)
        #expect(server.stop() == 0)
    }

    private func historyContents(_ result: CommandResult) throws -> [String] {
        #expect(result.status == 0, "\(result.errors)")
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let messages = json?["messages"] as? [[String: Any]] ?? []
        return messages.compactMap { $0["content"] as? String }
    }
}
