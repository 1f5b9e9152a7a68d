import Foundation

/// The directory of the built programs: beside the test bundle, or `MYCHAT_BIN`.
enum Programs {
    static let directory: String = {
        if let directory = ProcessInfo.processInfo.environment["MYCHAT_BIN"] { return directory }
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (executable as NSString).deletingLastPathComponent
    }()

    static var mychat: String { directory + "/mychat" }
    static var server: String { directory + "/mychat-server" }
}

/// A new directory for one test, removed with its owner.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "mychat-e2e-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A directory inside it, created when it is missing.
    func subdirectory(_ name: String) throws -> String {
        let directory = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return directory
    }
}

/// The environment of a person who has never run MyChat: an own home directory and no configuration.
func freshEnvironment(home: String, adding extra: [String: String] = [:]) -> [String: String] {
    var environment = [
        "HOME": home,
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": NSTemporaryDirectory(),
    ]
    environment.merge(extra) { $1 }
    return environment
}
