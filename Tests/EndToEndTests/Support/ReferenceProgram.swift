import Foundation

/// The reference of the original API (fixtures/reference-api): its path, and whether it can run.
enum ReferenceProgram {
    /// The bundled server, and the reference if it can run. In CI it must.
    static var servers: [String] {
        let isWanted = isPrepared || ProcessInfo.processInfo.environment["CI"] != nil
        return isWanted ? [Programs.server, path] : [Programs.server]
    }

    private static let directory = URL(filePath: #filePath).appending(
        path: "../../../../fixtures/reference-api"
    ).standardizedFileURL

    static var path: String { directory.appending(path: "run").path }

    /// Tests install nothing: `fixtures/reference-api/run --prepare` does.
    static let isPrepared = FileManager.default.fileExists(
        atPath: directory.appending(path: "../../.cache/reference-api/installed").standardizedFileURL.path)
}
