import Foundation
import Testing

/// An interactive shell with job control in a terminal. Each prompt has a different number, so that an old one on the
/// screen is not taken for the current one.
final class Shell {
    let terminal: Terminal
    private var prompt = 1

    init(columns: Int = 100, rows: Int = 30, environment: [String: String]) throws {
        terminal = try Terminal(
            "PS1=\"prompt-\\#> \" bash --norc --noprofile -i", columns: columns, rows: rows,
            environment: environment)
        try waitForPrompt()
    }

    private func waitForPrompt(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try terminal.wait(for: "prompt \(prompt)", sourceLocation: sourceLocation) { rows in
            rows.contains { $0.contains("prompt-\(prompt)>") }
        }
    }

    /// Enters a command that takes over the terminal.
    func start(_ command: String) throws {
        try terminal.type(command)
        try terminal.press("Enter")
        prompt += 1
    }

    /// Runs a command and returns the screen at the next prompt.
    @discardableResult
    func run(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
        try start(command)
        return try end(sourceLocation: sourceLocation)
    }

    /// Waits until the command has stopped or ended; returns the screen at that time.
    @discardableResult
    func end(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
        try waitForPrompt(sourceLocation: sourceLocation)
        return try terminal.screen()
    }

    /// Waits until a background job has stopped.
    func waitForStoppedJob(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try run("while [ -z \"$(jobs -s)\" ]; do sleep 0.1; done", sourceLocation: sourceLocation)
    }

    /// The program in the terminal, or the only job.
    func job() throws -> pid_t { try Terminal.child(of: try terminal.program()) }

    /// Clears the screen, so that old text is not taken for new.
    func clear() throws {
        try run("clear")
        try terminal.wait(for: "an empty screen") { $0.filter { !$0.isEmpty }.count == 1 }
    }

    /// True when the terminal is in the state that a shell needs.
    func isSane(sourceLocation: SourceLocation = #_sourceLocation) throws -> Bool {
        try run("stty -a > \"$HOME/stty.txt\"", sourceLocation: sourceLocation)
        let environment = try run("echo \"home=$HOME=\"").compactMap { row in
            row.hasPrefix("home=") ? row.split(separator: "=").last.map(String.init) : nil
        }
        let settings = try String(
            contentsOfFile: try #require(environment.last) + "/stty.txt", encoding: .utf8)
        let words = settings.split { $0 == " " || $0 == "\n" || $0 == ";" }
        return try words.contains("icanon") && words.contains("echo")
            && terminal.property("alternate_on") == "0"
            && terminal.property("mouse_any_flag") == "0"
    }
}
