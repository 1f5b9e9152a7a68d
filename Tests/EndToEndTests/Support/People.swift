import Foundation
import Testing

/// A person with their own home directory, where MyChat keeps the account and the cache.
struct PersonAtHome {
    let name: String
    let email: String
    let home: String
    let url: String
    /// Kept as long as the person.
    private let directory: TemporaryDirectory

    /// Registers a new person by the command line.
    init(name: String, email: String, server: ServerProcess, in directory: TemporaryDirectory) throws {
        self.name = name
        self.email = email
        self.directory = directory
        home = try directory.subdirectory(email)
        url = server.url
        let result = try mychat(
            ["register", email, "--name", name, "--password-stdin"], input: "segredo-123\n")
        #expect(result.status == 0, "\(result.errors)")
    }

    var environment: [String: String] { freshEnvironment(home: home, adding: ["MYCHAT_URL": url]) }

    /// Runs a command as this person.
    @discardableResult
    func mychat(_ arguments: [String], input: String? = nil) throws -> CommandResult {
        try run(Programs.mychat, ["--language", "en"] + arguments, environment: environment, input: input)
    }

    /// Starts a command as this person and does not wait for it.
    func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(Programs.mychat, ["--language", "en"] + arguments, environment: environment)
    }

    /// The texts of the conversation with `other`, oldest first, as a command prints them.
    func history(with other: PersonAtHome, _ options: String...) throws -> [String] {
        let result = try mychat(["--json", "history", other.email, "--limit", "100"] + options)
        #expect(result.status == 0, "\(result.errors)")
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        return (json?["messages"] as? [[String: Any]] ?? []).compactMap { $0["content"] as? String }
    }

    /// Makes `other` a contact of this person.
    func add(_ other: PersonAtHome) throws {
        let result = try mychat(["contacts", "add", other.email])
        #expect(result.status == 0, "\(result.errors)")
    }

    /// Opens the terminal client in its own terminal.
    func openTerminal(columns: Int = 100, rows: Int = 30) throws -> Terminal {
        try Terminal(
            "'\(Programs.mychat)' --language en", columns: columns, rows: rows, environment: environment)
    }
}

/// A server, and Ana and Bia, who have each other as contacts.
struct TwoPeople {
    let server: ServerProcess
    let ana: PersonAtHome
    let bia: PersonAtHome

    /// - Parameters:
    ///   - settings: further variables for the server.
    ///   - program: the server.
    init(settings: [String: String] = [:], program: String = Programs.server) throws {
        let directory = try TemporaryDirectory()
        server = try ServerProcess(directory: directory.path, settings: settings, program: program)
        ana = try PersonAtHome(name: "Ana Lima", email: "ana@exemplo.com", server: server, in: directory)
        bia = try PersonAtHome(name: "Bia Souza", email: "bia@exemplo.com", server: server, in: directory)
        try ana.add(bia)
        try bia.add(ana)
    }
}

extension Terminal {
    /// Opens the conversation with the person whose name begins like this.
    func open(_ name: String) throws {
        try press("C-k")
        try type(name)
        try wait(for: "the dialog") { rows in
            !rows.containing("Enter opens").isEmpty && !rows.containing("› " + name).isEmpty
        }
        try press("Enter")
        // Text that follows the Enter at once would turn both into a paste.
        try wait(for: "the conversation") { rows in
            rows.containing("write a message").count == 1 && rows.containing("Enter opens").isEmpty
        }
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
