import Foundation
import Testing

/// A person with a home of their own, where MyChat keeps their account and cache.
struct PersonAtHome {
    let name: String
    let email: String
    let home: String
    let url: String

    /// Signs a new person up by the command line.
    init(name: String, email: String, server: ServerProcess, in directory: TemporaryDirectory) throws {
        self.name = name
        self.email = email
        home = try directory.subdirectory(email)
        url = server.url
        let result = try mychat(["register", email, "--name", name, "--password-stdin"], input: "segredo-123\n")
        #expect(result.status == 0, "\(result.errors)")
    }

    var environment: [String: String] { freshEnvironment(home: home, adding: ["MYCHAT_URL": url]) }

    /// Runs a command as this person.
    @discardableResult
    func mychat(_ arguments: [String], input: String? = nil) throws -> CommandResult {
        try run(Programs.mychat, ["--language", "en"] + arguments, environment: environment, input: input)
    }

    /// Makes `other` a contact of this person.
    func add(_ other: PersonAtHome) throws {
        let result = try mychat(["contacts", "add", other.email])
        #expect(result.status == 0, "\(result.errors)")
    }

    /// Opens the terminal client in a terminal of its own.
    func openTerminal(columns: Int = 100, rows: Int = 30) throws -> Terminal {
        try Terminal(
            "'\(Programs.mychat)' --language en", columns: columns, rows: rows, environment: environment)
    }
}

extension [String] {
    /// The rows that contain `text`.
    func containing(_ text: String) -> [String] { filter { $0.contains(text) } }

    /// The part of the screen beside the list.
    var conversation: [String] { map { String($0.drop { $0 != "│" }) } }

    /// True when exactly one row shows `text`, with `mark` at its end.
    func show(_ text: String, mark: String) -> Bool {
        let rows = containing(text).filter { $0.hasSuffix(" " + mark) }
        return rows.count == 1
    }
}
