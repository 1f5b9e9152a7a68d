/// What is said in the scene of `mychat demo`, whatever the newcomer does.
package enum PartnerLine: Hashable, Sendable, CaseIterable {
    case welcome
    case marks
    case leaving
    case back
    /// The friend's message.
    case friend
}

/// What a text of the newcomer is about, the most telling sign first.
package enum PartnerTopic: CaseIterable, Hashable, Sendable {
    case link
    case emoji
    case identity
    case wellbeing
    case thanks
    case farewell
    case help
    case test
    case coffee
    case greeting
    case laughter
    case question
    case long
    case other
}

/// What the partner in `mychat demo` says in one language, and how texts in that language are understood.
package protocol PartnerCatalogue: Sendable {
    func text(_ line: PartnerLine, newcomer: String) -> String
    /// Possible answers, given one after the other when the topic comes again.
    func replies(_ topic: PartnerTopic, newcomer: String) -> [String]
    /// Words in a text that tell its topic: without accents, in lower case.
    func signs(_ topic: PartnerTopic) -> [String]
    /// A word of at least three letters, all of these and no others, laughs.
    var laughingLetters: [String] { get }
    var laughingWords: [String] { get }
    /// Letters that identify the language.
    var lettersOfItsOwn: String { get }
    /// Frequent words that identify the language, without accents, in lower case.
    var smallWords: Set<String> { get }
}
