import ChatWire
import Foundation
import Synchronization
import Testing

@testable import ChatCommand

/// Files of the project.
enum Fixtures {
    /// The directory of Package.swift.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
}

/// A directory that is removed with the test.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "mychat-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Environment variables that keep a command inside the directory.
    var environment: [String: String] {
        [
            "HOME": path, "XDG_CONFIG_HOME": path + "/config", "XDG_DATA_HOME": path + "/data",
            "XDG_STATE_HOME": path + "/state", "XDG_RUNTIME_DIR": path + "/run", "PATH": "/usr/bin:/bin",
            "LC_ALL": "en_US.UTF-8",
        ]
    }

    /// The configuration file that commands find there.
    func write(configuration: String) throws {
        try FileManager.default.createDirectory(
            atPath: path + "/config/mychat", withIntermediateDirectories: true)
        try configuration.write(
            toFile: path + "/config/mychat/config.toml", atomically: true, encoding: .utf8)
    }
}

/// Output kept in memory.
final class MemoryOutput: OutputSink {
    private let texts = Mutex<[OutputChannel: String]>([:])
    private let terminals: Set<OutputChannel>

    let columns: Int?

    init(terminals: Set<OutputChannel> = [], columns: Int? = nil) {
        self.terminals = terminals
        self.columns = columns
    }

    func write(_ text: String, to stream: OutputChannel) {
        texts.withLock { $0[stream, default: ""] += text }
    }

    func writeVerbatim(_ text: String) { write(text, to: .standardOutput) }

    func flush() {}

    var failure: SystemError? { nil }

    func isTerminal(_ stream: OutputChannel) -> Bool { terminals.contains(stream) }

    var standardOutput: String { texts.withLock { $0[.standardOutput] ?? "" } }
    var standardError: String { texts.withLock { $0[.standardError] ?? "" } }
}

/// Input from memory: bytes on standard input, and answers to questions in their order.
final class MemoryInput: InputSource {
    let bytes: [UInt8]
    private let answers: Mutex<[String]>
    private let asked = Mutex<[String]>([])

    init(_ text: String = "", answers: [String] = []) {
        bytes = Array(text.utf8)
        self.answers = Mutex(answers)
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
        answers = Mutex([])
    }

    func readAll(limit: Int) throws(SystemError) -> [UInt8]? { bytes.count > limit ? nil : bytes }

    var isTerminal: Bool { false }

    func ask(_ question: String, isSecret: Bool) throws(PasswordPrompt.Failure) -> String {
        asked.withLock { $0.append((isSecret ? "secret " : "") + question) }
        let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let answer else { throw .noTerminal }
        return answer
    }

    /// The questions so far; secret ones are marked.
    var questions: [String] { asked.withLock { $0 } }
}

/// One run of `mychat` inside the test's process.
struct Run {
    var status: Int32
    var output: String
    var error: String

    /// The one JSON object of the output.
    var json: JSONValue? {
        guard output.hasSuffix("\n"), !output.dropLast().contains("\n") else { return nil }
        return try? JSONValue(parsing: Array(output.utf8))
    }

    static func mychat(
        _ arguments: String..., in directory: ScratchDirectory, environment: [String: String] = [:],
        input: MemoryInput = MemoryInput()
    ) async -> Run {
        let output = MemoryOutput()
        let runner = CommandRunner(
            environment: directory.environment.merging(environment) { $1 }, input: input, output: output)
        let status = await runner.run(arguments)
        return Run(status: status, output: output.standardOutput, error: output.standardError)
    }
}
