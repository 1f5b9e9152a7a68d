/// Where the client keeps its files: the XDG base directories with `mychat` below each.
public struct ClientDirectories: Hashable, Sendable {
    /// Settings written by the person.
    public var config: String
    /// Accounts: token, cache, outbox.
    public var data: String
    /// Logs and history of the composer: worth keeping, not worth copying.
    public var state: String
    /// Sockets and locks that end with the session; nil when the system offers none.
    public var runtime: String?

    /// Directories of the caller's choice; the parameters are the properties of the same names.
    public init(config: String, data: String, state: String, runtime: String?) {
        self.config = config
        self.data = data
        self.state = state
        self.runtime = runtime
    }

    /// All of them below one directory, for tests and demonstrations.
    public init(root: String) {
        self.init(
            config: root + "/config", data: root + "/data", state: root + "/state",
            runtime: root + "/runtime")
    }

    /// The directories that the XDG specification derives from the environment.
    ///
    /// Relative paths are ignored, as the specification asks. Without `HOME` the directories lie below the
    /// current one.
    public static func xdg(environment: [String: String]) -> ClientDirectories {
        let home = absolute(environment["HOME"]) ?? "."
        func base(_ variable: String, _ fallback: String) -> String {
            (absolute(environment[variable]) ?? home + "/" + fallback) + "/mychat"
        }
        return ClientDirectories(
            config: base("XDG_CONFIG_HOME", ".config"),
            data: base("XDG_DATA_HOME", ".local/share"),
            state: base("XDG_STATE_HOME", ".local/state"),
            runtime: absolute(environment["XDG_RUNTIME_DIR"]).map { $0 + "/mychat" })
    }

    private static func absolute(_ path: String?) -> String? {
        guard var path, path.hasPrefix("/") else { return nil }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
