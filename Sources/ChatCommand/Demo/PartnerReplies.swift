import ChatTUI

/// Finds something fitting to answer: by what the text is about, and never twice the same in a row.
struct PartnerReplies: Sendable {
    /// The first name of the one who is answered.
    let newcomer: String
    private var turns: [Topic: Int] = [:]

    init(newcomer: String) {
        self.newcomer = newcomer.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? newcomer
    }

    /// What a text is about, the most telling sign first.
    enum Topic: CaseIterable, Hashable, Sendable {
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

    /// The answer; the next one on the same topic will be another.
    mutating func reply(to text: String, in language: Language) -> String {
        let topic = Self.topic(of: text)
        let choices = Self.choices(for: topic, newcomer: newcomer, in: language)
        let turn = turns[topic, default: 0]
        turns[topic] = (turn + 1) % choices.count
        return choices[turn % choices.count]
    }

    /// Texts longer than this are long, in characters.
    private static let longMin = 240

    static func topic(of text: String) -> Topic {
        let words = NewcomerLanguage.words(of: text)
        if text.contains("https://") || text.contains("http://") { return .link }
        if words.isEmpty { return text.contains("?") ? .question : .emoji }
        let sentence = " " + words.joined(separator: " ") + " "
        for (topic, signs) in signs where signs.contains(where: { sentence.contains(" \($0) ") }) {
            return topic
        }
        if isLaughter(words) { return .laughter }
        if text.contains("?") { return .question }
        return text.count >= longMin ? .long : .other
    }

    private static func isLaughter(_ words: [String]) -> Bool {
        words.contains { word in
            let letters = Set(word)
            return word.count >= 3 && (letters == ["k"] || letters == ["h", "a"] || letters == ["r", "s"])
                || word == "lol"
        }
    }

    private static let signs: [(Topic, [String])] = [
        (
            .identity,
            [
                "quem e voce", "voce e um robo", "voce e real", "robo", "bot", "who are you", "are you real",
                "are you human", "are you a bot",
            ]
        ),
        (
            .wellbeing,
            [
                "tudo bem", "tudo bom", "como vai", "como voce esta", "beleza", "how are you",
                "how is it going",
            ]
        ),
        (.thanks, ["obrigado", "obrigada", "valeu", "brigado", "brigada", "thanks", "thank you", "thx"]),
        (.farewell, ["tchau", "ate mais", "ate logo", "ate amanha", "falou", "bye", "goodbye", "see you"]),
        (
            .help,
            ["ajuda", "help", "como uso", "como funciona", "how do i", "how does it work", "teclas", "keys"]
        ),
        (.test, ["teste", "testando", "test", "testing", "123"]),
        (.coffee, ["cafe", "coffee"]),
        (
            .greeting,
            [
                "oi", "ola", "opa", "eai", "bom dia", "boa tarde", "boa noite", "hi", "hello", "hey",
                "good morning",
            ]
        ),
    ]

    private static func choices(for topic: Topic, newcomer: String, in language: Language) -> [String] {
        switch language {
        case .brazilianPortuguese: portuguese(topic, newcomer)
        case .english: english(topic, newcomer)
        }
    }

    private static func portuguese(_ topic: Topic, _ newcomer: String) -> [String] {
        switch topic {
        case .link: ["Abri o link aqui, obrigada! Vou ler com calma.", "Boa, guardei esse link também."]
        case .emoji: ["😄", "❤️", "🙌"]
        case .identity:
            [
                "Sou a Bia desta demonstração: um segundo cliente MyChat de verdade, falando com o mesmo servidor.",
                "Eu moro dentro da demonstração 🙂 Mas as mensagens vão e voltam pelo servidor de verdade.",
            ]
        case .wellbeing: ["Tudo ótimo por aqui! E com você?", "Tudo bem, só com um pouco de sono 😴"]
        case .thanks: ["De nada! 😊", "Imagina, \(newcomer)!"]
        case .farewell: ["Até mais, \(newcomer)! 👋", "Tchau! Foi bom conversar."]
        case .help:
            ["F1 mostra as teclas. Se fechar no meio de uma frase, ela fica guardada como rascunho."]
        case .test: ["Teste recebido ✓", "Chegou direitinho, pode testar à vontade."]
        case .coffee: ["Café eu sempre aceito ☕", "Acabei de passar um. Quer?"]
        case .greeting: ["Oi, \(newcomer)! 👋", "Olá de novo!"]
        case .laughter: ["😂😂", "kkkk essa foi boa"]
        case .question: ["Boa pergunta… deixa eu pensar.", "Acho que sim! E você, o que acha?", "Depende 🤔"]
        case .long: ["Li tudo! Concordo com quase tudo, depois te respondo com calma."]
        case .other: ["Entendi!", "Legal 🙂 me conta mais.", "Combinado 👍", "Sério? Que interessante!"]
        }
    }

    private static func english(_ topic: Topic, _ newcomer: String) -> [String] {
        switch topic {
        case .link:
            ["Opened the link, thanks! I will read it properly later.", "Nice, I saved that one too."]
        case .emoji: ["😄", "❤️", "🙌"]
        case .identity:
            [
                "I am the Bia of this demonstration: a second real MyChat client, talking to the same server.",
                "I live inside the demonstration 🙂 But the messages travel through the real server.",
            ]
        case .wellbeing: ["Doing great here! And you?", "Fine, just a little sleepy 😴"]
        case .thanks: ["You're welcome! 😊", "Any time, \(newcomer)!"]
        case .farewell: ["See you, \(newcomer)! 👋", "Bye! It was nice talking."]
        case .help: ["F1 shows the keys. If you leave in the middle of a sentence, it is kept as a draft."]
        case .test: ["Test received ✓", "It arrived just fine, test as much as you like."]
        case .coffee: ["I never say no to coffee ☕", "Just made some. Want a cup?"]
        case .greeting: ["Hi \(newcomer)! 👋", "Hello again!"]
        case .laughter: ["😂😂", "haha, good one"]
        case .question: ["Good question… let me think.", "I think so! What about you?", "It depends 🤔"]
        case .long: ["I read all of it! I agree with most, I will answer properly later."]
        case .other: ["Got it!", "Cool 🙂 tell me more.", "Deal 👍", "Really? How interesting!"]
        }
    }
}
