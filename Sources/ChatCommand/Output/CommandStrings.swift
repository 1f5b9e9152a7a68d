import ChatClientCore
import ChatCrypto
import ChatNet
import ChatSQLite
import ChatTUI
import ChatWire

/// The words of the commands, in the person's language. Text of others comes in as it is and goes out
/// sanitised.
struct CommandStrings: Hashable, Sendable {
    let language: Language
    /// A variable that has OpenSSL look for certificate authorities where nothing is to be had.
    var staleTrust: StaleTrust?

    init(_ language: Language) {
        self.language = language
    }

    func pick(_ english: String, _ portuguese: String) -> String {
        language == .english ? english : portuguese
    }

    // MARK: Accounts

    func signedIn(_ user: User, server: ServerURL) -> String {
        let who = person(user.name, user.email)
        return pick("Signed in as \(who) on \(server)", "Você entrou como \(who) em \(server)")
    }

    func registered(_ user: User, server: ServerURL) -> String {
        let who = person(user.name, user.email)
        return pick(
            "Account made and signed in: \(who) on \(server)",
            "Conta criada, você entrou: \(who) em \(server)")
    }

    func signedOut(unsent: Int) -> String {
        guard unsent > 0 else { return pick("Signed out", "Você saiu da conta") }
        return pick(
            "Signed out; \(unsent) unsent \(unsent == 1 ? "message stays" : "messages stay") in the outbox",
            "Você saiu da conta; \(unsent == 1 ? "1 mensagem continua" : "\(unsent) mensagens continuam") na fila"
        )
    }

    var wasSignedOut: String { pick("Nobody was signed in", "Ninguém tinha entrado") }
    var notSignedIn: String { pick("nobody is signed in", "ninguém entrou na conta") }
    var signInAdvice: String { pick("Sign in with: mychat login", "Entre com: mychat login") }
    var askEmail: String { "Email: " }
    var askName: String { pick("Name: ", "Nome: ") }
    var askPassword: String { pick("Password: ", "Senha: ") }
    var askPasswordAgain: String { pick("Password again: ", "Senha de novo: ") }
    var passwordsDiffer: String { pick("the two passwords differ", "as duas senhas são diferentes") }
    func noTerminalToAsk(_ what: String) -> String {
        pick("there is no terminal to ask for \(what) on", "não há terminal em que perguntar por \(what)")
    }
    var passwordWord: String { pick("the password", "senha") }
    var emailWord: String { pick("the email address", "email") }
    var nameWord: String { pick("the name", "nome") }
    var passwordAdvice: String {
        pick("Give it with --password-stdin", "Use --password-stdin para informar a senha")
    }
    var noAnswer: String { pick("no answer was given", "nada foi respondido") }
    func expires(_ time: Timestamp) -> String {
        let when = LocalTime.dateAndTime(time)
        return pick("The sign-in is good until \(when)", "A entrada vale até \(when)")
    }
    func commandFailed(_ name: String, _ reason: String) -> String {
        pick("\(name) failed: \(reason)", "\(name) falhou: \(reason)")
    }

    // MARK: Recipients

    func unknownRecipient(_ who: String) -> String {
        let who = Sanitizer.line(who)
        return pick("nobody is known as '\(who)'", "ninguém é conhecido como '\(who)'")
    }
    func didYouMean(_ names: [String]) -> String {
        let list = names.map { "'\(Sanitizer.line($0))'" }.joined(separator: pick(" or ", " ou "))
        return pick("Did you mean \(list)?", "Você quis dizer \(list)?")
    }
    var findAdvice: String {
        pick(
            "Look for people with: mychat contacts find NAME",
            "Procure pessoas com: mychat contacts find NOME")
    }
    func ambiguousRecipient(_ who: String, _ people: [String]) -> String {
        let who = Sanitizer.line(who)
        let list = people.map { Sanitizer.line($0) }.joined(separator: pick(" or ", " ou "))
        return pick("'\(who)' could be \(list)", "'\(who)' pode ser \(list)")
    }
    var ambiguousAdvice: String { pick("Use the email address or the id", "Use o email ou o id") }

    // MARK: Messages

    func sent(to name: String, id: MessageID) -> String {
        let name = Sanitizer.line(name)
        return pick("Sent to \(name) (message \(id))", "Enviada a \(name) (mensagem \(id))")
    }
    func queued(for name: String) -> String {
        let name = Sanitizer.line(name)
        return pick("Queued for \(name)", "Na fila para \(name)")
    }
    var notConfirmed: String {
        pick(
            "not confirmed yet; the message stays in the outbox and goes out with the next connection: "
                + "do not send it again",
            "ainda sem confirmação; a mensagem fica na fila e sai na próxima conexão: não envie de novo")
    }
    var confirmationTimedOut: String {
        pick(
            "the server did not confirm in time; the message stays in the outbox: do not send it again",
            "o servidor não confirmou a tempo; a mensagem fica na fila: não envie de novo")
    }
    func refusedMessage(_ reason: String) -> String {
        let reason = Sanitizer.line(reason)
        return pick(
            "the server refused the message: \(reason)", "o servidor recusou a mensagem: \(reason)")
    }
    var heldMessage: String {
        pick(
            "the message is held: open mychat to send it, edit it or discard it",
            "a mensagem está retida: abra o mychat para enviar, editar ou descartar")
    }
    var discardedMessage: String { pick("the message was taken back", "a mensagem foi retirada") }
    var notText: String { pick("the text is not UTF-8", "o texto não está em UTF-8") }
    var messageNotText: String { pick("not sent: no UTF-8", "não enviada: não está em UTF-8") }
    func notText(_ argument: String, isMessage: Bool) -> String {
        let argument = Sanitizer.line(argument)
        return isMessage
            ? messageNotText + " ('\(argument)')"
            : pick("'\(argument)' is no UTF-8", "'\(argument)' não está em UTF-8")
    }
    func inputTooLong(limit: Int) -> String {
        pick("the input is longer than \(limit) bytes", "a entrada tem mais de \(limit) bytes")
    }
    var me: String { pick("you", "você") }
    func emptyHistory(_ name: String) -> String {
        let name = Sanitizer.line(name)
        return pick("No messages with \(name) yet", "Nenhuma mensagem com \(name) ainda")
    }
    var gap: String { pick("… messages may be missing here …", "… podem faltar mensagens aqui …") }
    /// Above messages of a former server, with what the person was called there; nil for the present server.
    func former(_ name: String?) -> String {
        guard let name else { return pick("— on the present server —", "— no servidor atual —") }
        return pick("— with \(name), on the former server —", "— com \(name), no servidor anterior —")
    }
    /// What is left of a server that is not there any more.
    func former(_ server: FormerServer) -> String {
        let why =
            switch server.reason {
            case .otherDatabase:
                pick("the server has another database", "o servidor tem outro banco de dados")
            case .otherAccount: pick("the account is another one", "a conta é outra")
            case .wentBack: pick("the server has lost messages", "o servidor perdeu mensagens")
            case .otherMessages:
                pick("the server's messages are others", "as mensagens do servidor são outras")
            }
        let (messages, held) = (server.messages, server.held)
        return pick(
            "\(why): \(messages) messages here are of the former server, \(held) wait for you",
            "\(why): \(messages) mensagens aqui são do servidor anterior, \(held) esperam você")
    }
    var tokenOfAnother: String {
        pick(
            "on the server the account is somebody else's now; nothing was sent",
            "no servidor a conta agora é de outra pessoa; nada foi enviado")
    }
    /// Why a message is held; nil when it is for its age.
    func held(_ reason: HeldReason?) -> String? {
        switch reason {
        case nil: nil
        case .formerServer:
            pick("written for the former server", "escrita para o servidor anterior")
        case .goneFromServer:
            pick("the server had it and has lost it", "o servidor tinha e perdeu")
        }
    }
    var cachedOnly: String {
        pick("not up to date: shown from the cache", "desatualizado: mostrado a partir do cache")
    }

    func state(_ state: RowState) -> String {
        switch state {
        case .received: ""
        case .queued: pick("queued", "na fila")
        case .sending: pick("sending", "enviando")
        case .unknown: pick("unconfirmed", "sem confirmação")
        case .sent: pick("sent", "enviada")
        case .delivered: pick("delivered", "entregue")
        case .read: pick("read", "lida")
        case .failed: pick("refused", "recusada")
        case .held: pick("held", "retida")
        }
    }

    var toldLater: String {
        pick("done here, and told to the server later", "feito aqui; o servidor fica sabendo depois")
    }
    var nothingUnread: String { pick("Nothing unread", "Nada por ler") }
    func markedRead(_ count: Int, _ name: String) -> String {
        let name = Sanitizer.line(name)
        guard count > 0 else { return pick("Nothing unread of \(name)", "Nada por ler de \(name)") }
        return pick(
            "\(count) \(count == 1 ? "message" : "messages") of \(name) marked as read",
            "\(count) \(count == 1 ? "mensagem" : "mensagens") de \(name) \(count == 1 ? "marcada" : "marcadas") como \(count == 1 ? "lida" : "lidas")"
        )
    }

    // MARK: Searching

    var nothingFound: String { pick("Nothing found", "Nada encontrado") }
    func unsearched(_ count: Int) -> String {
        pick(
            "\(count) messages are not indexed yet and were not searched",
            "\(count) mensagens ainda não foram indexadas e ficaram fora da busca")
    }

    // MARK: Watching

    var deletedWord: String { pick("deleted", "apagada") }
    func typing(_ name: String, _ isTyping: Bool) -> String {
        isTyping
            ? pick("\(name) is typing…", "\(name) está digitando…")
            : pick("\(name) stopped typing", "\(name) parou de digitar")
    }
    func words(_ presence: Presence) -> String {
        switch presence {
        case .online: "online"
        case .offline: "offline"
        case .unknown: pick("presence unknown", "presença desconhecida")
        }
    }

    // MARK: The outbox

    var outboxEmpty: String { pick("Everything is sent", "Tudo foi enviado") }
    func noLetter(_ id: String) -> String {
        let id = Sanitizer.line(id)
        return pick("no unsent message begins with '\(id)'", "nenhuma mensagem na fila começa com '\(id)'")
    }
    func severalLetters(_ id: String) -> String {
        let id = Sanitizer.line(id)
        return pick(
            "several unsent messages begin with '\(id)'", "várias mensagens na fila começam com '\(id)'")
    }
    var outboxAdvice: String { pick("See: mychat outbox list", "Veja: mychat outbox list") }
    func cancelled(_ name: String, _ content: String) -> String {
        let name = Sanitizer.line(name)
        let content = TextTable.excerpt(content)
        return pick("Taken back, to \(name): \(content)", "Retirada, para \(name): \(content)")
    }

    // MARK: Status and contacts

    var serverWord: String { pick("Server", "Servidor") }
    var accountWord: String { pick("Account", "Conta") }
    var profileWord: String { pick("Profile", "Perfil") }
    var outboxWord: String { pick("Outbox", "Fila") }
    var unreadWord: String { pick("Unread", "Não lidas") }
    var linkWord: String { pick("Connection", "Conexão") }
    var extensionsWord: String { pick("Extensions", "Extensões") }
    var noAccount: String { pick("none", "nenhuma") }
    var reachable: String { pick("reachable", "acessível") }
    var notAsked: String { pick("not asked", "não consultado") }
    var none: String { pick("none", "nenhuma") }
    func outbox(_ summary: OutboxSummary) -> String {
        let unsent = pick("\(summary.unsent) unsent", "\(summary.unsent) por enviar")
        let waiting = pick("\(summary.waiting) waiting for you", "\(summary.waiting) esperando você")
        return summary.waiting > 0 ? "\(unsent), \(waiting)" : unsent
    }
    func unread(_ count: Int, in conversations: Int) -> String {
        guard count > 0 else { return "0" }
        return pick(
            "\(count) in \(conversations) \(conversations == 1 ? "conversation" : "conversations")",
            "\(count) em \(conversations) \(conversations == 1 ? "conversa" : "conversas")")
    }
    func contactAdded(_ name: String) -> String {
        let name = Sanitizer.line(name)
        return pick("\(name) is now among your contacts", "\(name) agora está nos seus contatos")
    }
    func cacheContents(_ report: CacheReport) -> String {
        pick(
            "\(report.messages) messages in \(report.conversations) conversations, \(report.unsent) unsent, "
                + "\(report.drafts) drafts, \(Self.size(report.bytes))",
            "\(report.messages) mensagens em \(report.conversations) conversas, \(report.unsent) por enviar, "
                + "\(report.drafts) rascunhos, \(Self.size(report.bytes))")
    }
    var cacheSound: String { pick("The cache is sound.", "O cache está íntegro.") }
    func cacheWasSetAside(_ path: String, _ rescued: Int) -> String {
        let path = Sanitizer.line(path)
        return pick(
            "the cache could not be used and was set aside: \(path). Unsent messages saved from it: \(rescued).",
            "o cache não pôde ser usado e foi posto de lado: \(path). Mensagens não enviadas salvas: \(rescued)."
        )
    }
    func cacheSetAside(_ path: String) -> String {
        pick(
            "An earlier cache could not be used, and was set aside with all that is in it: \(path)",
            "Um cache anterior não pôde ser usado e foi posto de lado com tudo o que contém: \(path)")
    }
    var cacheUnsound: String {
        pick(
            "the cache is damaged; a copy of its directory is worth keeping before anything else",
            "o cache está danificado; antes de mais nada, guarde uma cópia do seu diretório")
    }
    func cacheCompacted(_ before: Int64, _ after: Int64) -> String {
        pick(
            "\(Self.size(before)) before, \(Self.size(after)) now",
            "\(Self.size(before)) antes, \(Self.size(after)) agora")
    }
    func cacheForgotten(_ count: Int) -> String {
        pick("\(count) messages removed from this machine", "\(count) mensagens removidas desta máquina")
    }
    /// `3.4 MB`
    private static func size(_ bytes: Int64) -> String {
        let tenths = (bytes + 50_000) / 100_000
        return tenths < 10 ? "\((bytes + 999) / 1000) kB" : "\(tenths / 10).\(tenths % 10) MB"
    }
    func contactRenamed(_ old: String, _ new: String) -> String {
        let (old, new) = (Sanitizer.line(old), Sanitizer.line(new))
        return pick("\(old) is now called \(new)", "\(old) agora se chama \(new)")
    }
    func contactRemoved(_ name: String) -> String {
        let name = Sanitizer.line(name)
        return pick("\(name) is not among your contacts any more", "\(name) não está mais nos seus contatos")
    }

    // MARK: Deleting

    func askDeletion(of text: String) -> String {
        pick("Delete for both sides: \(text)? [y/N] ", "Apagar para os dois lados: \(text)? [s/N] ")
    }
    func isYes(_ answer: String) -> Bool {
        ["y", "yes", "s", "sim"].contains(strippedLikePython(answer).lowercased())
    }
    var deletionWord: String { pick("whether to delete", "se é para apagar") }
    var deletionAdvice: String { pick("Say --yes", "Use --yes") }
    var notDeleted: String { pick("nothing was deleted", "nada foi apagado") }
    func deleted(_ count: Int) -> String {
        pick(
            "\(count) \(count == 1 ? "message" : "messages") deleted for both sides",
            count == 1
                ? "1 mensagem apagada para os dois lados" : "\(count) mensagens apagadas para os dois lados")
    }
    func conversationDeleted(_ name: String) -> String {
        let name = Sanitizer.line(name)
        return pick(
            "The conversation with \(name) is deleted for both sides",
            "A conversa com \(name) foi apagada para os dois lados")
    }
    func wholeConversation(_ name: String) -> String {
        let name = Sanitizer.line(name)
        return pick("the whole conversation with \(name)", "toda a conversa com \(name)")
    }
    func unknownMessage(_ id: String) -> String {
        pick("no message \(id) in the cache", "nenhuma mensagem \(id) no cache")
    }

    func contactQueued(_ name: String) -> String {
        let name = Sanitizer.line(name)
        return pick(
            "\(name) will be added when the server can be reached",
            "\(name) será adicionado quando o servidor puder ser alcançado")
    }
    var noContacts: String { pick("No contacts yet", "Nenhum contato ainda") }
    var nobodyFound: String { pick("Nobody found", "Ninguém encontrado") }

    /// `Ana Lima <ana@exemplo.com>`, sanitised.
    func person(_ name: String, _ email: String?) -> String {
        let name = Sanitizer.line(name)
        guard let email else { return name }
        return "\(name) <\(Sanitizer.line(email))>"
    }
}
