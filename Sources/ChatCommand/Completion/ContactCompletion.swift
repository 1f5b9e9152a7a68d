import ChatClientCore
import ChatTUI

/// Offers the people of the cache to a shell that completes WHO.
enum ContactCompletion {
    /// What fits the command line so far. Nothing is asked of the server, and whatever is wrong with the
    /// settings or the cache only means that nothing is offered: a shell has no place for messages.
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

    /// Addresses and names, in the list's order.
    static func candidates(_ people: [Conversation]) -> [String] {
        people.flatMap { person in [person.email, person.name].compactMap { $0 } }.filter(isHarmless)
    }

    /// Shells expand some of what completion offers them: only words in which nothing means anything to any of
    /// them are offered. Others chose these names.
    static func isHarmless(_ word: String) -> Bool {
        !word.isEmpty && !word.hasPrefix("-")
            && word.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "@._+- ".unicodeScalars.contains(scalar)
            }
    }

    /// The options that say whose cache it is.
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
