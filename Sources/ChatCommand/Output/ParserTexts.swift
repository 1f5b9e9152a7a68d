import ArgumentParser
import ChatClientCore
import ChatTUI

/// What the argument parser says in English, in the language of the command line.
enum ParserTexts {
    /// A page of help: the parser has headings and two sentences of its own in it.
    static func help(_ page: String, _ strings: any CommandCatalogue) -> String {
        guard strings.language != .english else { return page }
        return page.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line(String($0), strings.parserWords) }.joined(separator: "\n")
            .replacing("<subcommand>", with: "<\(strings.word(for: .subcommand))>")
    }

    private static func line(_ line: String, _ words: ParserWords) -> String {
        let headings = [
            ("OVERVIEW", words.overview), ("USAGE", words.usage), ("ARGUMENTS", words.arguments),
            ("OPTIONS", words.options), ("SUBCOMMANDS", words.subcommands),
        ]
        for (heading, word) in headings where line.hasPrefix(heading + ":") {
            return word + line.dropFirst(heading.count)
        }
        if let command = between(line, "  See '", "' for detailed help.") {
            return "  " + words.seeHelp.replacing("%", with: command)
        }
        return line.replacing("Show help information.", with: words.showHelp)
            .replacing("Show the version.", with: words.showVersion)
            .replacing("(default:", with: "(\(words.defaultValue):")
            .replacing("(values:", with: "(\(words.values):")
    }

    /// A sentence about a mistake.
    static func sentence(_ message: String, _ strings: any CommandCatalogue) -> String {
        guard strings.language != .english else { return message }
        let (mistake, rest) = mistake(message)
        let words = strings.words(for: mistake)
        guard let meant = between(rest, ". Did you mean '", "'?") else { return words + rest }
        return words + ". " + strings.didYouMean([CleanLine(meant)])
    }

    /// What is wrong, and what else the sentence says.
    static func mistake(_ message: String) -> (ParserMistake, rest: String) {
        let several = " unexpected arguments: "
        if let number = message.firstRange(of: several), Int(message[..<number.lowerBound]) != nil {
            return (.unexpectedArguments(String(message[number.upperBound...])), "")
        }
        let parts = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3 else { return (.other(message), "") }
        let rest = parts.dropFirst(2).joined(separator: "'")
        switch parts[0] {
        case "Unknown option ": return (.unknownOption(parts[1]), rest)
        case "Missing expected argument ": return (.missingArgument(parts[1]), rest)
        case "Missing value for ": return (.missingValue(parts[1]), rest)
        case "Unexpected argument ": return (.unexpectedArgument(parts[1]), rest)
        case "The value " where parts.count >= 5 && parts[2] == " is invalid for ":
            return (
                .invalidValue(parts[1], option: parts[3]), parts.dropFirst(4).joined(separator: "'")
            )
        default: return (.other(message), "")
        }
    }

    private static func between(_ text: String, _ start: String, _ end: String) -> String? {
        guard text.hasPrefix(start), text.hasSuffix(end), text.count >= start.count + end.count else {
            return nil
        }
        return String(text.dropFirst(start.count).dropLast(end.count))
    }
}

/// What to say to somebody whose command line was not understood.
enum UsageAdvice {
    /// The command that comes nearest to a misspelt one, or where help is.
    static func text(for arguments: [String], _ strings: any CommandCatalogue) -> String {
        let names = MyChat.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        let parser = strings.parserWords
        let words = arguments.filter { !$0.hasPrefix("-") }
        if let command = words.first(where: { names.contains($0) }) {
            return "\(parser.see): mychat \(command) --help"
        }
        if let word = words.first, let near = Spelling.nearest(to: word, among: names, limit: 1).first {
            return parser.nearest.replacing("%", with: "mychat \(near)")
        }
        return "\(parser.see): mychat --help"
    }
}
