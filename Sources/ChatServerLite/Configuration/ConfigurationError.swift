/// Why the server cannot start with its settings. The description says what to do about it.
public enum ConfigurationError: Error, Equatable, Sendable {
    /// The value of a setting is not allowed; `reason` says which values are.
    case invalidValue(setting: String, source: String, reason: String)
    /// The `.env` file cannot be read.
    case unreadableFile(path: String, reason: String)
    /// The `.env` file has a syntax error.
    case malformedFile(path: String, reason: EnvironmentFile.ParseError)
    /// A setting asks for a kind of database that this program does not support; `reason` says what to do.
    case storageUnsupported(setting: String, source: String, reason: String)
    /// A secret that can be guessed, where other machines reach the server or with `FLASK_ENV=production`.
    case weakSecret(source: String, reason: String)
    /// The data directory is unknown because neither `XDG_DATA_HOME` nor `HOME` is set.
    case noDataDirectory
    /// A file or directory that the server needs cannot be created or read.
    case unusablePath(path: String, reason: String)
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidValue(let setting, let source, let reason):
            "\(setting) (\(source)): \(reason)"
        case .unreadableFile(let path, let reason):
            "cannot read \(path): \(reason)"
        case .malformedFile(let path, let reason):
            "\(path): \(reason)"
        case .storageUnsupported(let setting, let source, let reason):
            "\(setting) (\(source)) \(reason)"
        case .weakSecret(let source, let reason):
            """
            JWT_SECRET_KEY (\(source)) is \(reason), and who guesses it can sign in as anybody; use at least 32 random \
            characters, or leave it out and one is generated and kept (a server in production, or that other machines \
            reach, does not start with it)
            """
        case .noDataDirectory:
            "neither XDG_DATA_HOME nor HOME is set; say where the database belongs with --database PATH"
        case .unusablePath(let path, let reason):
            "cannot use \(path): \(reason); choose another place with --database PATH"
        }
    }
}
