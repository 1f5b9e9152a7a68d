import ChatClientCore
import ChatTUI
import ChatWire

/// Somebody a message can go to, as far as commands need to know them.
public struct Recipient: Hashable, Sendable {
    public var id: UserID
    /// As the account named them; to be sanitised before it reaches a terminal.
    public var name: String
    public var email: String?

    public init(id: UserID, name: String, email: String?) {
        self.id = id
        self.name = name
        self.email = email
    }

    public init(_ conversation: Conversation) {
        self.init(id: conversation.peer, name: conversation.name, email: conversation.email)
    }

    public init(_ person: Person) {
        self.init(id: person.id, name: person.name, email: person.email)
    }
}

/// Finds whom the word WHO on a command line means.
///
/// An id is `7` or `#7`; an email is matched whole, without case; a name is matched whole first, then
/// by one of its words, then by its beginning, always without case and accents. Only one person may be
/// meant: a guess between two would send somebody's words to the wrong one.
public enum RecipientResolver {
    /// Whom the word means.
    public enum Answer: Hashable, Sendable {
        case found(Recipient)
        /// Several people answer to it, in the order of the list.
        case ambiguous([Recipient])
        /// Nobody does; the names that come near, nearest first.
        case unknown(suggestions: [String])
    }

    /// How many names are suggested.
    static let suggestionsMax = 3

    /// Looks for `who` among the people known. A number that no one has is still an answer: the
    /// server knows more people than the cache, and messaging needs no contact.
    public static func resolve(_ who: String, among people: [Recipient]) -> Answer {
        let word = strippedLikePython(who)
        guard !word.isEmpty else { return .unknown(suggestions: []) }
        if let id = userID(word) {
            return .found(people.first { $0.id == id } ?? Recipient(id: id, name: "#\(id)", email: nil))
        }
        return match(word, by: rules(for: word), among: people)
            ?? .unknown(suggestions: suggestions(for: word, among: people))
    }

    /// Looks for `who` among strangers: only a whole email address or a whole name will do.
    static func resolveExactly(_ who: String, among people: [Recipient]) -> Answer {
        let word = strippedLikePython(who)
        return match(word, by: Array(rules(for: word).prefix(1)), among: people) ?? .unknown(suggestions: [])
    }

    private static func match(
        _ word: String, by rules: [(Recipient) -> Bool], among people: [Recipient]
    ) -> Answer? {
        for matches in rules {
            let found = people.filter(matches)
            if found.count == 1 { return .found(found[0]) }
            if found.count > 1 { return .ambiguous(found) }
        }
        return nil
    }

    /// The user id that the word spells, if it does.
    static func userID(_ word: String) -> UserID? {
        let digits = word.hasPrefix("#") ? word.dropFirst() : word[...]
        guard !digits.isEmpty,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(digits), number > 0
        else { return nil }
        return UserID(number)
    }

    /// The ways to match, the strictest first; the first that finds anybody decides.
    private static func rules(for word: String) -> [(Recipient) -> Bool] {
        let folded = Folding.fold(word)
        let email = word.lowercased()
        if word.contains("@") { return [{ $0.email?.lowercased() == email }] }
        return [
            { Folding.fold($0.name) == folded },
            { words(of: $0.name).contains(folded) },
            {
                Folding.fold($0.name).hasPrefix(folded)
                    || words(of: $0.name).contains { $0.hasPrefix(folded) }
            },
        ]
    }

    private static func words(of name: String) -> [String] {
        Folding.fold(name).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func suggestions(for word: String, among people: [Recipient]) -> [String] {
        // Of an address the part before the @ tells the people of one server apart.
        let isEmail = word.contains("@")
        let wanted = isEmail ? localPart(word) : word
        var near: [String] = []
        for person in people {
            let known =
                isEmail ? person.email.map { [localPart($0)] } ?? [] : [person.name] + words(of: person.name)
            guard !Spelling.nearest(to: wanted, among: known, limit: 1).isEmpty else { continue }
            near.append(isEmail ? person.email ?? person.name : person.name)
        }
        return Array(near.prefix(suggestionsMax))
    }

    private static func localPart(_ email: String) -> String {
        String(email.prefix { $0 != "@" })
    }
}
