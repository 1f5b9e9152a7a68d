import ChatWire

/// Finds the person that a typed word means.
///
/// An id is `7` or `#7`. An email must match whole, without case. A name matches whole first, then by one of its
/// words, then by its beginning, as `NameKey` compares. Contacts come first, by any of these rules: a stranger's name
/// cannot take a word away from a friend. Strangers match only by their address and their whole name, and only when
/// no contact matches. Among contacts that match equally well, a name that the account gave beats a name that the
/// person chose. A remaining ambiguity is a question: a guess would send the text to the wrong person.
package enum RecipientResolver {
    /// The person that the word means.
    package enum Answer: Hashable, Sendable {
        case found(Recipient)
        /// Several people match, in the order of the list.
        case ambiguous([Recipient])
        /// Nobody matches; the suggestions are similar names, nearest first.
        case unknown(suggestions: [String])
    }

    /// How much of a contact's name is required.
    package enum Care: Hashable, Sendable {
        /// The first two letters: for commands that only show something.
        case revocable
        /// A whole word, or three letters: for commands that cannot be undone.
        case final
        /// The whole name: for adding a contact.
        case whole

        /// The fewest letters of a beginning; nil when no beginning suffices.
        fileprivate var lettersMin: Int? {
            switch self {
            case .revocable: 2
            case .final: 3
            case .whole: nil
            }
        }
    }

    /// How well a name matches, the best first.
    package enum Match: Int, Comparable, Sendable {
        case whole, word, beginning

        package static func < (one: Match, other: Match) -> Bool { one.rawValue < other.rawValue }
    }

    /// How many names are suggested.
    static let suggestionsMax = 3

    /// Looks for `who` among the known people. A number that no one has is still an answer: the server knows more
    /// people than the cache, and messaging needs no contact.
    package static func resolve(_ who: String, among people: [Recipient], care: Care) -> Answer {
        let word = strippedLikePython(who)
        guard !word.isEmpty else { return .unknown(suggestions: []) }
        let contacts = people.filter(\.isContact)
        if let id = userID(word) { return number(word, id, contacts, people) }
        if word.contains("@") {
            let isFound = { (person: Recipient) in person.email?.lowercased() == word.lowercased() }
            if let answer = answer(contacts.filter(isFound)) { return answer }
            if let answer = answer(best(named: word, among: contacts, care: .whole)) { return answer }
            if let answer = answer(people.filter(isFound)) { return answer }
        } else {
            if let answer = answer(best(named: word, among: contacts, care: care)) { return answer }
            if let answer = strangers(word, contacts, people) { return answer }
        }
        return .unknown(suggestions: suggestions(for: word, among: people))
    }

    /// How well a name matches a word; nil when it does not.
    package static func match(_ word: NameKey, _ name: NameKey, care: Care) -> Match? {
        guard !word.whole.isEmpty else { return nil }
        if name.whole == word.whole { return .whole }
        // One letter could be anybody.
        guard let lettersMin = care.lettersMin, word.letterCount > 1 else { return nil }
        if name.words.contains(word.whole) { return .word }
        guard word.letterCount >= lettersMin else { return nil }
        let begins = name.whole.hasPrefix(word.whole) || name.words.contains { $0.hasPrefix(word.whole) }
        return begins ? .beginning : nil
    }

    /// The user id that the word spells, if any.
    package static func userID(_ word: String) -> UserID? {
        let digits = word.hasPrefix("#") ? word.dropFirst() : word[...]
        guard !digits.isEmpty,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(digits), number > 0
        else { return nil }
        return UserID(number)
    }

    // MARK: Rules

    private static func answer(_ found: [Recipient]) -> Answer? {
        found.isEmpty ? nil : found.count == 1 ? .found(found[0]) : .ambiguous(found)
    }

    /// The people with the best match; among equals, those that the account named. A given name that matches less
    /// well still causes a question.
    private static func best(named word: String, among people: [Recipient], care: Care) -> [Recipient] {
        let key = NameKey(word)
        let matches = people.map { match(key, NameKey($0.name), care: care) }
        guard let best = matches.compactMap(\.self).min() else { return [] }
        let found = zip(people, matches).filter { $0.1 == best }.map(\.0)
        let given = zip(people, matches).filter { $0.0.isNameGiven && $0.1 != nil }
        guard let bestGiven = given.compactMap(\.1).min() else { return found }
        let named = given.filter { $0.1 == bestGiven }.map(\.0)
        return bestGiven == best ? named : found + named
    }

    /// A bare number may also be a contact's name.
    private static func number(
        _ word: String, _ id: UserID, _ contacts: [Recipient], _ people: [Recipient]
    ) -> Answer {
        let person = people.first { $0.id == id } ?? Recipient(id: id, name: "#\(id)", email: nil)
        guard !word.hasPrefix("#") else { return .found(person) }
        let named = best(named: word, among: contacts, care: .whole).filter { $0.id != id }
        guard person.isContact else { return answer(named) ?? .found(person) }
        return answer([person] + named.filter(\.isNameGiven)) ?? .found(person)
    }

    /// Strangers, by their whole name, unless it only looks like somebody else's.
    private static func strangers(
        _ word: String, _ contacts: [Recipient], _ people: [Recipient]
    ) -> Answer? {
        let key = NameKey(word)
        guard key.letterCount > 1 else { return nil }
        let named = people.filter { !$0.isContact && NameKey($0.name).whole == key.whole }
        guard !named.isEmpty else { return nil }
        let appearance = key.appearance
        let alike = people.filter { person in
            let name = NameKey(person.name)
            return name.appearance == appearance
                || person.isContact && name.words.contains { Lookalike.appearance(of: $0) == appearance }
        }
        return answer(alike)
    }

    // MARK: Suggestions

    private static func suggestions(for word: String, among people: [Recipient]) -> [String] {
        // Only the part of an address before the @ distinguishes the people of one server.
        let isEmail = word.contains("@")
        let wanted = isEmail ? localPart(word) : word
        var near: [String] = []
        for person in people.filter(\.isContact) + people.filter({ !$0.isContact }) {
            let known =
                isEmail
                ? person.email.map { [localPart($0)] } ?? []
                : [person.name] + NameKey(person.name).words.sorted()
            guard !Spelling.nearest(to: wanted, among: known, limit: 1).isEmpty else { continue }
            near.append(isEmail ? person.email ?? person.name : person.name)
        }
        return Array(near.prefix(suggestionsMax))
    }

    private static func localPart(_ email: String) -> String {
        String(email.prefix { $0 != "@" })
    }
}
