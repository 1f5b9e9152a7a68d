import ChatClientCore

/// What plain mode and the key probe say: whole words, since they are often heard rather than seen.
extension Strings {
    // MARK: Keys

    var keyProbeBegins: String {
        pick(
            "Press keys to see their names, commands and bytes. Ctrl-C ends.",
            "Aperte teclas para ver seus nomes, comandos e bytes. Ctrl-C termina.")
    }
    var noKey: String { pick("(no key)", "(nenhuma tecla)") }
    func pasted(_ characters: Int) -> String {
        pick("(pasted: \(characters) characters)", "(colado: \(characters) caracteres)")
    }

    // MARK: Plain mode

    func plainWelcome(_ email: String) -> String {
        pick(
            "MyChat, line by line. You are \(email). /help lists the commands.",
            "MyChat, linha por linha. Você é \(email). /ajuda mostra os comandos.")
    }
    var plainNobodyOpen: String {
        pick(
            "No conversation is open. /list shows them, /goto and a name opens one.",
            "Nenhuma conversa aberta. /lista mostra as conversas, /ir e um nome abre uma.")
    }
    func plainConversation(_ name: String, _ presence: String?) -> String {
        let state = presence.map { ", " + $0 } ?? ""
        return pick("Conversation with \(name)\(state).", "Conversa com \(name)\(state).")
    }
    var plainNoMessages: String { pick("No messages yet.", "Nenhuma mensagem ainda.") }
    var plainBeginning: String { pick("The conversation begins here.", "A conversa começa aqui.") }
    var plainOlder: String {
        pick("/older shows older messages.", "/anteriores mostra mensagens anteriores.")
    }
    func plainUnread(_ number: Int) -> String {
        count(number, ("new message:", "new messages:"), ("mensagem nova:", "mensagens novas:"))
    }
    func plainMessage(_ name: String, _ clock: String, _ text: String) -> String {
        "\(name), \(clock): \(text)"
    }
    func plainElsewhere(_ name: String, _ text: String) -> String {
        pick("New message from \(name): \(text)", "Nova mensagem de \(name): \(text)")
    }
    var plainYou: String { pick("You", "Você") }
    /// A state in a word, for a row of one's own.
    func word(_ state: RowState) -> String {
        switch state {
        case .received: pick("received", "recebida")
        case .queued: pick("queued", "na fila")
        case .sending: pick("sending", "enviando")
        case .unknown: pick("not confirmed yet", "ainda sem confirmação")
        case .sent: pick("sent", "enviada")
        case .delivered: pick("delivered", "entregue")
        case .read: pick("read", "lida")
        case .failed: pick("not sent", "não enviada")
        case .held: pick("waiting for you", "esperando você")
        }
    }
    func plainState(_ state: RowState, _ excerpt: String) -> String {
        "\(word(state).prefix(1).uppercased())\(word(state).dropFirst()): \(excerpt)"
    }
    func plainFailure(_ reason: String, _ excerpt: String) -> String {
        pick(
            "Not sent: \(excerpt). Reason: \(reason). /retry sends it again, /discard drops it.",
            "Não enviada: \(excerpt). Motivo: \(reason). /reenviar manda de novo, /descartar desiste.")
    }
    func plainTypingStarts(_ name: String) -> String { isTyping(name) }
    func plainListEntry(_ number: Int, _ name: String, _ details: [String]) -> String {
        "\(number). " + ([name] + details).joined(separator: ", ")
    }
    func plainUnreadCount(_ number: Int) -> String { unread(number) }
    var plainChoose: String {
        pick(
            "A number adds and opens that person; an empty line adds nobody.",
            "Um número adiciona e abre a pessoa; uma linha vazia não adiciona ninguém.")
    }
    var plainNobodyAdded: String { pick("Nobody added.", "Ninguém adicionado.") }
    var plainFullScreenOnly: String {
        pick("That is for the full screen only.", "Isso só existe na tela cheia.")
    }
    var plainSearchWhat: String {
        pick("Write whom to find: /add name", "Escreva quem procurar: /adicionar nome")
    }
    func plainLink(_ state: LinkState, secondsToNextTry: Int?) -> String {
        let words = link(state, secondsToNextTry: secondsToNextTry)
        return pick("Connection: \(words).", "Conexão: \(words).")
    }
    func plainOutbox(_ summary: OutboxSummary) -> String {
        var parts: [String] = []
        if summary.unsent > 0 { parts.append(unsent(summary.unsent)) }
        if summary.waiting > 0 { parts.append(waiting(summary.waiting)) }
        return parts.isEmpty
            ? pick("Everything is sent.", "Tudo enviado.") : parts.joined(separator: ", ") + "."
    }
    var describeOlder: String { pick("older messages", "mensagens anteriores") }
    var describeStatus: String { pick("connection, unread and unsent", "conexão, não lidas e não enviadas") }
    var describeTyping: String {
        pick("on or off: be told who is typing", "sim ou não: ser avisado de quem está digitando")
    }
    var describePlainList: String { pick("the conversations", "as conversas") }
    func typingAnnounced(_ isOn: Bool) -> String {
        isOn
            ? pick("You will be told who is typing.", "Você será avisado de quem está digitando.")
            : pick("You will not be told who is typing.", "Você não será avisado de quem está digitando.")
    }
    var plainWaiting: String {
        pick("Waiting until everything is sent.", "Esperando até tudo ser enviado.")
    }
    var plainSearchFor: String {
        pick("Write what to search for: /search words", "Escreva o que buscar: /buscar palavras")
    }
    func plainNewName(_ name: String) -> String {
        pick("Write the new name: /rename \(name)", "Escreva o novo nome: /renomear \(name)")
    }
    func plainRemove(_ name: String) -> String {
        pick(
            "Take \(name) out of your contacts? yes or no.", "Tirar \(name) dos seus contatos? sim ou não.")
    }
    func plainDelete(_ excerpt: String) -> String {
        pick(
            "Delete your last message for both of you: \(excerpt)? yes or no.",
            "Apagar sua última mensagem para vocês dois: \(excerpt)? sim ou não.")
    }
    func plainDeleteConversation(_ name: String) -> String {
        pick(
            "Delete the whole conversation with \(name), for both of you? yes or no.",
            "Apagar toda a conversa com \(name), para vocês dois? sim ou não.")
    }
    var plainDeleting: String { pick("It is being deleted.", "Está sendo apagada.") }
    var plainNothingToDelete: String {
        pick("There is no message of yours here.", "Não há mensagem sua aqui.")
    }
    func plainTakesNothing(_ name: String) -> String {
        pick(
            "/\(name) takes nothing; // sends it as text. Nothing was done.",
            "/\(name) não leva nada; // envia como texto. Nada foi feito.")
    }
    var plainLineTooLong: String {
        pick("Not sent: the line is too long.", "Não enviada: a linha é longa demais.")
    }
    var plainNotText: String { pick("Not sent: no UTF-8.", "Não enviada: não está em UTF-8.") }
    func plainPasted(_ count: Int) -> String {
        pick(
            "\(count) lines came at once, and a command or an answer stands alone. Nothing was sent or done.",
            "Vieram \(count) linhas juntas, e um comando ou uma resposta vem só. Nada foi enviado nem feito.")
    }
    var plainNothingDone: String { pick("Nothing was done.", "Nada foi feito.") }
}
