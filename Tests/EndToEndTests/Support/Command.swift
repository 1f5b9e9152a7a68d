import Foundation
import Testing

/// What a finished program left behind.
struct CommandResult {
    let status: Int32
    let output: String
    let errors: String
}

/// Runs a program to its end and gives back what it printed.
@discardableResult
func run(
    _ program: String, _ arguments: [String], environment: [String: String], input: String? = nil
) throws -> CommandResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    if let input {
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        pipe.fileHandleForWriting.write(Data(input.utf8))
        try pipe.fileHandleForWriting.close()
    } else {
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }
    // Both pipes are drained at once: a program that fills one would otherwise wait for ever.
    let errorReader = BackgroundReader(errors.fileHandleForReading)
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = errorReader.wait()
    process.waitUntilExit()
    return CommandResult(
        status: process.terminationStatus,
        output: String(decoding: outputData, as: UTF8.self),
        errors: String(decoding: errorData, as: UTF8.self))
}

/// Reads a pipe to its end on a thread of its own.
private final class BackgroundReader: @unchecked Sendable {
    // The semaphore orders the one write before the one read.
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            data = handle.readDataToEndOfFile()
            done.signal()
        }
    }

    func wait() -> Data {
        done.wait()
        return data
    }
}

/// A server process of a test: started on a free port, stopped with its owner.
final class ServerProcess {
    private(set) var port: Int = 0
    private var process = Process()
    private let directory: String
    private let environment: [String: String]

    var url: String { "http://127.0.0.1:\(port)" }

    /// Starts the server on an empty database in `directory` and returns when it listens.
    init(directory: String) throws {
        self.directory = directory
        environment = freshEnvironment(
            home: directory,
            adding: ["CONN_URL": "sqlite:" + directory + "/server.db", "BCRYPT_COST": "4"])
        try start()
    }

    deinit { kill(process.processIdentifier, SIGKILL) }

    /// Starts it (again), on the port that it had before.
    func start() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: Programs.server)
        process.environment = environment.merging(["PORT": String(port)]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: directory + "/server.log") ?? FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // The first line says where it listens; the end of the pipe, that it could not.
        var line = ""
        while !line.contains("\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            line += String(decoding: data, as: UTF8.self)
        }
        let address = try #require(line.split(separator: ":").last, "the server said: \(line)")
        port = try #require(Int(address.trimmingCharacters(in: .whitespacesAndNewlines)), "\(line)")
    }

    /// Ends it with `signal` and waits until it is gone; the exit status, or nil when a signal ended it.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) -> Int32? {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}
