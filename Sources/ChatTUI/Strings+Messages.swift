import ChatClientCore

/// What is said about single messages.
extension Strings {
    // MARK: What waits for the person

    /// While the message is chosen.
    var failureKeys: String {
        pick("r retry  e edit  d drop", "r reenviar  e editar  d descartar")
    }
    /// From the longest to the shortest.
    func failureHints(_ key: String) -> [String] {
        ["\(key): \(failureKeys)", pick("\(key) to decide", "\(key) para decidir")]
    }
    var nothingToChoose: String { pick("No message to choose.", "Nenhuma mensagem para escolher.") }
    var onItsWay: String {
        pick("That message is on its way already.", "Essa mensagem já está a caminho.")
    }
    var onlyUnsentAreEdited: String {
        pick(
            "What was sent stays as it is; q quotes it.", "O que foi enviado fica como está; q cita.")
    }
    var onlyWaitingAsNew: String {
        pick(
            "Only what was refused or held back is sent as new.",
            "Só o que foi recusado ou retido vai como mensagem nova.")
    }
    var onlyOwnAreDeleted: String {
        pick("Only your own messages can be deleted.", "Só as suas mensagens podem ser apagadas.")
    }
    var dropped: String {
        pick("Dropped; Ctrl-Y brings its text back.", "Descartada; Ctrl-Y traz o texto de volta.")
    }
    var cancelledWhenKnown: String {
        pick(
            "On its way: it is deleted as soon as the server answers.",
            "Já a caminho: será apagada assim que o servidor responder.")
    }
    var deleted: String { pick("Deleted for both sides.", "Apagada para os dois lados.") }
    var deletedLater: String {
        pick(
            "Deleted here; for the other side when the link is back.",
            "Apagada aqui; para o outro lado quando a conexão voltar.")
    }
    var editing: String { pick("editing an unsent message", "editando uma mensagem não enviada") }
    var editingHint: String { pick("Esc leaves it as it was", "Esc deixa como estava") }
    var emptyEdit: String {
        pick(
            "An empty message is not sent. Esc leaves it as it was.",
            "Mensagem vazia não é enviada. Esc deixa como estava.")
    }

    // MARK: Copying and links

    func copied(_ outcome: CopyOutcome) -> String {
        switch outcome {
        case .inTmuxBuffer:
            pick(
                "In tmux's buffer: prefix ] pastes it. Outside too, if the terminal allows OSC 52.",
                "No buffer do tmux: prefixo ] cola. Fora dele também, se o terminal permitir OSC 52.")
        case .handedOver(.tmux):
            pick(
                "Given to tmux, which keeps it only with “set -s set-clipboard on”.",
                "Entregue ao tmux, que só a guarda com “set -s set-clipboard on”.")
        case .handedOver(.screen):
            pick(
                "Given through screen to the terminal. If it does not paste, allow OSC 52 in the terminal.",
                "Entregue ao terminal pelo screen. Se não colar, permita OSC 52 no terminal.")
        case .handedOver(.terminal):
            pick(
                "Given to the terminal. If it does not paste, allow OSC 52 in its settings.",
                "Entregue ao terminal. Se não colar, permita OSC 52 nas configurações dele.")
        case .refused:
            pick(
                "This terminal takes no copies: mark the text with the mouse, holding Shift.",
                "Este terminal não aceita cópias: marque o texto com o mouse, segurando Shift.")
        }
    }
    var noLink: String { pick("No link in this message.", "Nenhum link nesta mensagem.") }
    var linksTitle: String { pick("Open a link", "Abrir um link") }
    var cannotOpenLink: String {
        pick("No program here opens links.", "Nenhum programa aqui abre links.")
    }

    // MARK: Questions

    func letter(of answer: Question.Answer) -> String {
        switch answer {
        case .no: "n"
        case .yes: pick("y", "s")
        case .oneLine: pick("j", "j")
        case .look, .sendAll, .discardAll: ""
        }
    }

    func answer(_ answer: Question.Answer, to subject: Question.Subject) -> String {
        switch (subject, answer) {
        case (.deleteMessage, .yes): pick("delete for both", "apagar para os dois")
        case (.deleteMessage, .no): pick("keep it", "manter")
        case (.openLink, .yes): pick("open it", "abrir")
        case (.openLink, .no): pick("do not open", "não abrir")
        case (.paste, .yes): pick("paste them", "colar")
        case (.paste, .no): pick("do not paste", "não colar")
        case (.removeContact, .yes): pick("remove", "remover")
        case (.deleteConversation, .yes): pick("delete everything for both", "apagar tudo para os dois")
        case (.held, .no), (.heldFromFormerServer, .no): pick("later", "depois")
        case (_, .no): pick("keep it", "manter")
        case (_, .yes): pick("yes", "sim")
        case (_, .oneLine): pick("join them to one line", "juntar em uma linha só")
        case (_, .look): pick("look at them", "ver quais são")
        case (_, .sendAll): pick("send all now", "enviar todas agora")
        case (_, .discardAll): pick("drop all", "descartar todas")
        }
    }

    func title(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage: pick("Delete this message?", "Apagar esta mensagem?")
        case .openLink: linksTitle
        case .paste(_, let lines): pick("Paste \(lines) lines?", "Colar \(lines) linhas?")
        case .held(let number), .heldFromFormerServer(let number):
            count(
                number, ("message held back", "messages held back"),
                ("mensagem retida", "mensagens retidas"))
        case .removeContact: pick("Remove from your list?", "Remover da sua lista?")
        case .deleteConversation: pick("Delete this conversation?", "Apagar esta conversa?")
        }
    }

    func explanation(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage:
            pick(
                "It will be deleted for both sides. It cannot be brought back.",
                "Ela será apagada para os dois lados. Não dá para desfazer.")
        case .openLink:
            pick("It opens in your browser.", "Ele abre no seu navegador.")
        case .paste: pick("They become one message.", "Elas viram uma só mensagem.")
        case .held(1):
            pick(
                "It was written long ago and not sent. Should it be sent now?",
                "Foi escrita há muito tempo e não foi enviada. Enviar agora?")
        case .held:
            pick(
                "They were written long ago and not sent. Should they be sent now?",
                "Foram escritas há muito tempo e não foram enviadas. Enviar agora?")
        case .heldFromFormerServer:
            pick(
                "The server is another one now, or has lost them. Only those to the same people are sent.",
                "O servidor agora é outro, ou as perdeu. Só vão as que são para as mesmas pessoas.")
        case .removeContact: pick("The messages stay.", "As mensagens continuam guardadas.")
        case .deleteConversation:
            pick(
                "All its messages will be deleted for both sides. They cannot be brought back.",
                "Todas as mensagens serão apagadas para os dois lados. Não dá para desfazer.")
        }
    }

    // MARK: Details

    var detailsTitle: String { pick("About this message", "Sobre esta mensagem") }
    var detailFrom: String { pick("from", "de") }
    var detailState: String { pick("state", "estado") }
    var detailReason: String { pick("reason", "motivo") }
    func detailTime(isUnsent: Bool) -> String {
        isUnsent ? pick("entered", "escrita") : pick("sent", "enviada")
    }
    var detailDelivered: String { pick("delivered", "entregue") }
    var detailRead: String { pick("read", "lida") }
    var detailLength: String { pick("length", "tamanho") }
    func characters(_ number: Int) -> String {
        count(number, ("character", "characters"), ("caractere", "caracteres"))
    }
    var detailID: String { pick("id", "id") }
    var detailTempID: String { pick("local id", "id local") }

    func words(for state: RowState) -> String {
        switch state {
        case .received: pick("received", "recebida")
        case .queued: pick("queued: it waits to be sent", "na fila: aguardando envio")
        case .sending: pick("being sent", "sendo enviada")
        case .unknown: pick("sent, not yet confirmed", "enviada, ainda sem confirmação")
        case .sent: pick("the server has it", "o servidor recebeu")
        case .delivered: pick("delivered", "entregue")
        case .read: pick("read", "lida")
        case .failed: pick("refused by the server", "recusada pelo servidor")
        case .held: pick("held back until you decide", "retida até você decidir")
        }
    }
}
