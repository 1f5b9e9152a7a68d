import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// Loose rights on files are tightened, and something that is not a regular file blocks nothing.
@Suite struct PrivateFileTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test(
        arguments: [
            (PrivateFile.Sharing.none, 0o666, 0o600), (.none, 0o640, 0o600), (.none, 0o400, 0o400),
            (.reading, 0o666, 0o644),
            (.reading, 0o640, 0o640), (.reading, 0o600, 0o600),
        ] as [(PrivateFile.Sharing, mode_t, mode_t)])
    func looseFilesAreTightened(sharing: PrivateFile.Sharing, before: mode_t, after: mode_t) throws {
        try inDirectory { directory in
            let path = directory + "/x"
            try Data("secret".utf8).write(to: URL(fileURLWithPath: path))
            #expect(chmod(path, before) == 0)
            let log = LogRecords()
            #expect(
                try PrivateFile.read(path, sharing: sharing, logger: log.logger) == Array("secret".utf8))
            #expect(mode(path) == after)
            // A file whose rights were removed is logged once.
            let octal = { (mode: mode_t) in String(mode, radix: 8) }
            let advice =
                sharing == .none
                ? "make a new secret if others may have read it" : "look whether others have changed it"
            let line =
                "warning others could access a private file; its permissions were restricted advice=\(advice) "
                + "file=\(path) mode=\(octal(before)) now=\(octal(after))"
            #expect(log.lines == (before == after ? [] : [line]))
            _ = try PrivateFile.read(path, sharing: sharing, logger: log.logger)
            #expect(log.lines.count <= 1)
        }
    }

    /// The log names each file that the program opens at its start and that others could change.
    @Test func theProgramLogsLooseFiles() throws {
        try inDirectory { directory in
            let path = directory + "/chat.db"
            func start() throws -> String {
                let program = try ServerProgram(
                    [
                        "--port", "0", "--database", path, "--bcrypt-cost", "4", "--env-file",
                        directory + "/settings",
                    ],
                    directory: directory)
                _ = try program.port()
                program.signal(SIGTERM)
                return program.end().errors
            }
            try Data("BCRYPT_COST=4\n".utf8).write(to: URL(fileURLWithPath: directory + "/settings"))
            #expect(chmod(directory + "/settings", 0o644) == 0)
            #expect(!(try start().contains("warning")))
            let loose = ["chat.db", "chat.db.jwt-secret", "chat.db.vapid-key", "settings"]
            for name in loose { #expect(chmod(directory + "/" + name, 0o666) == 0) }
            let errors = try start()
            for name in loose { #expect(errors.contains("file=\(directory)/\(name) "), "\(name): \(errors)") }
            #expect(errors.components(separatedBy: "others could access").count == loose.count + 1)
            #expect(!(try start().contains("warning")))
            try Data("JWT_SECRET_KEY=q8Zr2vTn6XwLk4BdYm9HsPc3JfGu7EaV\n".utf8).write(
                to: URL(fileURLWithPath: directory + "/settings"))
            #expect(chmod(directory + "/settings", 0o644) == 0)
            #expect(try start().contains("anybody on this machine can read a file with a secret"))
            #expect(chmod(directory + "/settings", 0o640) == 0)
            #expect(!(try start().contains("warning")))
        }
    }

    @Test func aPipeIsRefusedAtOnce() throws {
        try inDirectory { directory in
            #expect(mkfifo(directory + "/x", 0o600) == 0)
            #expect(throws: PrivateFile.Failure.notRegular) { try PrivateFile.read(directory + "/x") }
        }
    }

    @Test func aLooseDatabaseIsTightened() throws {
        try inDirectory { directory in
            let path = directory + "/chat.db"
            for name in ["", "-wal"] {
                try Data().write(to: URL(fileURLWithPath: path + name))
                #expect(chmod(path + name, 0o666) == 0)
            }
            let log = LogRecords()
            let file = try DatabaseFile(taking: path, logger: log.logger)
            #expect(mode(path) == 0o644)
            #expect(mode(path + "-wal") == 0o644)
            #expect(log.lines.map { $0.contains("file=\(path)-wal ") } == [false, true])
            file.release()
        }
    }
}
