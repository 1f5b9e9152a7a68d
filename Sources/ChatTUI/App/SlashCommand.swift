import ChatClientCore

/// A command that is written in the composer after a slash.
enum SlashCommand: Hashable, Sendable, CaseIterable {
    case help, keys
    // Going somewhere
    case goTo, next, search, date, unread, end
    // People
    case find, rename, remove, deleteConversation
    // Messages
    case edit, copy, delete, outbox, retry, discard, gap
    // The list
    case list, pin, mute
    // The program
    case profile, reconnect, signOut, quit

    /// Its names, the one that help shows first; every language's names work in every language.
    func names(_ language: Language) -> [String] {
        let (english, portuguese): ([String], [String]) =
            switch self {
            case .help: (["help"], ["ajuda"])
            case .keys: (["keys"], ["teclas"])
            case .goTo: (["goto"], ["ir"])
            case .next: (["next"], ["proxima", "próxima"])
            case .search: (["search"], ["buscar"])
            case .date: (["date"], ["data"])
            case .unread: (["unread"], ["novas"])
            case .end: (["end"], ["fim"])
            case .find: (["add", "find"], ["adicionar", "procurar"])
            case .rename: (["rename"], ["renomear"])
            case .remove: (["remove"], ["remover"])
            case .deleteConversation: (["delete-conversation"], ["apagar-conversa"])
            case .edit: (["edit"], ["editar"])
            case .copy: (["copy"], ["copiar"])
            case .delete: (["delete"], ["apagar"])
            case .outbox: (["outbox"], ["saida", "saída"])
            case .retry: (["retry"], ["reenviar"])
            case .discard: (["discard"], ["descartar"])
            case .list: (["list"], ["lista"])
            case .pin: (["pin"], ["fixar"])
            case .mute: (["mute"], ["silenciar"])
            case .gap: (["gap"], ["lacuna"])
            case .profile: (["profile"], ["perfil"])
            case .reconnect: (["reconnect"], ["reconectar"])
            case .signOut: (["signout"], ["sair-da-conta"])
            case .quit: (["quit", "exit"], ["sair"])
            }
        return language == .english ? english + portuguese : portuguese + english
    }

    init?(name: String) {
        let wanted = name.lowercased()
        guard let command = Self.allCases.first(where: { $0.names(.english).contains(wanted) }) else {
            return nil
        }
        self = command
    }

    /// The name that was probably meant.
    static func suggestion(for name: String, _ language: Language) -> String? {
        Spelling.nearest(to: name, among: allCases.flatMap { $0.names(language) }, limit: 1).first
    }
}
