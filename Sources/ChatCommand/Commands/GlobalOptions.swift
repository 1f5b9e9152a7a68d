import ArgumentParser
import ChatTUI
import ChatWire
import Logging

/// The options that every command takes, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server's address.", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("Use the account and cache of this name.", valueName: "name"))
    var profile: String?

    @Option(
        help: ArgumentHelp("Read this configuration file instead of the usual one.", valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The language of the output: \(Language.list).", valueName: "language"),
        completion: .list(Language.settings))
    var language: String?

    @Option(
        help: ArgumentHelp("Use colours: auto, always or never.", valueName: "when"),
        completion: .list(TerminalOptions.Colour.allCases.map(\.rawValue)),
        transform: GlobalOptions.colour)
    var color: TerminalOptions.Colour?

    @Option(
        help: ArgumentHelp("Trust the certificate authorities in this PEM file too.", valueName: "file"),
        completion: .file())
    var caFile: String?

    @Option(
        help: ArgumentHelp(
            "What goes to the log file: trace, debug, info, notice, warning.", valueName: "level"),
        completion: .list(Logger.Level.allCases.map(\.rawValue)),
        transform: GlobalOptions.logLevel)
    var logLevel: Logger.Level?

    @Flag(help: "Chat line by line: for screen readers and simple terminals.")
    var plain = false

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    /// The options that contribute to ``Settings``.
    var flags: SettingsFlags {
        var flags = SettingsFlags()
        flags.server = server
        flags.profile = profile
        flags.configurationFile = config
        flags.language = language
        flags.colour = color
        flags.plain = plain ? true : nil
        flags.authorityFile = caFile
        flags.logLevel = logLevel
        return flags
    }

    private static func colour(_ text: String) throws -> TerminalOptions.Colour {
        guard let choice = TerminalOptions.Colour(rawValue: text) else {
            throw ValidationError("'\(Sanitizer.line(text))' is none of auto, always, never")
        }
        return choice
    }

    private static func logLevel(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(Sanitizer.line(text))' is none of \(names)")
        }
        return level
    }
}
