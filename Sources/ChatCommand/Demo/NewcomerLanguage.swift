import ChatClientCore
import ChatTUI

/// Which of the two languages somebody writes in, told by small words.
enum NewcomerLanguage {
    /// The language of the text; `otherwise` when it gives no sign, or signs of both in equal number.
    static func detect(in text: String, otherwise: Language) -> Language {
        var balance = 0
        for word in words(of: text) {
            if portuguese.contains(word) { balance += 1 }
            if english.contains(word) { balance -= 1 }
        }
        if text.unicodeScalars.contains(where: { "ãõçÃÕÇ".unicodeScalars.contains($0) }) { balance += 2 }
        if balance == 0 { return otherwise }
        return balance > 0 ? .brazilianPortuguese : .english
    }

    /// The words of a text, folded, without punctuation.
    static func words(of text: String) -> [String] {
        Folding.fold(text).split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static let portuguese: Set<String> = [
        "oi", "ola", "opa", "eai", "tudo", "bem", "voce", "voces", "vc", "nao", "sim", "obrigado", "obrigada",
        "valeu", "que", "como", "esta", "estou", "ta", "to", "e", "um", "uma", "meu", "minha", "seu", "sua",
        "por", "para", "pra", "com", "sem", "bom", "boa", "dia", "tarde", "noite", "quem", "onde", "quando",
        "legal", "tchau", "aqui", "isso", "isto", "teste", "testando", "mensagem", "falou", "abraco", "beijo",
        "kkk", "kkkk", "rsrs", "ate", "mais", "amanha", "hoje", "agora", "vou", "vai", "foi", "ser", "eu",
        "ela", "ele", "mas", "muito", "cafe", "os", "da", "de", "beleza",
    ]

    private static let english: Set<String> = [
        "hi", "hello", "hey", "the", "you", "your", "are", "is", "am", "im", "i", "it", "its", "what", "how",
        "who", "why", "where", "when", "thanks", "thank", "bye", "please", "good", "morning", "afternoon",
        "evening", "night", "this", "that", "test", "testing", "not", "yes", "my", "and", "of", "can",
        "could",
        "would", "will", "cool", "nice", "great", "lol", "well", "with", "without", "for", "from", "here",
        "there", "message", "see", "later", "tomorrow", "today", "now", "coffee", "we", "they", "be", "was",
    ]
}
