import ArgumentParser
import ChatTUI
import ChatWire
import Logging

/// The options that every command takes, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp(HelpText.server.text, valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp(HelpText.profile.text, valueName: "name"))
    var profile: String?

    @Option(
        help: ArgumentHelp(HelpText.configurationFile.text, valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var config: String?

    @Option(
        help: ArgumentHelp(HelpText.language(Language.list).text, valueName: "language"),
        completion: .list(Language.settings))
    var language: String?

    @Option(
        help: ArgumentHelp(HelpText.colour.text, valueName: "when"),
        completion: .list(TerminalOptions.Colour.allCases.map(\.rawValue)),
        transform: GlobalOptions.colour)
    var color: TerminalOptions.Colour?

    @Option(
        help: ArgumentHelp(HelpText.authorityFile.text, valueName: "file"),
        completion: .file())
    var caFile: String?

    @Option(
        help: ArgumentHelp(HelpText.logLevel.text, valueName: "level"),
        completion: .list(Logger.Level.allCases.map(\.rawValue)),
        transform: GlobalOptions.logLevel)
    var logLevel: Logger.Level?

    @Flag(help: HelpText.plain.help)
    var plain = false

    @Flag(help: HelpText.json.help)
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
            throw ValidationError(
                CommandLanguage.words(for: .noneOf(Sanitizer.line(text), choices: "auto, always, never")))
        }
        return choice
    }

    private static func logLevel(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(CommandLanguage.words(for: .noneOf(Sanitizer.line(text), choices: names)))
        }
        return level
    }
}
