import ArgumentParser
import ChatTUI

/// The language of help and of what is wrong with a command line. Commands describe themselves in static
/// properties, before anything is parsed: so it belongs to the task that parses.
enum CommandLanguage {
    @TaskLocal static var current = Language.english

    static var strings: any CommandCatalogue { current.commands }

    static func words(for mistake: ParserMistake) -> String { strings.words(for: mistake) }

    /// The language of the words of a command line, or of the environment.
    static func named(by arguments: [String], _ environment: [String: String]) -> Language {
        named(by: arguments) ?? environment["MYCHAT_LANGUAGE"].flatMap(Language.init(setting:))
            ?? Language(environment: environment)
    }

    private static func named(by arguments: [String]) -> Language? {
        let flag = "--language"
        for (index, word) in arguments.enumerated() {
            if word.hasPrefix(flag + "=") { return Language(setting: String(word.dropFirst(flag.count + 1))) }
            guard word == flag, index + 1 < arguments.count else { continue }
            return Language(setting: arguments[index + 1])
        }
        return nil
    }
}

extension HelpText {
    var text: String { CommandLanguage.strings.help(self) }
    var help: ArgumentHelp { ArgumentHelp(stringLiteral: text) }

    /// The help of an argument or an option, with the name that stands for its value: `<who>`.
    func help(_ value: ValueName) -> ArgumentHelp {
        ArgumentHelp(stringLiteral: text).named(CommandLanguage.strings.word(for: value))
    }
}

extension ArgumentHelp {
    fileprivate func named(_ name: String) -> ArgumentHelp {
        var help = self
        help.valueName = name
        return help
    }
}
