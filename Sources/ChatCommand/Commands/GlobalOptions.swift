import ArgumentParser
import ChatTUI
import ChatWire
import Logging

/// The options that every command takes, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(help: HelpText.server.help(.url))
    var server: String?

    @Option(help: HelpText.profile.help(.name))
    var profile: String?

    @Option(
        help: HelpText.configurationFile.help(.file),
        completion: .file(extensions: ["toml"]))
    var config: String?

    @Option(
        help: HelpText.language(Language.list).help(.language),
        completion: .list(Language.settings))
    var language: String?

    @Option(
        help: HelpText.colour.help(.when),
        completion: .list(TerminalOptions.Colour.allCases.map(\.rawValue)),
        transform: GlobalOptions.colour)
    var color: TerminalOptions.Colour?

    @Option(
        help: HelpText.authorityFile.help(.file),
        completion: .file())
    var caFile: String?

    @Option(
        help: HelpText.logLevel.help(.level),
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
