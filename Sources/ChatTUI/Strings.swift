import ChatClientCore
import ChatNet
import ChatWire

/// Every sentence of the terminal client, in the person's language.
struct Strings: Hashable, Sendable {
    let language: Language
    /// True where nothing but ASCII can be drawn.
    let isASCII: Bool
    var dates: DateStyle

    init(_ language: Language, isASCII: Bool = false, dates: DateStyle = .plain) {
        self.language = language
        self.isASCII = isASCII
        self.dates = dates
    }

    func pick(_ english: String, _ portuguese: String) -> String {
        let text = language == .english ? english : portuguese
        return isASCII ? ASCIIText.folded(text) : text
    }

    /// A number with its noun.
    func count(_ number: Int, _ english: (String, String), _ portuguese: (String, String)) -> String {
        let (one, many) = language == .english ? english : portuguese
        let noun = number == 1 ? one : many
        return "\(number) " + (isASCII ? ASCIIText.folded(noun) : noun)
    }

    // MARK: Names of things

    var you: String { pick("you", "você") }
    var online: String { "online" }
    var offline: String { "offline" }
    func lastSeen(_ when: String) -> String { pick("last seen \(when)", "visto por último \(when)") }
    /// In the head of a conversation: what would show the person's presence.
    var notAContact: String {
        let name = SlashCommand.find.names(language)[0]
        return pick("not in your contacts · /\(name)", "fora dos contatos · /\(name)")
    }
    func isTyping(_ name: String) -> String { pick("\(name) is typing…", "\(name) está digitando…") }
    var typing: String { pick("typing…", "digitando…") }
    var draftLabel: String { pick("draft:", "rascunho:") }
    func mine(_ text: String) -> String { pick("you: \(text)", "você: \(text)") }
    func newMessages(_ number: Int) -> String { count(number, ("new", "new"), ("nova", "novas")) }
    func newBelow(_ number: Int) -> String {
        pick("↓ ", "↓ ")
            + count(number, ("new message", "new messages"), ("mensagem nova", "mensagens novas"))
    }
    var olderAbove: String { pick("↑ older messages", "↑ mensagens anteriores") }
    var loadingOlder: String { pick("fetching older messages…", "buscando mensagens anteriores…") }
    var beginning: String { pick("the conversation begins here", "a conversa começa aqui") }
    var gap: String {
        pick(
            "messages may be missing here · /gap fetches them", "podem faltar mensagens · /lacuna busca")
    }

    // MARK: Dates

    private var months: [String] {
        language == .english
            ? [
                "January", "February", "March", "April", "May", "June", "July", "August", "September",
                "October", "November", "December",
            ]
            : [
                "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
                "outubro", "novembro", "dezembro",
            ]
    }

    private var weekdays: [String] {
        language == .english
            ? ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
            : [
                "domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
                "sábado",
            ]
    }

    func clock(_ time: CalendarTime) -> String {
        guard dates.hasTwelveHours else { return "\(twoDigits(time.hour)):\(twoDigits(time.minute))" }
        let hour = (time.hour + 11) % 12 + 1
        return "\(hour):\(twoDigits(time.minute)) \(time.hour < 12 ? "AM" : "PM")"
    }

    /// The columns of the longest time.
    var clockColumns: Int { dates.hasTwelveHours ? 8 : 5 }

    /// The text of a day line.
    func day(_ time: CalendarTime, today: CalendarTime) -> String {
        let nights = today.dayNumber - time.dayNumber
        let month = months[(time.month + 11) % 12]
        let weekday = weekdays[time.weekday % 7]
        let year =
            time.year == today.year
            ? "" : pick("\(dates.hasMonthFirst ? "," : "") \(time.year)", " de \(time.year)")
        let day = dates.hasMonthFirst ? "\(month) \(time.day)" : "\(time.day) \(month)"
        let date = pick("\(weekday), \(day)\(year)", "\(weekday), \(time.day) de \(month)\(year)")
        switch nights {
        case 0: return pick("today · \(date)", "hoje · \(date)")
        case 1: return pick("yesterday · \(date)", "ontem · \(date)")
        default: return date
        }
    }

    /// A day and a time, in full.
    func exactly(_ time: CalendarTime, today: CalendarTime) -> String {
        day(time, today: today) + ", " + clock(time)
    }

    /// A time as short as a list can have it: at most eight columns.
    func short(_ time: CalendarTime, today: CalendarTime) -> String {
        let nights = today.dayNumber - time.dayNumber
        switch nights {
        case 0: return clock(time)
        case 1: return pick("yest.", "ontem")
        case 2..<7: return String(weekdays[time.weekday % 7].prefix(3))
        default:
            let month = months[(time.month + 11) % 12].prefix(3)
            let isMonthFirst = dates.hasMonthFirst
            if time.year == today.year {
                return isMonthFirst ? "\(month) \(time.day)" : "\(time.day) \(month)"
            }
            return pick("\(month) \(time.year)", "\(month) \(time.year)")
        }
    }

    /// Domingo and sábado.
    private static let masculineDays: Set<Int> = [0, 6]

    /// A time within a sentence.
    func moment(_ time: CalendarTime, today: CalendarTime) -> String {
        let hour = pick("at \(clock(time))", "\(time.hour == 1 ? "à" : "às") \(clock(time))")
        switch today.dayNumber - time.dayNumber {
        case 0: return hour
        case 1: return pick("yesterday \(hour)", "ontem \(hour)")
        case 2..<7:
            let weekday = weekdays[time.weekday % 7]
            return pick(
                "on \(weekday)", "\(Self.masculineDays.contains(time.weekday) ? "no" : "na") \(weekday)")
        default: return pick("on \(short(time, today: today))", "em \(short(time, today: today))")
        }
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    // MARK: The link

    func link(_ state: LinkState, secondsToNextTry: Int?) -> String {
        switch state {
        case .signedOut: return pick("signed out", "sessão encerrada")
        case .connecting: return pick("connecting…", "conectando…")
        case .online: return pick("connected", "conectado")
        case .inUseElsewhere: return pick("in use elsewhere", "em uso em outro lugar")
        case .refused: return pick("sign in again", "entre novamente")
        case .offline(.notStarted, _): return pick("offline", "desconectado")
        case .offline:
            guard let seconds = secondsToNextTry else { return pick("offline", "desconectado") }
            if seconds == 0 { return pick("offline · trying…", "desconectado · tentando…") }
            return pick("offline · next try in \(seconds) s", "desconectado · nova tentativa em \(seconds) s")
        }
    }

    /// The state of the link in so many columns: what is least needed is left out.
    func link(_ state: LinkState, secondsToNextTry seconds: Int?, columns: Int) -> String {
        let full = link(state, secondsToNextTry: seconds)
        guard TextWidth.of(full) > columns, case .offline = state, let seconds, seconds > 0 else {
            return full
        }
        let short = pick("offline · \(seconds) s", "desconectado · \(seconds) s")
        return TextWidth.of(short) <= columns ? short : "\(seconds) s"
    }

    func reason(_ failure: LinkFailure) -> String {
        switch failure {
        case .notStarted: return pick("the link was not started", "a conexão não foi iniciada")
        case .network(let error): return network(error)
        case .handshakeTimeout:
            return pick("the server did not answer in time", "o servidor não respondeu a tempo")
        case .silence: return pick("the server went silent", "o servidor parou de responder")
        case .closed: return pick("the server closed the link", "o servidor fechou a conexão")
        case .protocolViolation:
            return pick("the server speaks another protocol", "o servidor usa outro protocolo")
        case .storage: return storageFailed
        case .rejected(let words): return words
        }
    }

    /// `key` is what the person presses, or the command in its place.
    func inUseElsewhereHelp(_ key: String) -> String {
        pick(
            "This account is in use elsewhere. \(key) takes it back.",
            "Esta conta está em uso em outro lugar. \(key) usa aqui.")
    }

    // MARK: The status line

    func unsent(_ number: Int) -> String { count(number, ("queued", "queued"), ("na fila", "na fila")) }
    func waiting(_ number: Int) -> String {
        pick("\(number) not sent", number == 1 ? "1 não enviada" : "\(number) não enviadas")
    }
    func unread(_ number: Int) -> String { count(number, ("unread", "unread"), ("não lida", "não lidas")) }
    var paused: String { pick("sending is paused", "envio pausado") }

    // MARK: Empty views

    var noConversations: String { pick("No conversations yet", "Nenhuma conversa ainda") }
    func noConversationsHint(_ key: String) -> String {
        pick("\(key) finds people", "\(key) procura pessoas")
    }
    var chooseConversation: String { pick("Choose a conversation", "Escolha uma conversa") }
    func chooseConversationHint(_ key: String) -> String {
        pick("↑ ↓ and Enter, or \(key) and a name", "↑ ↓ e Enter, ou \(key) e um nome")
    }
    var loading: String { pick("loading…", "carregando…") }
    var notHereYet: String { pick("Nothing is here yet", "Nada chegou aqui ainda") }
    var comesWithLink: String {
        pick("It comes when the link is back", "Chega quando a conexão voltar")
    }
    func noMessages(_ name: String) -> String {
        pick("No messages with \(name) yet", "Nenhuma mensagem com \(name) ainda")
    }
    var noMessagesHint: String { pick("Write the first one below", "Escreva a primeira abaixo") }

    // MARK: The composer

    var composerPrompt: String { pick("write a message", "escreva uma mensagem") }
    /// From the longest to the shortest.
    var composerOffline: [String] {
        [
            pick(
                "write a message · it is sent when the link is back",
                "escreva uma mensagem · será enviada quando a conexão voltar"),
            pick("write · sent when the link is back", "escreva · vai quando a conexão voltar"),
            composerPrompt,
        ]
    }
    func composerElsewhere(_ key: String) -> [String] {
        [
            pick("in use elsewhere · \(key) takes it back", "em uso em outro lugar · \(key) usa aqui"),
            pick("\(key) takes it back", "\(key) usa aqui"),
        ]
    }
    func length(_ length: Int, of limit: Int) -> String { "\(grouped(length))/\(grouped(limit))" }

    func grouped(_ number: Int) -> String {
        guard number >= 1000 else { return "\(number)" }
        let rest = number % 1000
        let padded = rest < 10 ? "00\(rest)" : rest < 100 ? "0\(rest)" : "\(rest)"
        return "\(number / 1000)" + pick(",", ".") + padded
    }
    func tooLong(_ limit: Int) -> String {
        pick(
            "Too long: at most \(grouped(limit)) characters.",
            "Longa demais: no máximo \(grouped(limit)) caracteres.")
    }

    // MARK: Messages that did not go

    func notSent(_ reason: String) -> String { pick("not sent: \(reason)", "não enviada: \(reason)") }
    func heldBack(_ row: TimelineRow) -> String {
        if let words = row.failure { return words }
        return switch row.heldReason {
        case nil: pick("held back, since it is old: you decide", "retida por ser antiga: você decide")
        case .formerServer:
            pick(
                "held back, written for the former server: you decide",
                "retida, escrita para o servidor anterior: você decide")
        case .goneFromServer:
            pick(
                "the server had it and has lost it: you decide",
                "o servidor tinha esta mensagem e perdeu: você decide")
        }
    }
    var refusedWithoutWords: String { pick("refused by the server", "recusada pelo servidor") }

    // MARK: Notices

    func received(_ name: String, _ text: String) -> String { "\(name): \(text)" }
    func heldNotice(_ number: Int) -> String {
        pick(
            "\(count(number, ("old message waits", "old messages wait"), ("", ""))) for you: /outbox",
            "\(count(number, ("", ""), ("mensagem antiga aguarda", "mensagens antigas aguardam"))) você: /saida"
        )
    }
    var signInAgain: String {
        pick(
            "Your session has ended. Please sign in again; nothing is lost.",
            "Sua sessão expirou. Entre de novo; nada se perdeu.")
    }
    func cacheSetAside(_ path: String, _ rescued: Int) -> String {
        pick(
            "The cache was damaged and set aside: \(path). Unsent messages saved: \(rescued).",
            "O cache estava danificado e foi guardado em \(path). Mensagens não enviadas recuperadas: \(rescued)."
        )
    }
    func contactChangeRefused(_ name: String, _ reason: String) -> String {
        pick(
            "\(name): the server refused the change: \(reason)",
            "\(name): o servidor recusou a mudança: \(reason)")
    }
    func conversationKept(_ name: String, _ reason: String?) -> String {
        guard let reason else {
            return pick(
                "\(name) has written meanwhile: the conversation was deleted here only.",
                "\(name) escreveu nesse meio-tempo: a conversa foi apagada só aqui.")
        }
        return pick(
            "The server kept the conversation with \(name): \(reason)",
            "O servidor manteve a conversa com \(name): \(reason)")
    }
    var storageFailed: String {
        pick("Nothing can be written to the disk.", "Não foi possível gravar no disco.")
    }
    func nobodyNamed(_ name: String) -> String {
        pick("Nobody called “\(name)” here.", "Ninguém chamado “\(name)” aqui.")
    }
    func couldBe(_ name: String, _ people: [String]) -> String {
        let list = people.joined(separator: pick(" or ", " ou "))
        return pick("“\(name)” could be \(list).", "“\(name)” pode ser \(list).")
    }
    func added(_ name: String) -> String {
        pick("\(name) is in your list now.", "\(name) agora está na sua lista.")
    }
    func pinned(_ name: String, _ isPinned: Bool) -> String {
        isPinned
            ? pick("\(name) stays on top.", "\(name) fica no topo da lista.")
            : pick("\(name) is no longer kept on top.", "\(name) não fica mais no topo da lista.")
    }
    func muted(_ name: String, _ isMuted: Bool) -> String {
        isMuted
            ? pick("No more alerts from \(name).", "Sem avisos de \(name) a partir de agora.")
            : pick("Alerts from \(name) are on again.", "Os avisos de \(name) voltaram.")
    }
    func listWidths(_ range: ClosedRange<Int>) -> String {
        pick(
            "The list is \(range.lowerBound) to \(range.upperBound) columns wide.",
            "A lista tem de \(range.lowerBound) a \(range.upperBound) colunas.")
    }
    var nothingUnread: String { pick("Nothing unread.", "Tudo lido.") }
    var nothingToRetry: String { pick("Nothing is waiting here.", "Nada pendente aqui.") }
    func retried(_ number: Int) -> String {
        count(
            number, ("message is sent again", "messages are sent again"),
            ("mensagem será reenviada", "mensagens serão reenviadas"))
    }
    func discarded(_ number: Int) -> String {
        count(
            number, ("message dropped", "messages dropped"), ("mensagem descartada", "mensagens descartadas"))
    }
    var ctrlCAgain: String { pick("Ctrl-C again quits.", "Ctrl-C de novo para sair.") }
    func ctrlCAgain(unsent: Int) -> String {
        pick(
            "Ctrl-C again quits; \(self.unsent(unsent)), sent at the next start.",
            "Ctrl-C de novo para sair; \(self.unsent(unsent)), para a próxima vez.")
    }
    /// The last words, on the shell's screen.
    func goodbye(unsent: Int) -> String {
        pick(
            "\(count(unsent, ("message stays", "messages stay"), ("", ""))) queued and will be sent at the next start.",
            "\(count(unsent, ("", ""), ("mensagem fica", "mensagens ficam"))) na fila e \(unsent == 1 ? "será enviada" : "serão enviadas") quando você abrir o mychat de novo."
        )
    }
    func goodbye(waiting: Int) -> String {
        pick(
            "\(count(waiting, ("message waits", "messages wait"), ("", ""))) for your decision.",
            "\(count(waiting, ("", ""), ("mensagem aguarda", "mensagens aguardam"))) sua decisão.")
    }

    // MARK: Sign in

    var server: String { pick("Server", "Servidor") }
    var name: String { pick("Name", "Nome") }
    var email: String { pick("Email", "E-mail") }
    var password: String { pick("Password", "Senha") }
    var signInTitle: String { pick("Sign in", "Entrar") }
    var registerTitle: String { pick("Create an account", "Criar uma conta") }
    var signInAction: String { pick("sign in", "entrar") }
    var registerAction: String { pick("create account", "criar conta") }
    var toRegister: String { pick("create an account", "criar uma conta") }
    var toSignIn: String { pick("sign in instead", "já tenho conta") }
    var nextField: String { pick("next field", "próximo campo") }
    var working: String { pick("one moment…", "um momento…") }
    var fillIn: String { pick("Please fill in every field.", "Preencha todos os campos.") }

    // MARK: Dialogs

    var switcherTitle: String { pick("Go to", "Ir para") }
    var noContact: String { pick("no contact", "fora dos contatos") }
    var switcherPrompt: String { pick("name", "nome") }
    var findTitle: String { pick("Find people", "Procurar pessoas") }
    var findPrompt: String {
        pick("name or email, two letters at least", "nome ou e-mail, ao menos duas letras")
    }
    var searching: String { pick("searching…", "procurando…") }
    var noMatch: String { pick("nobody found", "ninguém encontrado") }
    var alreadyInList: String { pick("in your list", "na sua lista") }
    var addsToList: String { pick("Enter adds and opens", "Enter adiciona e abre") }
    var opens: String { pick("Enter opens", "Enter abre") }
    var closes: String { pick("Esc closes", "Esc fecha") }
    var helpTitle: String { pick("Keys and commands", "Teclas e comandos") }
    var commandsTitle: String { pick("Commands", "Comandos") }
    var more: String { pick("↑ ↓ more", "↑ ↓ mais") }

    // MARK: Errors

    func error(_ error: ChatError) -> String {
        switch error {
        case .notSignedIn: return pick("Nobody is signed in.", "Você não entrou em nenhuma conta.")
        case .unauthorized(let message): return message
        case .refused(_, let message): return message
        case .unavailable(let status, _):
            return pick(
                "The server cannot answer now (\(status)).",
                "O servidor não pode responder agora (\(status)).")
        case .network(let failure): return network(failure)
        case .unexpectedAnswer:
            return pick("The server's answer makes no sense.", "A resposta do servidor não faz sentido.")
        case .timeout: return pick("No answer in time.", "Sem resposta a tempo.")
        case .invalid(let request): return invalid(request)
        case .storage: return storageFailed
        case .file(let path, let code):
            return pick(
                "\(path) cannot be used (error \(code)).", "\(path) não pode ser usado (erro \(code)).")
        }
    }

    private func invalid(_ request: InvalidRequest) -> String {
        switch request {
        case .emptyMessage: return pick("An empty message is not sent.", "Mensagem vazia não é enviada.")
        case .outboxFull(let limit):
            return pick(
                "The outbox is full: \(limit) messages wait to be sent.",
                "A caixa de saída está cheia: \(limit) mensagens esperam para ser enviadas.")
        case .messageTooLong(_, let limit): return tooLong(limit)
        case .ownAccount: return pick("That is you.", "Essa pessoa é você.")
        case .unknownMessage: return pick("That message is gone.", "Essa mensagem não existe mais.")
        case .alreadyOnItsWay:
            return pick("That message is on its way already.", "Essa mensagem já está a caminho.")
        case .notDeletable:
            return pick("That message cannot be deleted.", "Essa mensagem não pode ser apagada.")
        case .ofAnotherAccount:
            return pick(
                "That was written by another account.", "Isso foi escrito por outra conta.")
        case .forSomebodyElse:
            return pick(
                "Whether this is the person it was written to is not known.",
                "Não se sabe se esta é a pessoa para quem foi escrita.")
        case .gapOutOfReach:
            return pick("The server gives no older messages.", "O servidor não tem mensagens mais antigas.")
        case .emptyName: return pick("A name is needed.", "Falta um nome.")
        case .malformedToken: return pick("That is no token.", "Isso não é um token.")
        case .queryTooShort: return pick("Two letters at least.", "Ao menos duas letras.")
        }
    }
}
