/// What help and hints say about keys and commands.
extension Strings {
    /// One or two words for the status line.
    func hint(_ command: Command) -> String {
        switch command {
        case .help: pick("help", "ajuda")
        case .quit: pick("quit", "sair")
        case .switcher: pick("go to", "ir para")
        case .findPeople: pick("find people", "procurar pessoas")
        case .nextUnread: pick("next unread", "não lida")
        case .switchPane: pick("list", "lista")
        case .search: pick("search", "buscar")
        case .reconnect: pick("use it here", "usar aqui")
        case .message(let command): hint(command)
        default: describe(command)
        }
    }

    private func hint(_ command: MessageCommand) -> String {
        switch command {
        case .copy: pick("copy", "copiar")
        case .quote: pick("quote", "citar")
        case .openLink: pick("open link", "abrir link")
        case .details: pick("details", "detalhes")
        case .delete: pick("delete", "apagar")
        case .retry: pick("send again", "reenviar")
        case .edit: pick("edit", "editar")
        case .nextHit: pick("next", "próximo")
        case .sendAsNew: pick("as new", "como nova")
        case .leave: pick("write", "escrever")
        default: describe(command)
        }
    }

    var conversation: String { pick("conversation", "conversa") }

    func section(_ section: Keymap.Section) -> String {
        switch section {
        case .everywhere: pick("Everywhere", "Em qualquer lugar")
        case .conversations: pick("Conversations", "Conversas")
        case .messages: pick("Messages", "Mensagens")
        case .chosen: pick("With a message chosen", "Com uma mensagem escolhida")
        case .writing: pick("Writing", "Escrever")
        }
    }

    func describe(_ command: Command) -> String {
        switch command {
        case .help: pick("this help", "esta ajuda")
        case .quit: pick("quit; what is queued stays queued", "sair; o que está na fila fica na fila")
        case .interrupt: pick("quit, when pressed twice", "sair, se apertado duas vezes")
        case .suspend: pick("back to the shell; fg returns", "voltar ao shell; fg volta para cá")
        case .redraw: pick("draw the screen anew", "redesenhar a tela")
        case .reconnect: pick("connect now", "conectar agora")
        case .switcher: pick("go to a conversation by name", "ir para uma conversa pelo nome")
        case .findPeople: pick("find people and add them", "procurar pessoas e adicionar")
        case .nextUnread: pick("next unread conversation", "próxima conversa não lida")
        case .previousConversation: pick("conversation above", "conversa de cima")
        case .nextConversation: pick("conversation below", "conversa de baixo")
        case .conversation: pick("conversation of that place", "conversa daquela posição")
        case .switchPane: pick("between list and conversation", "entre lista e conversa")
        case .toggleList: pick("hide or show the list", "esconder ou mostrar a lista")
        case .widenList: pick("wider list", "lista mais larga")
        case .narrowList: pick("narrower list", "lista mais estreita")
        case .togglePinned: pick("keep on top of the list, or not", "fixar no topo da lista, ou desafixar")
        case .toggleMuted: pick("silence, or have alerts again", "silenciar, ou voltar a avisar")
        case .pageUp: pick("a page up", "uma página acima")
        case .pageDown: pick("a page down", "uma página abaixo")
        case .lineUp: pick("a line up", "uma linha acima")
        case .lineDown: pick("a line down", "uma linha abaixo")
        case .scrollToStart: pick("to the beginning", "ao começo")
        case .scrollToEnd: pick("to the end", "ao fim")
        case .search: pick("search this conversation", "buscar nesta conversa")
        case .searchAll: pick("search all conversations", "buscar em todas as conversas")
        case .outbox: pick("what was not sent yet", "o que ainda não foi enviado")
        case .externalEditor: pick("write in your own editor", "escrever no seu editor")
        case .prefix: pick("then Ctrl-E: editor, Ctrl-U: undo", "depois Ctrl-E: editor, Ctrl-U: desfaz")
        case .chooseMessage: pick("choose a message", "escolher uma mensagem")
        case .message(let command): describe(command)
        case .up: pick("line above; what was sent before", "linha acima; o que já foi enviado")
        case .down: pick("line below", "linha abaixo")
        case .accept: pick("send", "enviar")
        case .cancel: pick("close; back to the end", "fechar; voltar ao fim")
        case .newline: pick("new line", "nova linha")
        case .edit(let edit): describe(edit)
        }
    }

    private func describe(_ command: MessageCommand) -> String {
        switch command {
        case .previous: pick("the message above", "a mensagem de cima")
        case .next: pick("the message below", "a mensagem de baixo")
        case .pageUp: pick("a page up", "uma página acima")
        case .pageDown: pick("a page down", "uma página abaixo")
        case .first: pick("the first one", "a primeira")
        case .last: pick("the last one", "a última")
        case .previousDay: pick("the day before", "o dia anterior")
        case .nextDay: pick("the day after", "o dia seguinte")
        case .copy: pick("copy its text", "copiar o texto")
        case .quote: pick("answer it with a quote", "responder citando")
        case .openLink: pick("open a link in it", "abrir um link dela")
        case .details: pick("all about it", "tudo sobre ela")
        case .delete: pick("delete it; drop an unsent one", "apagar; descartar se não foi enviada")
        case .retry: pick("send it again", "enviar de novo")
        case .edit: pick("change it before it is sent", "mudar antes que seja enviada")
        case .sendAsNew: pick("send it again as a new message", "enviar como mensagem nova")
        case .search: pick("search", "buscar")
        case .nextHit: pick("next hit", "próximo resultado")
        case .previousHit: pick("previous hit", "resultado anterior")
        case .unreadLine: pick("to the unread line", "às mensagens novas")
        case .fillGap: pick("fetch what may be missing above", "buscar o que pode faltar acima")
        case .leave: pick("back to writing", "voltar a escrever")
        }
    }

    private func describe(_ edit: Command.Edit) -> String {
        switch edit {
        case .left: pick("left", "à esquerda")
        case .right: pick("right", "à direita")
        case .wordLeft: pick("a word to the left", "uma palavra à esquerda")
        case .wordRight: pick("a word to the right", "uma palavra à direita")
        case .lineStart: pick("to the beginning of the line", "ao começo da linha")
        case .lineEnd: pick("to the end of the line", "ao fim da linha")
        case .textStart: pick("to the beginning of the text", "ao começo do texto")
        case .textEnd: pick("to the end of the text", "ao fim do texto")
        case .deleteBackward: pick("delete to the left", "apagar à esquerda")
        case .deleteForward: pick("delete to the right", "apagar à direita")
        case .killWordBackward: pick("cut the word to the left", "recortar a palavra à esquerda")
        case .killToSpace: pick("cut back to a space", "recortar até o espaço")
        case .killWordForward: pick("cut the word to the right", "recortar a palavra à direita")
        case .killToStart: pick("cut to the beginning of the line", "recortar até o começo da linha")
        case .killToEnd: pick("cut to the end of the line", "recortar até o fim da linha")
        case .yank: pick("put back what was cut", "colar o que foi recortado")
        case .yankEarlier: pick("put back what was cut before that", "colar o recorte anterior")
        case .transpose: pick("swap two characters", "trocar dois caracteres")
        case .undo: pick("undo", "desfazer")
        case .redo: pick("redo", "refazer")
        }
    }

    // MARK: Trying keys

    var keysTitle: String { pick("What keys do", "O que as teclas fazem") }
    var keysHint: String { pick("Press any key", "Aperte qualquer tecla") }
    var keysClose: String { pick("Esc Esc closes", "Esc Esc fecha") }
    var keyTypes: String { pick("is typed", "é digitada") }
    var keyDoesNothing: String { pick("does nothing", "não faz nada") }
    func whileChosen(_ words: String) -> String {
        pick("on a chosen message: \(words)", "na mensagem escolhida: \(words)")
    }

    var doubleSlash: String { pick("a message that begins with a slash", "mensagem que começa com barra") }
}
