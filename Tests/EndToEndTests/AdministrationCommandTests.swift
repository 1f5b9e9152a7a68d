import Foundation
import Testing

/// A server that is looked after from its command line, and the people who notice it.
@Suite struct AdministrationCommandTests {
    /// The invitation is made by the running server's administrator, and used from the command line and the screen.
    @Test func anAccountIsMadeByInvitation() throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: directory.path, settings: ["REGISTRATION": "invite"])
        let environment = freshEnvironment(
            home: try directory.subdirectory("ana"), adding: ["MYCHAT_URL": server.url])
        func register(_ more: [String]) throws -> CommandResult {
            try run(
                Programs.mychat,
                ["--language", "en", "register", "ana@exemplo.com", "--name", "Ana", "--password-stdin"]
                    + more,
                environment: environment, input: "segredo-123\n")
        }
        let without = try register([])
        #expect(without.status != 0 && without.errors.contains("by invitation only"), "\(without.errors)")
        let wrong = try register(["--invitation", "guessed"])
        #expect(wrong.status != 0 && wrong.errors.contains("not valid"), "\(wrong.errors)")

        let invited = try server.administrate(["invite", "--uses", "2", "--expires", "1h"])
        #expect(invited.status == 0, "\(invited.errors)")
        let code = try #require(invited.output.split(separator: "\n").first.map(String.init))
        let registered = try register(["--invitation", code])
        #expect(registered.status == 0, "\(registered.errors)")

        let terminal = try Terminal(
            "'\(Programs.mychat)' --language en", columns: 80, rows: 24,
            environment: freshEnvironment(
                home: try directory.subdirectory("bia"), adding: ["MYCHAT_URL": server.url]))
        try terminal.wait(forText: "Sign in")
        try terminal.press("F2")
        try terminal.type("Bia")
        try terminal.press("Tab")
        try terminal.type("bia@exemplo.com")
        try terminal.press("Tab")
        try terminal.type("segredo-123")
        try terminal.press("Enter")
        try terminal.wait(forText: "by invitation only")
        try terminal.type(code)
        try terminal.press("Enter")
        try terminal.wait(forText: "connected")
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        let list = try server.administrate(["invite", "list"])
        #expect(list.output == "no invitations\n", "\(list.output)")
        #expect(server.stop() == 0)
    }

    /// A disabled person is signed out while the screen is open, and learns why at the next sign-in.
    @Test func aDisabledPersonLearnsWhy() throws {
        let people = try TwoPeople()
        let (server, ana) = (people.server, people.ana)
        let terminal = try ana.openTerminal()
        try terminal.wait(forText: "connected")
        let unclear = try server.administrate(["session", "end", ana.email])
        #expect(unclear.status != 0 && unclear.errors.contains("say --all"), "\(unclear.errors)")
        let sessions = try server.administrate(["session", "list", ana.email])
        #expect(sessions.status == 0 && sessions.output.contains("127.0.0.1"), "\(sessions)")
        let disabled = try server.administrate(["user", "disable", ana.email])
        #expect(disabled.status == 0, "\(disabled.errors)")
        try terminal.wait(forText: "ign in again")
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        let refused = try ana.mychat(["login", ana.email, "--password-stdin"], input: "segredo-123\n")
        #expect(refused.status != 0 && refused.errors.contains("disabled"), "\(refused.errors)")
        #expect(server.stop() == 0)
        // Without a server the command has the database to itself.
        let enabled = try server.administrate(["user", "enable", ana.email])
        #expect(enabled.status == 0, "\(enabled.errors)")
        try server.start()
        let accepted = try ana.mychat(["login", ana.email, "--password-stdin"], input: "segredo-123\n")
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(server.stop() == 0)
    }
}
