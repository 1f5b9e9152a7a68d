import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The server does not start where it cannot write, and the error names the file.
@Suite struct ReadOnlyStartTests {
    private static func arguments(_ directory: String) -> [String] {
        ["--port", "0", "--database", directory + "/chat.db", "--bcrypt-cost", "4"]
    }

    /// Creates the database and the files beside it.
    private func startOnce(_ directory: String) throws {
        let program = try ServerProgram(Self.arguments(directory), directory: directory)
        _ = try program.port()
        program.signal(SIGTERM)
        #expect(program.end().status == 0)
    }

    private func expectRefusal(of program: ServerProgram, naming path: String, because reason: String) {
        if let line = program.nextLine() {
            Issue.record("it has started: \(line)")
            program.signal(SIGKILL)
        }
        let end = program.end()
        #expect(end.status == 1)
        #expect(!end.wasKilled)
        #expect(end.errors.hasPrefix("mychat-server: "))
        #expect(end.errors.contains(path), "\(end.errors)")
        #expect(end.errors.contains(reason), "\(end.errors)")
        #expect(end.errors.split(separator: "\n").count == 1, "\(end.errors)")
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount"), arguments: [false, true])
    func aReadOnlyFileSystemIsRefused(isNew: Bool) throws {
        let disk = try SmallDisk(megabytes: 6)
        defer { disk.remove() }
        let home = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: home) }
        if !isNew { try startOnce(disk.path) }
        #expect(disk.makeReadOnly())
        let program = try ServerProgram(Self.arguments(disk.path), directory: home)
        expectRefusal(of: program, naming: disk.path + "/chat.db", because: "Read-only file system")
    }

    /// Arguments of setpriv(1) that make permissions count for root too.
    private static let unprivileged = ["--bounding-set", "-dac_override,-dac_read_search", "--"]

    private static let permissionsCount: Bool = {
        guard geteuid() == 0 else { return true }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments = unprivileged + ["true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private func start(_ directory: String, home: String) throws -> ServerProgram {
        let arguments = Self.arguments(directory)
        return geteuid() == 0
            ? try ServerProgram(
                Self.unprivileged + [ServerProgram.path] + arguments, directory: home,
                program: "/usr/bin/setpriv")
            : try ServerProgram(arguments, directory: home)
    }

    @Test(
        .enabled(if: permissionsCount, "needs the right to give rights up"),
        arguments: ["file", "new in a directory", "no log in a directory"])
    func unwritableFilesAreRefused(kind: String) throws {
        let directory = try TestServer.makeDirectory()
        let home = try TestServer.makeDirectory()
        defer {
            chmod(directory, 0o700)
            for path in [directory, home] { try? FileManager.default.removeItem(atPath: path) }
        }
        if kind != "new in a directory" { try startOnce(directory) }
        if kind == "file" {
            #expect(chmod(directory + "/chat.db", 0o400) == 0)
        } else {
            for suffix in ["-wal", "-shm"] { unlink(directory + "/chat.db" + suffix) }
            #expect(chmod(directory, 0o500) == 0)
        }
        expectRefusal(
            of: try start(directory, home: home), naming: directory + "/chat.db",
            because: kind == "no log in a directory" ? "no file beside it can be made" : "Permission denied")
    }

    /// All files exist and are writable, so the directory need not be writable.
    @Test(.enabled(if: permissionsCount, "needs the right to give rights up"))
    func anUnwritableDirectoryIsEnoughForExistingFiles() throws {
        let directory = try TestServer.makeDirectory()
        let home = try TestServer.makeDirectory()
        defer {
            chmod(directory, 0o700)
            for path in [directory, home] { try? FileManager.default.removeItem(atPath: path) }
        }
        try startOnce(directory)
        #expect(chmod(directory, 0o500) == 0)
        let program = try start(directory, home: home)
        let http = try HTTPTestClient(port: try program.port())
        let answer = try http.post(
            "/api/auth/register", ["name": "Ana", "email": "ana@ex.com", "password": "secret1"])
        #expect(answer.status == 201)
        program.signal(SIGTERM)
        #expect(program.end().status == 0)
    }
}
