import Foundation
import Testing

/// The result of a finished program.
struct CommandResult {
    let status: Int32
    let output: String
    let errors: String
}

/// Runs a program to its end and returns what it printed.
@discardableResult
func run(
    _ program: String, _ arguments: [String], environment: [String: String], input: String? = nil
) throws -> CommandResult {
    let child = try ChildProcess(program, arguments, environment: environment, hasInput: input != nil)
    if let input {
        try child.input?.write(contentsOf: Data(input.utf8))
        try child.input?.close()
    }
    // Both pipes are drained at the same time: otherwise a program that fills one would wait forever.
    let errorReader = BackgroundReader(child.errors)
    let output = child.output.readDataToEndOfFile()
    let errors = errorReader.wait()
    return CommandResult(
        status: child.waitForEnd(),
        output: String(decoding: output, as: UTF8.self),
        errors: String(decoding: errors, as: UTF8.self))
}

/// Reads a pipe to its end on its own thread.
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
///
/// It has its own loopback address, so that no other process gets its port while it is stopped.
final class ServerProcess {
    let host: String
    private(set) var port = 0
    private var process: ChildProcess?
    private let environment: [String: String]
    private let program: String

    /// Whether it has a certificate.
    private let isSecure: Bool

    var url: String { (isSecure ? "https" : "http") + "://\(host):\(port)" }

    /// Starts the server on an empty database in `directory` and returns when it listens.
    ///
    /// - Parameter program: another server that prints its address in its first line.
    init(
        directory: String, settings: [String: String] = [:], program: String = Programs.server
    ) throws {
        self.program = program
        host =
            settings["HOST"]
            ?? "127.\(Int.random(in: 1...254)).\(Int.random(in: 0...255)).\(Int.random(in: 1...254))"
        isSecure = settings["TLS_CERT_FILE"] != nil
        let own = [
            "CONN_URL": "sqlite:" + directory + "/server.db", "BCRYPT_COST": "4", "HOST": host,
            "JWT_SECRET_KEY": "only-for-tests-0123456789-0123456789",
        ]
        environment = freshEnvironment(home: directory, adding: own.merging(settings) { $1 })
        try start()
    }

    /// Starts the server, or restarts it on its previous port.
    func start() throws {
        let process = try ChildProcess(
            program, [], environment: environment.merging(["PORT": String(port)]) { $1 })
        // The log is read continuously: a full pipe would stop the server.
        let log = BackgroundReader(process.errors)
        // The first line has the address; the end of the pipe means that the start failed.
        var line = ""
        while !line.contains("\n") {
            let data = process.output.availableData
            if data.isEmpty { break }
            line += String(decoding: data, as: UTF8.self)
        }
        guard let address = line.split(separator: ":").last,
            let port = Int(address.trimmingCharacters(in: .whitespacesAndNewlines))
        else {
            kill(process.pid, SIGKILL)
            throw ChildProcessFailure(
                program: program, reason: String(decoding: log.wait(), as: UTF8.self))
        }
        self.port = port
        self.process = process
    }

    /// Runs a command of the server's program with the settings of this server, whether it runs or not.
    func administrate(_ arguments: [String], input: String? = nil) throws -> CommandResult {
        try run(program, arguments, environment: environment, input: input)
    }

    /// Ends it with `signal` and waits for its end; returns the exit status, or minus the signal that ended it.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) -> Int32? {
        guard let process else { return nil }
        kill(process.pid, signal)
        defer { self.process = nil }
        return process.waitForEnd()
    }
}
