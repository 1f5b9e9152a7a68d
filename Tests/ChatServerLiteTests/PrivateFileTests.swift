import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite

/// Files that others could read or change are put right, and what is no file holds nothing up.
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
            #expect(try PrivateFile.read(path, sharing: sharing) == Array("secret".utf8))
            #expect(mode(path) == after)
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
            let file = try DatabaseFile(taking: path)
            #expect(mode(path) == 0o644)
            #expect(mode(path + "-wal") == 0o644)
            file.release()
        }
    }
}
