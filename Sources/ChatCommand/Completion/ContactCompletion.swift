import ChatClientCore
import ChatTUI
import ChatWire

/// Offers the people in the cache to a shell that completes WHO.
enum ContactCompletion {
    /// The matches for the command line so far. The server is not asked. Any problem with the settings or the cache
    /// gives no matches: a shell has no place for messages.
    static func candidates(_ words: [String]) async -> [String] {
        let environment = ProcessEnvironment.variables()
        guard let settings = try? Settings.resolve(flags: flags(in: words), environment: environment) else {
            return []
        }
        let context = CommandContext(
            settings: settings, environment: environment, input: StandardInput(), output: StandardStreams(),
            isJSON: false)
        guard let client = try? context.makeClient(), let people = try? await client.conversations() else {
            return []
        }
        return candidates(people)
    }

    /// Addresses and names, in the order of the list.
    static func candidates(_ people: [Conversation]) -> [String] {
        people.flatMap { person in [person.email, person.name].compactMap { $0 } }.filter(isHarmless)
    }

    /// Shells expand parts of the completions. Only words without any special character of any shell are offered,
    /// because other people chose these names. Beyond ASCII only spaces are special.
    static func isHarmless(_ word: String) -> Bool {
        VisibleText.hasSign(word) && !word.hasPrefix("-") && word.allSatisfy(isHarmless)
    }

    private static func isHarmless(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        if let ascii = character.asciiValue {
            return character.isLetter || character.isNumber || "@._+- ".utf8.contains(ascii)
        }
        // Joiners and variation selectors of emoji are invisible by themselves.
        let isPicture = scalars.contains { $0.properties.isEmoji && !$0.isASCII }
        return scalars.allSatisfy { scalar in
            guard !scalar.isASCII else { return scalar.properties.isAlphabetic }
            if isPicture, scalar.value == 0x200D || scalar.value == 0xFE0F { return true }
            return VisibleText.isText(scalar) && scalar.properties.generalCategory != .spaceSeparator
        }
    }

    /// The options that select the cache.
    static func flags(in words: [String]) -> SettingsFlags {
        var flags = SettingsFlags()
        flags.server = value(of: "--server", in: words)
        flags.profile = value(of: "--profile", in: words)
        flags.configurationFile = value(of: "--config", in: words)
        return flags
    }

    private static func value(of option: String, in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if word == option, index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
        }
        return nil
    }
}
