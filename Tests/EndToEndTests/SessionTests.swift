import Foundation
import Testing

/// A session that is ended from another device, with real programs.
@Suite(.serialized) struct SessionTests {
    /// Another device of a person, signed in to the same account.
    private struct Device {
        let environment: [String: String]

        init(of person: PersonAtHome) throws {
            let home = person.home + "/laptop"
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            environment = freshEnvironment(home: home, adding: ["MYCHAT_URL": person.url])
            let login = try mychat(["login", person.email, "--password-stdin"], input: "segredo-123\n")
            #expect(login.status == 0, "\(login.errors)")
        }

        @discardableResult
        func mychat(_ arguments: [String], input: String? = nil) throws -> CommandResult {
            try run(
                Programs.mychat, ["--language", "en"] + arguments, environment: environment, input: input)
        }
    }

    private let words = "This session was ended from elsewhere"

    @Test func thePersonIsToldAndLosesNothing() throws {
        let people = try TwoPeople()
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let laptop = try Device(of: ana)
        let screen = try ana.openTerminal()
        try screen.wait(forText: "connected")
        try screen.open("bia")
        try screen.type("antes")
        try screen.press("Enter")
        try screen.wait(for: "sent") { $0.show("antes", mark: "✓") }

        // The screen hears of it at once.
        let ended = try laptop.mychat(["sessions", "end-others"])
        #expect(ended.status == 0, "\(ended.errors)")
        try screen.wait(forText: words)
        try screen.type("segredo-123")
        try screen.press("Enter")
        try screen.wait(forText: "connected")
        try screen.wait(for: "the cache") { $0.show("antes", mark: "✓") }

        // A message waits while the session is ended.
        #expect(server.stop() == 0)
        try screen.wait(forText: "offline")
        try screen.open("bia")
        try screen.type("na fila")
        try screen.press("Enter")
        try screen.wait(for: "pending") { $0.show("na fila", mark: "◷") }
        try screen.press("C-q")
        #expect(try screen.waitForExit() == 0)
        try server.start()
        #expect(try laptop.mychat(["sessions", "end-others"]).status == 0)
        let refused = try ana.mychat(["send", bia.email, "sem sessão"])
        #expect(refused.status == 77, "\(refused.errors)")

        let again = try ana.openTerminal()
        // The form has the address of the account that was signed out.
        try again.wait(forText: "sign in")
        try again.type("segredo-123")
        try again.press("Enter")
        try again.wait(forText: "connected")
        try again.wait(for: "an empty outbox") { $0.containing("queued").isEmpty }
        let texts = try bia.history(with: ana)
        #expect(Array(texts.prefix(2)) == ["antes", "na fila"])
        #expect(texts.filter { $0 == "na fila" }.count == 1)
        _ = server.stop()
    }

    @Test func theCommandLineEndsItsOwnSession() throws {
        let people = try TwoPeople()
        let laptop = try Device(of: people.ana)
        let out = try laptop.mychat(["--json", "logout"])
        #expect(out.status == 0 && out.output.contains("\"session_ended\":true"), "\(out.output)")
        let list = try people.ana.mychat(["sessions", "--json"])
        #expect(list.status == 0, "\(list.errors)")
        #expect(list.output.components(separatedBy: "\"last_seen_at\"").count == 2)
        _ = people.server.stop()
    }
}
