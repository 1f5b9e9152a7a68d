import ChatClientCore
import ChatWire
import Glibc

/// The server where a profile's last `login` or `register` went, so that the next `mychat` finds it without
/// being told. It stands behind flags, environment and configuration file.
struct RememberedServer {
    private let path: String
    private let directory: String

    init(directories: ClientDirectories, profile: String) {
        directory = directories.state + "/servers"
        path = directory + "/" + profile
    }

    /// Longer than any address.
    private static let sizeMax = 4096

    /// The address; nil when there is none, or none that can be read.
    func load() -> ServerURL? {
        guard let bytes = try? FileSystem.contents(of: path, limit: Self.sizeMax) else { return nil }
        return try? ServerURL(strippedLikePython(String(decoding: bytes, as: UTF8.self)))
    }

    /// Keeps the address, readable by its owner only.
    func save(_ server: ServerURL) throws(SystemError) {
        try FileSystem.makeDirectories(directory)
        try FileSystem.replace(path, with: Array("\(server)\n".utf8))
    }
}
