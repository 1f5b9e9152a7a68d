import ChatClientCore
import ChatCrypto
import ChatNet
import ChatTUI
import ChatWire
import Glibc
import Logging

/// The command line flags that concern every command; nil for a flag that was not given.
public struct SettingsFlags: Equatable, Sendable {
    public var server: String?
    public var profile: String?
    public var configurationFile: String?
    public var language: String?
    public var colour: TerminalOptions.Colour?
    public var plain: Bool?
    public var authorityFile: String?
    public var logLevel: Logger.Level?

    public init() {}
}

/// The settings of a command, from flags, environment, configuration file and defaults, in this order of precedence.
public struct Settings: Equatable, Sendable {
    /// Where a setting was found.
    public enum Source: String, Hashable, Sendable {
        case flag
        case environment
        case file
        /// The server of the profile's last `login`.
        case remembered
        case standard = "default"
    }

    public var server: ServerURL
    public var serverSource: Source
    public var profile: String
    public var language: Language
    public var colour: TerminalOptions.Colour
    /// The appearance and behaviour of the terminal client.
    public var terminal: TerminalOptions
    /// Whether the client chats line by line instead of on a screen.
    public var plain: Bool
    /// The email address that `login` uses when none is given.
    public var email: String?
    public var authorityFile: String?
    public var pins: Set<PublicKeyPin>
    public var proxy: ProxyPolicy
    public var transport: TransportPreference
    public var heldAfter: Duration
    public var cacheLimits: CacheLimits
    public var passwordCommand: ExternalCommand?
    public var tokenCommand: ExternalCommand?
    /// `MYCHAT_TOKEN`: used instead of the account in the profile.
    public var token: String?
    public var logLevel: Logger.Level
    public var directories: ClientDirectories

    /// The server when none is named: the default address of `mychat-server`.
    public static let standardServer = "http://127.0.0.1:5000"
    public static let standardHeldAfter = Duration.seconds(24 * 3600)
    public static let standardLogLevel = Logger.Level.notice
    /// The profile of `MYCHAT_TOKEN` when none is named: a token for one command must not sign the person out of
    /// their own account.
    public static let tokenProfile = "token"
}

/// Settings that contradict each other or cannot be read.
public enum SettingsError: Error, Hashable, Sendable {
    case configuration(ConfigurationError)
    /// A flag (`--server`) or variable (`MYCHAT_URL`) with an invalid value.
    case badValue(name: String, source: Settings.Source, reason: String)
}

extension Settings {
    /// Resolves the settings; reads the configuration file, unless that is disabled.
    public static func resolve(
        flags: SettingsFlags, environment: [String: String], readsFile: Bool = true
    ) throws(SettingsError) -> Settings {
        let directories = ClientDirectories.xdg(environment: environment)
        guard readsFile else {
            return try resolve(
                flags: flags, environment: environment, file: ConfigurationFile(), directories: directories)
        }
        let file: ConfigurationFile
        do {
            file = try ConfigurationFile.load(
                path: flags.configurationFile ?? directories.config + "/" + ConfigurationFile.fileName,
                isRequired: flags.configurationFile != nil, home: environment["HOME"])
        } catch {
            throw .configuration(error)
        }
        return try resolve(flags: flags, environment: environment, file: file, directories: directories)
    }

    /// Resolves the settings, given the file's content.
    static func resolve(
        flags: SettingsFlags, environment: [String: String], file: ConfigurationFile,
        directories: ClientDirectories
    ) throws(SettingsError) -> Settings {
        let given = Given(flags: flags, environment: environment.filter { !$0.value.isEmpty }, file: file)
        let profile = try given.profile()
        let section = file.section(for: profile)
        let remembered = RememberedServer(directories: directories, profile: profile).load()
        let (server, source) = try given.server(section: section, remembered: remembered)
        return Settings(
            server: server,
            serverSource: source,
            profile: profile,
            language: try given.language(),
            colour: given.colour(),
            terminal: try given.terminal(),
            plain: given.plain(),
            email: section.email,
            authorityFile: given.authorityFile(section: section),
            pins: section.pins ?? [],
            proxy: given.proxy(section: section),
            transport: try given.transport(section: section),
            heldAfter: section.heldAfter ?? standardHeldAfter,
            cacheLimits: file.cacheLimits,
            passwordCommand: section.passwordCommand,
            tokenCommand: section.tokenCommand,
            token: given.environment["MYCHAT_TOKEN"],
            logLevel: try given.logLevel(),
            directories: directories)
    }

    /// The three sources of settings.
    private struct Given {
        var flags: SettingsFlags
        var environment: [String: String]
        var file: ConfigurationFile

        func profile() throws(SettingsError) -> String {
            let (name, variable, source): (String, String, Source)
            if let flag = flags.profile {
                (name, variable, source) = (flag, "--profile", .flag)
            } else if let value = environment["MYCHAT_PROFILE"] {
                (name, variable, source) = (value, "MYCHAT_PROFILE", .environment)
            } else if environment["MYCHAT_TOKEN"] != nil {
                return Settings.tokenProfile
            } else {
                return file.profile ?? ProfileName.standard
            }
            guard ProfileName.isValid(name) else {
                throw .badValue(
                    name: variable, source: source,
                    reason: "'\(name)' is no profile name: letters, digits, '-', '_' and '.'")
            }
            return name
        }

        func server(
            section: ConfigurationFile.Section, remembered: ServerURL?
        ) throws(SettingsError) -> (ServerURL, Source) {
            if let text = flags.server { return (try url(text, "--server", .flag), .flag) }
            if let text = environment["MYCHAT_URL"] {
                return (try url(text, "MYCHAT_URL", .environment), .environment)
            }
            if let server = section.server { return (server, .file) }
            if let remembered { return (remembered, .remembered) }
            return (try url(Settings.standardServer, "default", .standard), .standard)
        }

        private func url(
            _ text: String, _ name: String, _ source: Source
        ) throws(SettingsError) -> ServerURL {
            do {
                return try ServerURL(text)
            } catch {
                throw .badValue(name: name, source: source, reason: "\(error)")
            }
        }

        func language() throws(SettingsError) -> Language {
            let (text, name, source): (String, String, Source)
            if let flag = flags.language {
                (text, name, source) = (flag, "--language", .flag)
            } else if let value = environment["MYCHAT_LANGUAGE"] {
                (text, name, source) = (value, "MYCHAT_LANGUAGE", .environment)
            } else {
                // The locale is a general default rather than a choice for this program, so a configured language
                // overrides it.
                return file.language ?? Language(environment: environment)
            }
            guard let language = Language(setting: text) else {
                throw .badValue(name: name, source: source, reason: "'\(text)': there are \(Language.list)")
            }
            return language
        }

        func colour() -> TerminalOptions.Colour {
            if let choice = flags.colour { return choice }
            if environment["NO_COLOR"] != nil { return .never }
            return file.colour ?? .automatic
        }

        func terminal() throws(SettingsError) -> TerminalOptions {
            var options = file.terminal
            options.language = try language()
            options.colour = colour()
            options.ascii = file.ascii ?? (OutputCharset(environment: environment) != nil)
            return options
        }

        /// A terminal that can do nothing else calls itself dumb.
        func plain() -> Bool { flags.plain ?? file.plain ?? (environment["TERM"] == "dumb") }

        func authorityFile(section: ConfigurationFile.Section) -> String? {
            flags.authorityFile ?? environment["MYCHAT_CA_FILE"] ?? section.authorityFile
        }

        func proxy(section: ConfigurationFile.Section) -> ProxyPolicy {
            switch section.proxy {
            case .some(.none): return .none
            case .some(.server(let proxy)):
                return ProxyPolicy(
                    http: proxy, https: proxy, exceptions: ProxyExceptions(environment: environment))
            case nil: break
            }
            return ProxyPolicy(environment: environment)
        }

        func transport(section: ConfigurationFile.Section) throws(SettingsError) -> TransportPreference {
            guard let text = environment["MYCHAT_TRANSPORT"] else { return section.transport ?? .automatic }
            guard let transport = TransportPreference(rawValue: text) else {
                let names = TransportPreference.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badValue(
                    name: "MYCHAT_TRANSPORT", source: .environment, reason: "'\(text)' is none of \(names)")
            }
            return transport
        }

        func logLevel() throws(SettingsError) -> Logger.Level {
            if let level = flags.logLevel { return level }
            if let text = environment["MYCHAT_LOG"] {
                guard let level = Logger.Level(rawValue: text.lowercased()) else {
                    let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .badValue(
                        name: "MYCHAT_LOG", source: .environment, reason: "'\(text)' is none of \(names)")
                }
                return level
            }
            return file.logLevel ?? Settings.standardLogLevel
        }
    }
}
