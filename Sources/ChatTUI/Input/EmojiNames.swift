/// The names that `:name:` completes, in every language: those of the catalogues.
enum EmojiNames {
    /// An emoji with its names, the one that is shown first.
    struct Entry: Hashable, Sendable {
        let emoji: String
        let names: [String]

        /// `emoji name,name,…`
        init?(line: Substring) {
            let parts = line.split(separator: " ")
            guard parts.count == 2 else { return nil }
            emoji = String(parts[0])
            names = parts[1].split(separator: ",").map(String.init)
        }
    }

    struct Match: Hashable, Sendable {
        var emoji: String
        var name: String
    }

    /// Read when the first name is completed.
    private static let tables = Dictionary(
        uniqueKeysWithValues: Language.allCases.map { language in
            (language, language.catalogue().emojiNames.split(separator: "\n").compactMap(Entry.init(line:)))
        })

    static func entries(_ language: Language) -> [Entry] { tables[language] ?? [] }

    private static func entriesOfOthers(_ language: Language) -> [Entry] {
        language.andOthers.dropFirst().flatMap(entries)
    }

    /// Emoji of exactly this name, then those with a name that begins like it, then those that contain it; each
    /// time those of the person's language first.
    static func matches(_ begun: String, _ language: Language) -> [Match] {
        let wanted = String(Fuzzy.folded(begun))
        let (own, others) = (entries(language), entriesOfOthers(language))
        var found: [Match] = []
        var seen: Set<String> = []
        func collect(_ entries: [Entry], where isMatch: (String) -> Bool) {
            for entry in entries where !seen.contains(entry.emoji) {
                guard let name = entry.names.first(where: isMatch) else { continue }
                seen.insert(entry.emoji)
                found.append(Match(emoji: entry.emoji, name: name))
            }
        }
        collect(own) { $0 == wanted }
        collect(others) { $0 == wanted }
        collect(own) { $0.hasPrefix(wanted) }
        collect(others) { $0.hasPrefix(wanted) }
        collect(own) { $0.contains(wanted) }
        return found
    }

    /// The emoji of exactly this name; the person's language goes first where several have it.
    static func named(_ name: String, _ language: Language) -> String? {
        let wanted = String(Fuzzy.folded(name))
        return (entries(language) + entriesOfOthers(language)).first { $0.names.contains(wanted) }?.emoji
    }
}
