import Foundation
import Synchronization
import Testing

/// The reference of the real API, as a process that ends with this one. It listens on a port that the system chooses
/// and keeps everything in memory.
final class ReferenceServer: Sendable {
    private static let directory = URL(filePath: #filePath).appending(
        path: "../../../../fixtures/reference-api"
    )
    .standardizedFileURL

    /// Whether its Python environment exists. Tests install nothing: `fixtures/reference-api/run --prepare` does.
    static let isPrepared = FileManager.default.fileExists(
        atPath: directory.appending(path: "../../.cache/reference-api/installed").standardizedFileURL.path)

    let port: Int
    private let process: Process
    /// The process ends when this pipe closes.
    private let input = Pipe()

    init() throws {
        process = Process()
        process.executableURL = Self.directory.appending(path: "run")
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["EXIT_WITH_STDIN": "1", "PORT": "0", "BCRYPT_COST": "4"]
        ) { $1 }
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let byte = try #require(try output.fileHandleForReading.read(upToCount: 1))
            line += byte
        }
        let text = String(decoding: line, as: UTF8.self)
        port = try #require(
            text.split(separator: ":").last.flatMap { Int($0.trimmingCharacters(in: .newlines)) })
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
