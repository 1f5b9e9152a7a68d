import ChatClientCore
import ChatTUI

/// The last screen layout of a profile: whether the list is hidden, and its width.
struct RememberedScreen: Sendable {
    private let path: String
    private let directory: String

    init(directories: ClientDirectories, profile: String) {
        directory = directories.state + "/screens"
        path = directory + "/" + profile
    }

    /// Longer than any content written here, in bytes.
    private static let sizeMax = 4096

    func load() -> ScreenPreferences {
        guard let bytes = try? FileSystem.contents(of: path, limit: Self.sizeMax) else { return .standard }
        return ScreenPreferences(text: String(decoding: bytes, as: UTF8.self))
    }

    func save(_ preferences: ScreenPreferences) throws(SystemError) {
        try FileSystem.makeDirectories(directory)
        try FileSystem.replace(path, with: Array(preferences.text.utf8))
    }
}
