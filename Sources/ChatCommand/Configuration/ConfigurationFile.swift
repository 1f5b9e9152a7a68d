import ChatClientCore
import ChatCrypto
import ChatTUI
import ChatWire
import Logging

/// What a configuration file says, read and checked; what it leaves out is nil.
///
/// The file is TOML. The keys that describe an account may also stand in a table `[profiles.NAME]`, where
/// they count for that profile only. `man mychat` lists them all.
public struct ConfigurationFile: Equatable, Sendable {
    /// The keys that may differ from profile to profile.
    public struct Section: Equatable, Sendable {
        public var server: ServerURL?
        /// Whom `login` signs in when it is not told.
        public var email: String?
        /// Absolute, or as written when the file was read from nowhere.
        public var authorityFile: String?
        public var pins: Set<PublicKeyPin>?
        public var proxy: ProxyChoice?
        public var transport: TransportPreference?
        public var heldAfter: Duration?
        public var passwordCommand: ExternalCommand?
        public var tokenCommand: ExternalCommand?

        public init() {}

        /// These settings, with those of `other` where these say nothing.
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

    /// The keys outside of every table, as far as they describe an account.
    public var general = Section()
    /// The tables `[profiles.NAME]`, by name.
    public var profiles: [String: Section] = [:]
    /// The profile that is used when none is named.
    public var profile: String?
    /// Nil also for `"auto"`: the locale decides.
    public var language: Language?
    /// How the terminal client and the output of commands look.
    public var theme: TerminalOptions.Theme?
    public var colour: TerminalOptions.Colour?
    public var ascii: Bool?
    public var mouse: Bool?
    /// Whether the window is named after what is open.
    public var title: Bool?
    public var bell: Bool?
    public var notifications: TerminalOptions.Notifications?
    /// How many columns the terminal draws characters of ambiguous width over: 1 or 2.
    public var ambiguousWidth: Int?
    /// Lines instead of a screen.
    public var plain: Bool?
    /// The table `[keys]`.
    public var keys = KeyBindings()
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
    /// A longer file is none, in bytes.
    static let sizeMax = 1024 * 1024

    /// Reads the file at `path`.
    ///
    /// - Parameters:
    ///   - isRequired: whether its absence is an error; otherwise nothing is configured then.
    ///   - home: what `~/` means in paths.
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
        // The default file goes by its short name: everybody knows where it is.
        let name = isRequired ? path : fileName
        return try parse(bytes, file: name, directory: directory, home: home)
    }

    /// Reads the bytes of a file; `file` is its name in messages, `directory` what relative paths in it
    /// are relative to.
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
