import Glibc

/// Where the client keeps its files: the XDG base directories, with `mychat` below each.
public struct ClientDirectories: Hashable, Sendable {
    /// Settings that the person writes.
    public var config: String
    /// Accounts: token, cache, outbox.
    public var data: String
    /// Logs and the composer's history: worth keeping, not worth backing up.
    public var state: String
    /// Sockets and locks that end with the login session; nil when the system offers no such directory.
    public var runtime: String?
    /// Why nothing can be kept in `data` or `state`; nil when everything is in order.
    public var missingHome: MissingHome?

    /// Directories chosen by the caller; the parameters are the properties of the same names.
    public init(config: String, data: String, state: String, runtime: String?) {
        self.config = config
        self.data = data
        self.state = state
        self.runtime = runtime
    }

    /// Directories below one root, for tests and demonstrations.
    public init(root: String) {
        self.init(
            config: root + "/config", data: root + "/data", state: root + "/state",
            runtime: root + "/runtime")
    }

    /// The directories that the XDG specification derives from the environment.
    ///
    /// Relative paths are ignored, as the specification requires. An empty or relative `HOME` is ignored too; then
    /// the home directory comes from the password database. A missing home directory is not created, because secrets
    /// and messages must not end up where nobody looks for them.
    public static func xdg(environment: [String: String]) -> ClientDirectories {
        let home = absolute(environment["HOME"]) ?? homeOfAccount()
        func base(_ variable: String, _ fallback: String) -> String {
            (absolute(environment[variable]) ?? (home ?? nowhere) + "/" + fallback) + "/mychat"
        }
        var directories = ClientDirectories(
            config: base("XDG_CONFIG_HOME", ".config"),
            data: base("XDG_DATA_HOME", ".local/share"),
            state: base("XDG_STATE_HOME", ".local/state"),
            runtime: absolute(environment["XDG_RUNTIME_DIR"]).map { $0 + "/mychat" })
        let needsHome = ["XDG_DATA_HOME", "XDG_STATE_HOME"].contains { absolute(environment[$0]) == nil }
        if needsHome { directories.missingHome = MissingHome(home) }
        return directories
    }

    /// A path below which nothing can exist or be created.
    private static let nowhere = "/dev/null"

    /// The password database's entry for the user of this process.
    private static func homeOfAccount() -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 * 1024)
        guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let directory = entry.pw_dir
        else { return nil }
        return absolute(String(cString: directory))
    }

    private static func absolute(_ path: String?) -> String? {
        guard var path, path.hasPrefix("/") else { return nil }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}

/// Why there is no home directory.
public enum MissingHome: Hashable, Sendable {
    /// Neither the environment nor the password database names one.
    case unnamed
    /// There is no directory at this path.
    case absent(String)

    /// Nil when the directory exists.
    init?(_ path: String?) {
        guard let path else {
            self = .unnamed
            return
        }
        var information = stat()
        guard stat(path, &information) != 0 || information.st_mode & S_IFMT != S_IFDIR else { return nil }
        self = .absent(path)
    }
}
