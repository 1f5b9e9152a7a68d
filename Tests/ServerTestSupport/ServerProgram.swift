import ChatWire
import Foundation
import Testing

/// The built `mychat-server` as its own process.
final class ServerProgram {
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let input = Pipe()

    static var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let directory = environment["MYCHAT_BIN"] { return directory + "/mychat-server" }
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (executable as NSString).deletingLastPathComponent + "/mychat-server"
    }

    /// Starts the program in `directory`, with only the given environment.
    ///
    /// - Parameters:
    ///   - program: the executable to start, which becomes the server.
    ///   - input: its standard input; nil for a pipe that ``endInput()`` closes.
    init(
        _ arguments: [String], directory: String, environment: [String: String] = [:], program: String = path,
        input: FileHandle? = nil
    ) throws {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = ["HOME": directory, "TMPDIR": directory, "LOG_FORMAT": "text"].merging(
            environment
        ) { $1 }
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = input ?? self.input
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// The next line of its standard output; nil at the end.
    func nextLine() -> String? {
        var bytes: [UInt8] = []
        while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
            if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The port from the line that announces the address.
    func port(scheme: String = "http") throws -> Int {
        let line = try #require(nextLine())
        #expect(line.hasPrefix("mychat-server listening on \(scheme)://127.0.0.1:"))
        return try #require(Int(line.split(separator: ":").last ?? ""))
    }

    var processID: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func endInput() { input.fileHandleForWriting.closeFile() }

    /// Waits for the end of the process; returns its status and its standard error.
    func end() -> (status: Int32, wasKilled: Bool, errors: String) {
        process.waitUntilExit()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return (process.terminationStatus, process.terminationReason == .uncaughtSignal, text)
    }
}
