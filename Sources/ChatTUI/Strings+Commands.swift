/// What is said about commands.
extension Strings {
    func describe(_ command: SlashCommand) -> String {
        switch command {
        case .help: pick("keys and commands", "teclas e comandos")
        case .keys: pick("what a key is called and does", "como se chama e o que faz uma tecla")
        case .goTo: pick("go to a conversation", "ir para uma conversa")
        case .next: pick("next unread conversation", "próxima conversa não lida")
        case .search: pick("search the messages", "buscar nas mensagens")
        case .date: pick("go to a day", "ir para um dia")
        case .unread: pick("go to the unread line", "ir para as mensagens novas")
        case .end: pick("go to the newest message", "ir para a mensagem mais recente")
        case .find: pick("find people and add them", "procurar pessoas e adicionar")
        case .rename: pick("give this person another name", "dar outro nome a esta pessoa")
        case .remove: pick("take this person off the list", "tirar esta pessoa da lista")
        case .deleteConversation:
            pick("delete this conversation for both", "apagar esta conversa para os dois")
        case .edit: pick("write in your own editor", "escrever no seu editor")
        case .copy: pick("copy the newest message", "copiar a mensagem mais recente")
        case .delete: pick("delete your newest message", "apagar a sua mensagem mais recente")
        case .outbox: pick("what was not sent yet", "o que ainda não foi enviado")
        case .retry: pick("send again what was not sent here", "reenviar o que não foi enviado aqui")
        case .discard: pick("drop what was not sent here", "descartar o que não foi enviado aqui")
        case .gap: pick("fetch what may be missing", "buscar o que pode faltar")
        case .list: pick("hide or show the list, or its width", "esconder ou mostrar a lista; largura")
        case .pin: pick("keep on top of the list, or not", "fixar no topo da lista, ou desafixar")
        case .mute: pick("silence, or have alerts again", "silenciar, ou voltar a avisar")
        case .profile: pick("change to another profile", "mudar para outro perfil")
        case .reconnect: pick("connect now", "conectar agora")
        case .signOut: pick("sign out; the cache stays", "sair da conta; o cache fica")
        case .quit: pick("quit; what is queued stays queued", "sair; o que está na fila fica na fila")
        }
    }

    /// What may follow a command; nil for nothing.
    func argument(of command: SlashCommand) -> String? {
        switch command {
        case .goTo: pick("name", "nome")
        case .search: pick("words", "palavras")
        case .date: pick("yesterday, 1 Oct, …", "ontem, 1 out, …")
        case .find: pick("name or email", "nome ou e-mail")
        case .rename: pick("new name", "novo nome")
        case .list: pick("width", "largura")
        case .profile: pick("name", "nome")
        default: nil
        }
    }

    func unknownCommand(_ name: String, suggestion: String?) -> String {
        let hint = pick("// begins a text with a slash.", "// começa um texto com barra.")
        guard let suggestion else {
            return pick("No such command: /\(name). \(hint)", "Comando desconhecido: /\(name). \(hint)")
        }
        return pick(
            "No such command: /\(name). Did you mean /\(suggestion)? \(hint)",
            "Comando desconhecido: /\(name). Você quis dizer /\(suggestion)? \(hint)")
    }

    func takesNothing(_ name: String) -> String {
        pick(
            "/\(name) takes nothing; // sends it as text.",
            "/\(name) não leva nada; com // vai como texto.")
    }
    func pasteCut(_ limit: Int) -> String {
        pick(
            "The paste was cut: a message has at most \(grouped(limit)) characters.",
            "O texto colado foi cortado: uma mensagem tem no máximo \(grouped(limit)) caracteres.")
    }

    // MARK: Jumps

    var newerBelow: String { pick("↓ newer messages · End", "↓ mensagens mais recentes · End") }
    var noMessageThere: String { pick("No messages there.", "Nenhuma mensagem aí.") }
    var noDate: String {
        pick(
            "That is no day. Try: yesterday, friday, 3 days ago, 1 Oct, 2026-10-01.",
            "Isso não é um dia. Tente: ontem, sexta, há 3 dias, 1 out, 2026-10-01.")
    }
    var noGap: String { pick("Nothing is missing here.", "Não falta nada aqui.") }
    var gapNeedsLink: String {
        pick(
            "What is missing can be fetched when the link is back.",
            "O que falta pode ser buscado quando a conexão voltar.")
    }

    // MARK: Search

    func searchIn(_ name: String) -> String {
        pick("Search the conversation with \(name)", "Buscar na conversa com \(name)")
    }
    var searchEverywhere: String { pick("Search all conversations", "Buscar em todas as conversas") }
    func searchOther(isEverywhere: Bool) -> String {
        isEverywhere ? pick("Tab only this one", "Tab só esta") : pick("Tab all", "Tab todas")
    }
    var searchPrompt: String { pick("words of a message", "palavras de uma mensagem") }
    var searchHint: String {
        pick(
            "Upper case and accents do not matter; \"words in quotes\" stand together.",
            "Maiúsculas e acentos não contam; \"palavras entre aspas\" ficam juntas.")
    }
    var noHits: String { pick("no message has these words", "nenhuma mensagem tem essas palavras") }
    func hits(_ number: Int, hasMore: Bool) -> String {
        hasMore ? "\(number)+" : count(number, ("hit", "hits"), ("resultado", "resultados"))
    }
    func indexing(_ number: Int) -> String {
        pick("\(number) not indexed yet", "\(number) ainda fora do índice")
    }
    func hit(_ number: Int, of total: Int, hasMore: Bool) -> String {
        let sum = hasMore ? "\(total)+" : "\(total)"
        return pick(
            "hit \(number) of \(sum) · n next, N previous", "\(number) de \(sum) · n próximo, N anterior")
    }
    func youTo(_ name: String) -> String { pick("you to \(name)", "você para \(name)") }
    var noSearchYet: String { pick("Search first: / or Ctrl-S.", "Faça uma busca antes: / ou Ctrl-S.") }
    var noOlderHit: String { pick("No older hit.", "Nenhum resultado mais antigo.") }
    var noNewerHit: String { pick("No newer hit.", "Nenhum resultado mais recente.") }

    // MARK: The outbox

    func outboxTitle(_ number: Int) -> String {
        pick("Outbox", "Caixa de saída") + (number == 0 ? "" : " · \(waiting(number))")
    }
    var outboxEmpty: String { pick("Nothing waits to be sent.", "Nada espera para ser enviado.") }
    /// From what is most needed.
    var outboxKeys: [String] {
        [
            pick("r retry", "r reenviar"), pick("e edit", "e editar"), pick("d drop", "d descartar"),
            pick("s as new", "s como nova"),
        ]
    }

    // MARK: Editing

    var editorFailed: String {
        pick(
            "The editor ended with an error: the text is as before. Ctrl-Y brings what it saved.",
            "O editor terminou com erro: o texto é o de antes. Ctrl-Y traz o que ele gravou.")
    }
    var editorSavedNoText: String {
        pick(
            "What the editor saved is not UTF-8: the text is as before. Ctrl-Y brings what can be read of it.",
            "O que o editor gravou não é UTF-8: o texto é o de antes. Ctrl-Y traz o que dá para ler.")
    }
    var editorSavedTooMuch: String {
        pick(
            "What the editor saved is more than a megabyte: the text is as before.",
            "O que o editor gravou passa de um megabyte: o texto é o de antes.")
    }
    func noEditor(_ choice: ExternalEditor.Choice?) -> String {
        guard let choice else {
            return pick(
                "No editor could be started. Set EDITOR.", "Nenhum editor pôde ser aberto. Defina EDITOR.")
        }
        let words = TextWidth.truncated(Sanitizer.line(choice.words), to: 40)
        return pick(
            "The editor “\(words)” could not be started. Set \(choice.variable).",
            "O editor “\(words)” não pôde ser aberto. Defina \(choice.variable).")
    }
    func noFileForEditor(_ reason: String) -> String {
        let reason = Sanitizer.line(reason)
        return pick(
            "The text cannot be written for the editor: \(reason)",
            "O texto não pode ser gravado para o editor: \(reason)")
    }
    var nothingToDelete: String {
        pick("Nothing of yours to delete here.", "Nada seu para apagar aqui.")
    }

    // MARK: People and profiles

    func renamed(_ name: String) -> String { pick("Renamed: \(name)", "Novo nome: \(name)") }
    func removed(_ name: String) -> String {
        pick("\(name) is off your list.", "\(name) saiu da sua lista.")
    }
    var nameTooLong: String { pick("That name is too long.", "Esse nome é longo demais.") }
    func profileIs(_ name: String, others: [String]) -> String {
        let rest = others.isEmpty ? "" : pick(" Others: ", " Outros: ") + others.joined(separator: ", ") + "."
        return pick("This is the profile \(name).\(rest)", "Este é o perfil \(name).\(rest)")
    }
    var noProfileName: String {
        pick(
            "A profile's name has letters, digits, '-', '_' and '.'.",
            "O nome de um perfil tem letras, dígitos, '-', '_' e '.'.")
    }
    var oneProfileOnly: String {
        pick("Profiles cannot be changed here.", "Aqui não dá para mudar de perfil.")
    }
}
