import ChatClientCore
import ChatCrypto
import ChatTUI
import ChatWire
import Logging

/// The checked content of a configuration file; a missing setting is nil.
///
/// The file is TOML. The keys that describe an account may also be in a table `[profiles.NAME]`; there they apply to
/// that profile only. `man mychat` lists them all.
public struct ConfigurationFile: Equatable, Sendable {
    /// The keys that may differ between profiles.
    public struct Section: Equatable, Sendable {
        public var server: ServerURL?
        /// The email address that `login` uses when none is given.
        public var email: String?
        /// An absolute path, or as written when the text did not come from a file.
        public var authorityFile: String?
        public var pins: Set<PublicKeyPin>?
        public var proxy: ProxyChoice?
        public var transport: TransportPreference?
        public var heldAfter: Duration?
        public var passwordCommand: ExternalCommand?
        public var tokenCommand: ExternalCommand?

        public init() {}

        /// These settings, with those of `other` where these are nil.
        func filled(from other: Section) -> Section {
            var result = self
            result.server = server ?? other.server
            result.email = email ?? other.email
            result.authorityFile = authorityFile ?? other.authorityFile
            result.pins = pins ?? other.pins
            result.proxy = proxy ?? other.proxy
            result.transport = transport ?? other.transport
            result.heldAfter = heldAfter ?? other.heldAfter
            result.passwordCommand = passwordCommand ?? other.passwordCommand
            result.tokenCommand = tokenCommand ?? other.tokenCommand
            return result
        }
    }

    /// The keys outside of all tables that describe an account.
    public var general = Section()
    /// The tables `[profiles.NAME]`, by name.
    public var profiles: [String: Section] = [:]
    /// The profile to use when none is named.
    public var profile: String?
    /// Nil also for `"auto"`: the locale decides.
    public var language: Language?
    /// The terminal client's own settings, which nothing but the file changes.
    public var terminal = TerminalOptions()
    public var colour: TerminalOptions.Colour?
    public var ascii: Bool?
    /// Whether the client chats line by line instead of on a screen.
    public var plain: Bool?
    public var logLevel: Logger.Level?
    /// The table `[cache]`.
    public var cacheLimits = CacheLimits()

    public init() {}

    /// The settings of a profile: its own table first, then the general keys.
    public func section(for profile: String) -> Section {
        (profiles[profile] ?? Section()).filled(from: general)
    }
}

extension ConfigurationFile {
    /// The name of the file in the configuration directory.
    public static let fileName = "config.toml"
    /// The longest configuration file, in bytes.
    static let sizeMax = 1024 * 1024

    /// Reads the file at `path`.
    ///
    /// - Parameters:
    ///   - isRequired: whether a missing file is an error; otherwise nothing is configured then.
    ///   - home: the meaning of `~/` in paths.
    public static func load(
        path: String, isRequired: Bool, home: String?
    ) throws(ConfigurationError) -> ConfigurationFile {
        let bytes: [UInt8]?
        do {
            bytes = try FileSystem.contents(of: path, limit: sizeMax)
        } catch {
            if error.isAbsence, !isRequired { return ConfigurationFile() }
            throw .unreadable(path: path, reason: error.reason)
        }
        guard let bytes else { throw .tooLarge(path: path, limit: sizeMax) }
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[..<$0]) } ?? "."
        // The default file is called by its short name: its place is known.
        let name = isRequired ? path : fileName
        return try parse(bytes, file: name, directory: directory, home: home)
    }

    /// Parses the bytes of a file. `file` is its name in messages, and relative paths in it are relative to
    /// `directory`.
    public static func parse(
        _ bytes: [UInt8], file: String, directory: String = ".", home: String? = nil
    ) throws(ConfigurationError) -> ConfigurationFile {
        var reader = try ConfigurationReader(bytes, file: file, directory: directory, home: home)
        let configuration = reader.read()
        guard reader.problems.isEmpty else {
            throw .problems(reader.problems.sorted { $0.position < $1.position })
        }
        return configuration
    }
}
