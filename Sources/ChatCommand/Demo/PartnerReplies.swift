import ChatTUI

/// Chooses a fitting answer by the topic of a text, and never the same one twice in a row.
struct PartnerReplies: Sendable {
    /// The first name of the newcomer.
    let newcomer: String
    private var turns: [PartnerTopic: Int] = [:]

    init(newcomer: String) {
        self.newcomer = newcomer.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? newcomer
    }

    /// The answer; the next one on the same topic will differ.
    mutating func reply(to text: String, in language: Language) -> String {
        let topic = Self.topic(of: text)
        let choices = language.partner.replies(topic, newcomer: newcomer)
        let turn = turns[topic, default: 0]
        turns[topic] = (turn + 1) % choices.count
        return choices[turn % choices.count]
    }

    /// Texts longer than this are long, in characters.
    private static let longMin = 240

    static func topic(of text: String) -> PartnerTopic {
        let words = NewcomerLanguage.words(of: text)
        if text.contains("https://") || text.contains("http://") { return .link }
        if words.isEmpty { return text.contains("?") ? .question : .emoji }
        let sentence = " " + words.joined(separator: " ") + " "
        let partners = Language.allCases.map(\.partner)
        let told = PartnerTopic.allCases.first { topic in
            partners.contains { $0.signs(topic).contains { sentence.contains(" \($0) ") } }
        }
        if let told { return told }
        if isLaughter(words) { return .laughter }
        if text.contains("?") { return .question }
        return text.count >= longMin ? .long : .other
    }

    private static func isLaughter(_ words: [String]) -> Bool {
        let partners = Language.allCases.map(\.partner)
        let letters = Set(partners.flatMap(\.laughingLetters).map { Set($0) })
        let whole = partners.flatMap(\.laughingWords)
        return words.contains { $0.count >= 3 && letters.contains(Set($0)) || whole.contains($0) }
    }
}
