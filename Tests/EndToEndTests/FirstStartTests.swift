import Foundation
import Testing

/// A person who has just installed the program and knows only the server's address.
struct FirstStartTests {
    @Test func theServerIsTypedOnTheFirstScreenAndRemembered() throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: directory.path)
        let environment = freshEnvironment(home: try directory.subdirectory("newcomer"))
        let terminal = try Terminal(
            "'\(Programs.mychat)' --language en", columns: 80, rows: 24, environment: environment)
        try terminal.wait(forText: "Sign in")

        // The fields wrap around: the server follows the password.
        try terminal.press("F2")
        try terminal.type("Ana Lima")
        try terminal.press("Tab")
        try terminal.type("ana@exemplo.com")
        try terminal.press("Tab")
        try terminal.type("segredo-123")
        try terminal.press("Tab")
        try terminal.press("C-u")
        try terminal.type(server.url)
        try terminal.press("Enter")
        try terminal.wait(forText: "ana@exemplo.com")
        try terminal.wait(forText: "connected")
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)

        let status = try run(Programs.mychat, ["--json", "status"], environment: environment)
        #expect(status.status == 0, "\(status.errors)")
        #expect(status.output.contains("\"\(server.url)\""))
    }
}
