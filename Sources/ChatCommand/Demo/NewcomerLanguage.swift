import ChatClientCore
import ChatTUI

/// Detects the language of a text by small words and by letters that only one language has.
enum NewcomerLanguage {
    /// The language of the text; `otherwise` without a sign, or with as many signs of `otherwise`.
    static func detect(in text: String, otherwise: Language) -> Language {
        let words = words(of: text)
        func signs(of language: Language) -> Int {
            let partner = language.partner
            let letters = partner.lettersOfItsOwn.unicodeScalars
            let hasLetter = text.unicodeScalars.contains { letters.contains($0) }
            return words.count { partner.smallWords.contains($0) } + (hasLetter ? 2 : 0)
        }
        return otherwise.andOthers.reduce(into: otherwise) { best, language in
            if signs(of: language) > signs(of: best) { best = language }
        }
    }

    /// The words of a text, folded, without punctuation.
    static func words(of text: String) -> [String] {
        Folding.fold(text).split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
