import ChatTUI

/// What is said in the scene, whatever the newcomer does.
enum PartnerLine: Hashable, Sendable, CaseIterable {
    case welcome
    case marks
    case leaving
    case back
    /// The friend's message, in the friend's own language: it shows that languages mix.
    case friend

    func text(newcomer: String, in language: Language) -> String {
        switch language {
        case .brazilianPortuguese: portuguese(newcomer)
        case .english: english(newcomer)
        }
    }

    private func portuguese(_ newcomer: String) -> String {
        switch self {
        case .welcome: "Oi, \(newcomer)! Que bom que você chegou 😊"
        case .marks:
            "Escreve alguma coisa aqui embaixo: ◷ é na fila, ✓ chegou ao servidor, ✓✓ chegou aqui "
                + "e •✓✓ é quando eu li."
        case .leaving: "Já volto, vou passar um café ☕"
        case .back: "Voltei! O café ficou forte 😅"
        case .friend: "\(newcomer), viu o relatório que eu mandei? Preciso da sua opinião até amanhã 🙏"
        }
    }

    private func english(_ newcomer: String) -> String {
        switch self {
        case .welcome: "Hi \(newcomer)! Glad you made it 😊"
        case .marks:
            "Write something down here: ◷ is queued, ✓ has reached the server, ✓✓ has reached me "
                + "and •✓✓ means that I have read it."
        case .leaving: "Back in a minute, making coffee ☕"
        case .back: "I'm back! The coffee came out strong 😅"
        case .friend: "\(newcomer), did you see the report I sent? I need your opinion by tomorrow 🙏"
        }
    }
}
