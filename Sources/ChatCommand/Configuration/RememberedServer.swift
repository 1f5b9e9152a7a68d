import ChatClientCore
import ChatWire
import Glibc

/// The server of a profile's last `login` or `register`, so that the next `mychat` finds it. Flags, environment and
/// configuration file override it.
struct RememberedServer {
    private let path: String
    private let directory: String

    init(directories: ClientDirectories, profile: String) {
        directory = directories.state + "/servers"
        path = directory + "/" + profile
    }

    /// Longer than any address.
    private static let sizeMax = 4096

    /// The address; nil when there is none, or when it cannot be read.
    func load() -> ServerURL? {
        guard let bytes = try? FileSystem.contents(of: path, limit: Self.sizeMax) else { return nil }
        return try? ServerURL(strippedLikePython(String(decoding: bytes, as: UTF8.self)))
    }

    /// Saves the address, readable by its owner only.
    func save(_ server: ServerURL) throws(SystemError) {
        try FileSystem.makeDirectories(directory)
        try FileSystem.replace(path, with: Array("\(server)\n".utf8))
    }
}
