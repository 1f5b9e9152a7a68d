import Foundation
import Testing

/// A real terminal (a tmux pane of its own server) that runs a program.
///
/// The terminal's output drives the waiting: a control-mode client reports each piece of output, and only then is the
/// screen read again.
final class Terminal {
    private let socket: String
    private let control: ChildProcess
    private let environment: [String: String]
    private static let endMark = "terminal-under-test-ended-with-"

    /// Opens a terminal of the given size in which a shell runs `command`, a shell line, and then prints how it
    /// ended. The terminal stays as the program left it.
    init(_ command: String, columns: Int = 100, rows: Int = 30, environment: [String: String]) throws {
        socket = "mychat-" + UUID().uuidString.prefix(8)
        self.environment = environment
        let configuration = """
            set -g default-terminal tmux-256color
            set -g status off
            set -s escape-time 0
            """
        let home = try #require(environment["HOME"])
        let file = home + "/tmux-\(socket).conf"
        try configuration.write(toFile: file, atomically: true, encoding: .utf8)
        // Ctrl-C goes to the whole process group: this shell, unlike the program, survives it. A killed program
        // leaves the terminal in raw mode, so the end mark includes its own carriage returns.
        let quoted = command.replacingOccurrences(of: "'", with: "'\\''")
        let shell = """
            sh -c 'trap : INT
            \(quoted)
            printf "\\r\\n%s%s\\r\\n" \(Self.endMark) $?; exec cat'
            """
        try Self.tmux(
            [
                "-f", file, "new-session", "-d", "-s", "main", "-x", String(columns), "-y", String(rows),
                shell,
            ],
            socket: socket, environment: environment)
        control = try ChildProcess(
            "tmux", ["-L", socket, "-C", "attach", "-t", "main", "-f", "ignore-size"],
            environment: environment, hasInput: true)
    }

    deinit { _ = try? tmux("kill-server") }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String {
        try Self.tmux(arguments, socket: socket, environment: environment)
    }

    @discardableResult
    private static func tmux(
        _ arguments: [String], socket: String, environment: [String: String]
    ) throws -> String {
        let result = try run("tmux", ["-u", "-L", socket] + arguments, environment: environment)
        guard result.status == 0 else {
            throw TerminalFailure(what: arguments.joined(separator: " "), why: result.errors)
        }
        return result.output
    }

    /// The current screen, one string per row, without trailing spaces.
    func screen() throws -> [String] {
        try tmux("capture-pane", "-p", "-t", "main").components(separatedBy: "\n")
    }

    /// Types text literally: key names in it have no meaning.
    func type(_ text: String) throws { try tmux("send-keys", "-t", "main", "-l", text) }

    /// Presses keys by their tmux names: `Enter`, `C-k`, `F1`, `PageUp` …
    func press(_ keys: String...) throws {
        for key in keys { try tmux("send-keys", "-t", "main", key) }
    }

    /// Resizes the terminal.
    func resize(columns: Int, rows: Int) throws {
        try tmux("resize-window", "-t", "main", "-x", String(columns), "-y", String(rows))
    }

    /// Closes the terminal, like its window: the program loses it and gets SIGHUP.
    func close() throws {
        let program = try program()
        try tmux("kill-server")
        // It saves the draft, and ends.
        Self.waitForEnd(of: program)
    }

    /// Waits until a process has ended; false when it does not.
    @discardableResult
    static func waitForEnd(of process: pid_t) -> Bool {
        // Nothing announces the end of a process that is not a child, so this polls; the limit only ends a test that
        // has already failed.
        for _ in 0..<6000 where runs(process) { usleep(10_000) }
        return !runs(process)
    }

    private static func runs(_ process: pid_t) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return false
        }
        return !stat.contains(") Z ")
    }

    /// Sends a signal to the program in the terminal, the child of its shell.
    func signal(_ signal: Int32) throws { kill(try program(), signal) }

    /// The program in the terminal.
    func program() throws -> pid_t {
        try Self.child(of: try #require(pid_t(try property("pane_pid"))))
    }

    /// The only child of a process.
    static func child(of process: pid_t) throws -> pid_t {
        let children = try String(
            contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        return try #require(children.split(separator: " ").first.flatMap { Int32($0) })
    }

    /// The value of one of tmux's variables for the terminal: `alternate_on`, `mouse_any_flag` …
    func property(_ name: String) throws -> String {
        try tmux("display-message", "-p", "-t", "main", "#{\(name)}")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The text that a paste would insert.
    func buffer() throws -> String { try tmux("show-buffer") }

    /// Copies everything that is printed from now on to a file.
    func record(to path: String) throws { try tmux("pipe-pane", "-t", "main", "cat > '\(path)'") }

    /// Waits until the screen satisfies `condition`; reads it after each piece of output.
    ///
    /// The limit only ends a test that has already failed; it is no measure of speed.
    @discardableResult
    func wait(
        for what: String, within seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation,
        until condition: ([String]) -> Bool
    ) throws -> [String] {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let rows = try screen()
            if condition(rows) { return rows }
            let left = end.timeIntervalSinceNow
            guard left > 0, waitForOutput(seconds: left) else {
                Issue.record(
                    "waiting for \(what), the screen was:\n\(rows.joined(separator: "\n"))",
                    sourceLocation: sourceLocation)
                throw TerminalFailure(what: what, why: "not on the screen")
            }
        }
    }

    /// Waits until some row contains `text`.
    @discardableResult
    func wait(
        forText text: String, within seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        try wait(for: "“\(text)”", within: seconds, sourceLocation: sourceLocation) { rows in
            rows.contains { $0.contains(text) }
        }
    }

    /// Waits until the program has ended; returns its exit status as a shell sees it: 128 plus the number for a
    /// signal.
    func waitForExit(sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
        var status: Int?
        try wait(for: "the end of the program", sourceLocation: sourceLocation) { rows in
            status =
                rows.compactMap { row in
                    row.range(of: Self.endMark).flatMap { Int(row[$0.upperBound...]) }
                }.last
            return status != nil
        }
        return try #require(status)
    }

    /// True when the terminal printed something within the time.
    private func waitForOutput(seconds: Double) -> Bool {
        var descriptor = pollfd(
            fd: control.output.fileDescriptor, events: Int16(POLLIN), revents: 0)
        // At most a second, so that a change without output (the program's end) is noticed too.
        let result = poll(&descriptor, 1, Int32(min(seconds, 1) * 1000))
        if result > 0 { return !control.output.availableData.isEmpty }
        return true
    }
}

struct TerminalFailure: Error, CustomStringConvertible {
    let what: String
    let why: String
    var description: String { "\(what): \(why)" }
}
