import Foundation
import Testing

@testable import ServerTestSupport

/// The short form of `make crash`: a few kills at random moments, under the load of ten clients.
@Suite struct CrashTests {
    private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: python != nil, "needs python3"))
    func aFewKillsUnderLoadLoseNothing() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = [
            root.appendingPathComponent("fixtures/crash/run").path, "3", "--server", ServerProgram.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("0 lost, 0 doubled, 0 out of order"), "\(text)")
    }

    /// Nobody else may read people's messages.
    @Test func onlyTheOwnerCanReadTheFiles() throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let program = try ServerProgram(
            ["--port", "0", "--database", directory + "/data/chat.db"], directory: directory)
        _ = try program.port()
        let files = try FileManager.default.contentsOfDirectory(atPath: directory + "/data")
        #expect(Set(files).isSuperset(of: ["chat.db", "chat.db-wal", "chat.db-shm", "chat.db.jwt-secret"]))
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/data/" + file)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/data")
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        program.signal(SIGTERM)
        #expect(program.end().status == 0)
    }
}
