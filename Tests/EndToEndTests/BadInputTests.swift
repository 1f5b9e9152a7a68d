import Foundation
import Testing

/// A failure is reported in one clear line, with a status other than 0, and the terminal is unchanged.
@Suite struct BadInputTests {
    private func mychat(
        _ arguments: [String], home: TemporaryDirectory, adding extra: [String: String] = [:],
        input: String? = nil
    ) throws -> CommandResult {
        try run(
            Programs.mychat, ["--language", "en"] + arguments,
            environment: freshEnvironment(home: home.path, adding: extra), input: input)
    }

    /// Expects one line on standard error, and no output.
    private func expectOneLine(
        _ result: CommandResult, status: Int32, containing text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        let lines = result.errors.split(separator: "\n")
        #expect(
            lines.count == 1 && result.errors.lowercased().contains(text), "\(result.errors)",
            sourceLocation: sourceLocation)
    }

    @Test func wrongURL() throws {
        let home = try TemporaryDirectory()
        let result = try mychat(["--server", "ftp://example.org", "status"], home: home)
        #expect(result.status == 64 || result.status == 78, "\(result.errors)")
        #expect(result.errors.contains("ftp"))
    }

    @Test func refusedConnection() throws {
        let home = try TemporaryDirectory()
        // A port that was free a moment ago; nothing listens on it.
        let result = try mychat(
            [
                "--server", "http://127.0.0.1:\(try unusedPort())", "login", "ana@exemplo.com",
                "--password-stdin",
            ],
            home: home, input: "segredo-123\n")
        expectOneLine(result, status: 69, containing: "refused")
    }

    @Test func wrongPassword() throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: directory.path)
        let ana = try PersonAtHome(name: "Ana Lima", email: "ana@exemplo.com", server: server, in: directory)
        let result = try ana.mychat(["login", "ana@exemplo.com", "--password-stdin"], input: "errada-123\n")
        expectOneLine(result, status: 77, containing: "wrong email or password")
    }

    @Test func unwritableDirectory() throws {
        let home = try TemporaryDirectory()
        // A file is in the place of the directory: permissions would not stop root.
        try "".write(toFile: home.path + "/data", atomically: true, encoding: .utf8)
        let result = try mychat(
            ["status", "--offline"], home: home, adding: ["XDG_DATA_HOME": home.path + "/data"])
        expectOneLine(result, status: 74, containing: "data")
    }

    @Test func aPortInUse() throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: directory.path)
        let other = try TemporaryDirectory()
        let result = try run(
            Programs.server, [],
            environment: freshEnvironment(
                home: other.path,
                adding: [
                    "HOST": server.host, "PORT": String(server.port), "CONN_URL": "sqlite:\(other.path)/x.db",
                ]))
        #expect(result.status != 0)
        #expect(result.errors.contains(String(server.port)), "\(result.errors)")
        #expect(server.stop() == 0)
    }

    @Test func noTerminal() throws {
        let home = try TemporaryDirectory()
        let result = try mychat([], home: home)
        #expect(result.status != 0)
        #expect(result.errors.split(separator: "\n").count >= 1)
        #expect(!result.output.contains("\u{1b}"))
    }

    @Test(arguments: ["", "no-such-terminal"])
    func unusableTerminalType(name: String) throws {
        let home = try TemporaryDirectory()
        let terminal = try Terminal(
            "TERM='\(name)' '\(Programs.mychat)' --language en",
            environment: freshEnvironment(home: home.path))
        #expect(try terminal.waitForExit() == 64)
        #expect(try terminal.screen().contains { $0.contains("TERM") })
    }

    /// From 1x1 up: nothing crashes, and the return to a usable size shows a usable screen.
    @Test func tinyTerminals() throws {
        let people = try TwoPeople()
        let (server, ana) = (people.server, people.ana)
        let terminal = try ana.openTerminal()
        try terminal.wait(forText: "Bia Souza")
        for (columns, rows) in [(20, 5), (1, 1), (2, 2), (3, 1), (1, 9), (200, 50), (20, 5), (80, 24)] {
            try terminal.resize(columns: columns, rows: rows)
            try terminal.type("a")
        }
        try terminal.wait(forText: "Bia Souza")
        try terminal.press("C-q")
        #expect(try terminal.waitForExit() == 0)
        #expect(server.stop() == 0)
    }

    private func unusedPort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(bound == 0)
        var size = length
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}
