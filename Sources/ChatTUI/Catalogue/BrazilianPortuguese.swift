import ChatClientCore
import ChatCrypto
import ChatNet
import ChatWire

/// Portuguese as Brazil has it.
struct BrazilianPortuguese: Catalogue {
    var style = CatalogueStyle()

    var language: Language { .brazilianPortuguese }

    // MARK: Names of things

    var online: String { say("online") }
    var offline: String { say("offline") }
    func newMessagesBelow(_ number: Int) -> String { count(number, "mensagem nova", "mensagens novas") }
    var you: String { say("você") }
    func lastSeen(_ when: String) -> String { say("visto por último \(when)") }
    var notAContact: String {
        let name = words(for: .find).names[0]
        return say("fora dos contatos · /\(name)")
    }
    func isTyping(_ name: String) -> String { say("\(name) está digitando…") }
    var typing: String { say("digitando…") }
    var draftLabel: String { say("rascunho:") }
    func mine(_ text: String) -> String { say("você: \(text)") }
    func newMessages(_ number: Int) -> String { count(number, "nova", "novas") }
    var olderAbove: String { say("↑ mensagens anteriores") }
    var loadingOlder: String { say("buscando mensagens anteriores…") }
    var beginning: String { say("a conversa começa aqui") }
    var gap: String { say("podem faltar mensagens · /lacuna busca") }

    // MARK: Dates

    var months: [String] {
        [
            "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
            "outubro", "novembro", "dezembro",
        ]
    }
    var weekdays: [String] {
        [
            "domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
            "sábado",
        ]
    }
    var todayWord: String { say("hoje") }
    var yesterdayWord: String { say("ontem") }
    var yesterdayShort: String { say("ontem") }
    func date(_ time: CalendarTime, hasYear: Bool) -> String {
        let year = hasYear ? " de \(time.year)" : ""
        return say("\(name(ofWeekday: time)), \(time.day) de \(name(ofMonth: time))\(year)")
    }
    func moment(_ time: CalendarTime, today: CalendarTime) -> String {
        let hour = say("\(time.hour == 1 ? "à" : "às") \(clock(time))")
        switch today.dayNumber - time.dayNumber {
        case 0: return hour
        case 1: return say("ontem \(hour)")
        case 2..<7:
            // Domingo and sábado.
            let isMasculine = time.weekday == 0 || time.weekday == 6
            return say("\(isMasculine ? "no" : "na") \(name(ofWeekday: time))")
        default: return say("em \(short(time, today: today))")
        }
    }
    var dateVocabulary: DateVocabulary {
        DateVocabulary(
            fillers: ["de", "em", "ha", "atras", "feira"],
            relative: ["hoje": 0, "ontem": 1, "anteontem": 2], days: ["dia", "dias"],
            weeks: ["semana", "semanas"], months: ["mes", "meses"], years: ["ano", "anos"])
    }

    // MARK: The link

    var signedOut: String { say("sessão encerrada") }
    var connecting: String { say("conectando…") }
    var connected: String { say("conectado") }
    var inUseElsewhere: String { say("em uso em outro lugar") }
    var signInNeeded: String { say("entre novamente") }
    var linkDown: String { say("desconectado") }
    var tryingNow: String { say("desconectado · tentando…") }
    func nextTry(in seconds: Int) -> String { say("desconectado · nova tentativa em \(seconds) s") }
    func nextTryShort(in seconds: Int) -> String { say("desconectado · \(seconds) s") }
    var linkNotStarted: String { say("a conexão não foi iniciada") }
    var handshakeTimedOut: String { say("o servidor não respondeu a tempo") }
    var linkSilent: String { say("o servidor parou de responder") }
    var linkClosed: String { say("o servidor fechou a conexão") }
    var otherProtocol: String { say("o servidor usa outro protocolo") }
    func inUseElsewhereHelp(_ key: String) -> String {
        say("Esta conta está em uso em outro lugar. \(key) usa aqui.")
    }

    // MARK: The status line

    func unsent(_ number: Int) -> String { count(number, "na fila", "na fila") }
    func waiting(_ number: Int) -> String {
        say(number == 1 ? "1 não enviada" : "\(number) não enviadas")
    }
    func unread(_ number: Int) -> String { count(number, "não lida", "não lidas") }
    var paused: String { say("envio pausado") }

    // MARK: Empty views

    var noConversations: String { say("Nenhuma conversa ainda") }
    func noConversationsHint(_ key: String) -> String { say("\(key) procura pessoas") }
    var chooseConversation: String { say("Escolha uma conversa") }
    func chooseConversationHint(_ key: String, arrows: String, accept: String) -> String {
        say("\(arrows) e \(accept), ou \(key) e um nome")
    }
    var loading: String { say("carregando…") }
    var notHereYet: String { say("Nada chegou aqui ainda") }
    var comesWithLink: String { say("Chega quando a conexão voltar") }
    func noMessages(_ name: String) -> String { say("Nenhuma mensagem com \(name) ainda") }
    var noMessagesHint: String { say("Escreva a primeira abaixo") }

    // MARK: The composer

    var groupingSeparator: String { "." }
    var composerPrompt: String { say("escreva uma mensagem") }
    var composerOffline: [String] {
        [
            say("escreva uma mensagem · será enviada quando a conexão voltar"),
            say("escreva · vai quando a conexão voltar"),
            composerPrompt,
        ]
    }
    func composerElsewhere(_ key: String) -> [String] {
        [
            say("em uso em outro lugar · \(key) usa aqui"),
            say("\(key) usa aqui"),
        ]
    }
    func tooLong(_ limit: Int) -> String { say("Longa demais: no máximo \(grouped(limit)) caracteres.") }

    // MARK: Messages that did not go

    func heldBack(_ reason: HeldReason?) -> String {
        switch reason {
        case nil: say("retida por ser antiga: você decide")
        case .formerServer: say("retida, escrita para o servidor anterior: você decide")
        case .goneFromServer: say("o servidor tinha esta mensagem e perdeu: você decide")
        }
    }
    func notSent(_ reason: String) -> String { say("não enviada: \(reason)") }
    var refusedWithoutWords: String { say("recusada pelo servidor") }

    // MARK: Notices

    func heldNotice(_ number: Int) -> String {
        say("\(count(number, "mensagem antiga aguarda", "mensagens antigas aguardam")) você: /saida")
    }
    var signInAgain: String { say("Sua sessão expirou. Entre de novo; nada se perdeu.") }
    var sessionEnded: String {
        say("Esta sessão foi encerrada em outro lugar. Entre de novo; nada se perdeu.")
    }
    func cacheSetAside(_ path: String, _ rescued: Int) -> String {
        say(
            "O cache estava danificado e foi guardado em \(path). Mensagens não enviadas recuperadas: \(rescued)."
        )
    }
    func contactChangeRefused(_ name: String, _ reason: String) -> String {
        say("\(name): o servidor recusou a mudança: \(reason)")
    }
    func conversationKept(_ name: String, _ reason: String?) -> String {
        guard let reason else {
            return say("\(name) escreveu nesse meio-tempo: a conversa foi apagada só aqui.")
        }
        return say("O servidor manteve a conversa com \(name): \(reason)")
    }
    var storageFailed: String { say("Não foi possível gravar no disco.") }
    func nobodyNamed(_ name: String) -> String { say("Ninguém chamado “\(name)” aqui.") }
    func couldBe(_ name: String, _ people: [String]) -> String {
        let list = people.joined(separator: say(" ou "))
        return say("“\(name)” pode ser \(list).")
    }
    func added(_ name: String) -> String { say("\(name) agora está na sua lista.") }
    func pinned(_ name: String, _ isPinned: Bool) -> String {
        isPinned
            ? say("\(name) fica no topo da lista.")
            : say("\(name) não fica mais no topo da lista.")
    }
    func muted(_ name: String, _ isMuted: Bool) -> String {
        isMuted
            ? say("Sem avisos de \(name) a partir de agora.")
            : say("Os avisos de \(name) voltaram.")
    }
    func listWidths(_ range: ClosedRange<Int>) -> String {
        say("A lista tem de \(range.lowerBound) a \(range.upperBound) colunas.")
    }
    var nothingUnread: String { say("Tudo lido.") }
    var nothingToRetry: String { say("Nada pendente aqui.") }
    func retried(_ number: Int) -> String {
        count(number, "mensagem será reenviada", "mensagens serão reenviadas")
    }
    func discarded(_ number: Int) -> String {
        count(number, "mensagem descartada", "mensagens descartadas")
    }
    func againQuits(_ key: String) -> String { say("\(key) de novo para sair.") }
    func againQuits(_ key: String, unsent: Int) -> String {
        say("\(key) de novo para sair; \(self.unsent(unsent)), para a próxima vez.")
    }
    func goodbye(unsent: Int) -> String {
        say(
            "\(count(unsent, "mensagem fica", "mensagens ficam")) na fila e \(unsent == 1 ? "será enviada" : "serão enviadas") quando você abrir o mychat de novo."
        )
    }
    func goodbye(waiting: Int) -> String {
        say("\(count(waiting, "mensagem aguarda", "mensagens aguardam")) sua decisão.")
    }

    // MARK: Sign in

    var server: String { say("Servidor") }
    var name: String { say("Nome") }
    var email: String { say("E-mail") }
    var password: String { say("Senha") }
    var invitation: String { say("Convite") }
    var signInTitle: String { say("Entrar") }
    var registerTitle: String { say("Criar uma conta") }
    var signInAction: String { say("entrar") }
    var registerAction: String { say("criar conta") }
    var toRegister: String { say("criar uma conta") }
    var toSignIn: String { say("já tenho conta") }
    var nextField: String { say("próximo campo") }
    var working: String { say("um momento…") }
    var fillIn: String { say("Preencha todos os campos.") }

    // MARK: Dialogs

    var switcherTitle: String { say("Ir para") }
    var noContact: String { say("fora dos contatos") }
    var switcherPrompt: String { say("nome") }
    var findTitle: String { say("Procurar pessoas") }
    var findPrompt: String { say("nome ou e-mail, ao menos duas letras") }
    var searching: String { say("procurando…") }
    var noMatch: String { say("ninguém encontrado") }
    var alreadyInList: String { say("na sua lista") }
    func addsToList(_ key: String) -> String { say("\(key) adiciona e abre") }
    func opens(_ key: String) -> String { say("\(key) abre") }
    func closes(_ key: String) -> String { say("\(key) fecha") }
    var helpTitle: String { say("Teclas e comandos") }
    var commandsTitle: String { say("Comandos") }
    func more(_ arrows: String) -> String { say("\(arrows) mais") }

    // MARK: Errors

    var nobodySignedIn: String { say("Você não entrou em nenhuma conta.") }
    func serverUnavailable(_ status: Int) -> String {
        say("O servidor não pode responder agora (\(status)).")
    }
    var senselessAnswer: String { say("A resposta do servidor não faz sentido.") }
    var noAnswerInTime: String { say("Sem resposta a tempo.") }
    func unusableFile(_ path: String, _ code: Int32) -> String {
        say("\(path) não pode ser usado (erro \(code)).")
    }
    func invalid(_ request: InvalidRequest) -> String {
        switch request {
        case .emptyMessage: return say("Mensagem vazia não é enviada.")
        case .outboxFull(let limit):
            return say("A caixa de saída está cheia: \(limit) mensagens esperam para ser enviadas.")
        case .messageTooLong(_, let limit): return tooLong(limit)
        case .ownAccount: return say("Essa pessoa é você.")
        case .unknownMessage: return say("Essa mensagem não existe mais.")
        case .alreadyOnItsWay:
            return say("Essa mensagem já está a caminho.")
        case .notDeletable:
            return say("Essa mensagem não pode ser apagada.")
        case .ofAnotherAccount:
            return say("Isso foi escrito por outra conta.")
        case .forSomebodyElse:
            return say("Não se sabe se esta é a pessoa para quem foi escrita.")
        case .gapOutOfReach:
            return say("O servidor não tem mensagens mais antigas.")
        case .emptyName: return say("Falta um nome.")
        case .malformedToken: return say("Isso não é um token.")
        case .queryTooShort: return say("Ao menos duas letras.")
        }
    }

    // MARK: What the server says

    /// The API speaks Portuguese.
    func words(for refusal: Refusal) -> String { say(refusal.message) }
    func words(for problem: RequestProblem) -> String { say(problem.message) }

    // MARK: Another server than before

    func otherServer(_ why: String) -> String {
        say("O servidor não é mais o mesmo: \(why). As mensagens antigas estão marcadas.")
    }
    func waitForYou(_ number: Int) -> String {
        say("\(count(number, "mensagem aguarda", "mensagens aguardam")) você: /saida")
    }
    func why(_ reason: FormerServerReason) -> String {
        switch reason {
        case .otherDatabase: say("o banco de dados é outro")
        case .otherAccount: say("a conta é outra")
        case .wentBack: say("ele voltou a um estado antigo")
        case .otherMessages: say("as mensagens são outras")
        }
    }
    func goneFromServer(_ number: Int) -> String {
        say("O servidor perdeu \(count(number, "mensagem sua", "mensagens suas")): /saida")
    }
    func formerMessages(with name: String) -> String { say("com \(name), no servidor anterior") }
    var presentMessages: String { say("no servidor atual") }
    var formerMark: String { say("servidor anterior") }

    // MARK: What waits for the person

    func word(for decision: Decision) -> String {
        switch decision {
        case .retry: say("reenviar")
        case .edit: say("editar")
        case .drop: say("descartar")
        case .sendAsNew: say("como nova")
        }
    }
    func toDecide(_ key: String) -> String { say("\(key) para decidir") }
    var nothingToChoose: String { say("Nenhuma mensagem para escolher.") }
    var onItsWay: String { say("Essa mensagem já está a caminho.") }
    func onlyUnsentAreEdited(quote key: String?) -> String {
        say("O que foi enviado fica como está\(key.map { "; \($0) cita" } ?? "").")
    }
    var onlyWaitingAsNew: String { say("Só o que foi recusado ou retido vai como mensagem nova.") }
    var onlyOwnAreDeleted: String { say("Só as suas mensagens podem ser apagadas.") }
    func dropped(yank key: String?) -> String {
        say("Descartada\(key.map { "; \($0) traz o texto de volta" } ?? "").")
    }
    var cancelledWhenKnown: String { say("Já a caminho: será apagada assim que o servidor responder.") }
    var deleted: String { say("Apagada para os dois lados.") }
    var deletedLater: String { say("Apagada aqui; para o outro lado quando a conexão voltar.") }
    var editing: String { say("editando uma mensagem não enviada") }
    func editingHint(_ key: String) -> String { say("\(key) deixa como estava") }
    func emptyEdit(_ key: String?) -> String {
        say("Mensagem vazia não é enviada.\(key.map { " \($0) deixa como estava." } ?? "")")
    }

    // MARK: Copying and links

    func copied(_ outcome: CopyOutcome) -> String {
        switch outcome {
        case .inTmuxBuffer:
            say("No buffer do tmux: prefixo ] cola. Fora dele também, se o terminal permitir OSC 52.")
        case .handedOver(.tmux): say("Entregue ao tmux, que só a guarda com “set -s set-clipboard on”.")
        case .handedOver(.screen):
            say("Entregue ao terminal pelo screen. Se não colar, permita OSC 52 no terminal.")
        case .handedOver(.terminal):
            say("Entregue ao terminal. Se não colar, permita OSC 52 nas configurações dele.")
        case .refused:
            say("Este terminal não aceita cópias: marque o texto com o mouse, segurando Shift.")
        }
    }
    var noLink: String { say("Nenhum link nesta mensagem.") }
    var linksTitle: String { say("Abrir um link") }
    var cannotOpenLink: String { say("Nenhum programa aqui abre links.") }

    // MARK: Questions

    func letter(of answer: Question.Answer) -> String {
        switch answer {
        case .no: "n"
        case .yes: say("s")
        case .oneLine: say("j")
        case .look, .sendAll, .discardAll: ""
        }
    }
    func answer(_ answer: Question.Answer, to subject: Question.Subject) -> String {
        switch (subject, answer) {
        case (.deleteMessage, .yes): say("apagar para os dois")
        case (.deleteMessage, .no): say("manter")
        case (.openLink, .yes): say("abrir")
        case (.openLink, .no): say("não abrir")
        case (.paste, .yes): say("colar")
        case (.paste, .no): say("não colar")
        case (.removeContact, .yes): say("remover")
        case (.deleteConversation, .yes): say("apagar tudo para os dois")
        case (.held, .no), (.heldFromFormerServer, .no): say("depois")
        case (_, .no): say("manter")
        case (_, .yes): say("sim")
        case (_, .oneLine): say("juntar em uma linha só")
        case (_, .look): say("ver quais são")
        case (_, .sendAll): say("enviar todas agora")
        case (_, .discardAll): say("descartar todas")
        }
    }
    func title(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage: say("Apagar esta mensagem?")
        case .openLink: linksTitle
        case .paste(_, let lines): say("Colar \(lines) linhas?")
        case .held(let number), .heldFromFormerServer(let number):
            count(number, "mensagem retida", "mensagens retidas")
        case .removeContact: say("Remover da sua lista?")
        case .deleteConversation: say("Apagar esta conversa?")
        }
    }
    func explanation(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage: say("Ela será apagada para os dois lados. Não dá para desfazer.")
        case .openLink: say("Ele abre no seu navegador.")
        case .paste: say("Elas viram uma só mensagem.")
        case .held(1): say("Foi escrita há muito tempo e não foi enviada. Enviar agora?")
        case .held: say("Foram escritas há muito tempo e não foram enviadas. Enviar agora?")
        case .heldFromFormerServer:
            say("O servidor agora é outro, ou as perdeu. Só vão as que são para as mesmas pessoas.")
        case .removeContact: say("As mensagens continuam guardadas.")
        case .deleteConversation:
            say("Todas as mensagens serão apagadas para os dois lados. Não dá para desfazer.")
        }
    }

    // MARK: Details

    var detailsTitle: String { say("Sobre esta mensagem") }
    var detailFrom: String { say("de") }
    var detailState: String { say("estado") }
    var detailReason: String { say("motivo") }
    func detailTime(isUnsent: Bool) -> String {
        isUnsent ? say("escrita") : say("enviada")
    }
    var detailDelivered: String { say("entregue") }
    var detailRead: String { say("lida") }
    var detailLength: String { say("tamanho") }
    func characters(_ number: Int) -> String {
        count(number, "caractere", "caracteres")
    }
    var detailID: String { say("id") }
    var detailTempID: String { say("id local") }
    func words(for state: RowState) -> String {
        switch state {
        case .received: say("recebida")
        case .queued: say("na fila: aguardando envio")
        case .sending: say("sendo enviada")
        case .unknown: say("enviada, ainda sem confirmação")
        case .sent: say("o servidor recebeu")
        case .delivered: say("entregue")
        case .read: say("lida")
        case .failed: say("recusada pelo servidor")
        case .held: say("retida até você decidir")
        }
    }

    // MARK: Slash commands

    func words(for command: SlashCommand) -> CommandWords {
        switch command {
        case .help: CommandWords("ajuda", help: say("teclas e comandos"))
        case .keys: CommandWords("teclas", help: say("como se chama e o que faz uma tecla"))
        case .goTo: CommandWords("ir", help: say("ir para uma conversa"))
        case .next: CommandWords("proxima", "próxima", help: say("próxima conversa não lida"))
        case .search: CommandWords("buscar", help: say("buscar nas mensagens"))
        case .date: CommandWords("data", help: say("ir para um dia"))
        case .unread: CommandWords("novas", help: say("ir para as mensagens novas"))
        case .end: CommandWords("fim", help: say("ir para a mensagem mais recente"))
        case .older: CommandWords("anteriores", help: say("mensagens anteriores"))
        case .find: CommandWords("adicionar", "procurar", help: say("procurar pessoas e adicionar"))
        case .rename: CommandWords("renomear", help: say("dar outro nome a esta pessoa"))
        case .remove: CommandWords("remover", help: say("tirar esta pessoa da lista"))
        case .deleteConversation:
            CommandWords("apagar-conversa", help: say("apagar esta conversa para os dois"))
        case .edit: CommandWords("editar", help: say("escrever no seu editor"))
        case .copy: CommandWords("copiar", help: say("copiar a mensagem mais recente"))
        case .delete: CommandWords("apagar", help: say("apagar a sua mensagem mais recente"))
        case .outbox: CommandWords("saida", "saída", help: say("o que ainda não foi enviado"))
        case .retry: CommandWords("reenviar", help: say("reenviar o que não foi enviado aqui"))
        case .discard: CommandWords("descartar", help: say("descartar o que não foi enviado aqui"))
        case .gap: CommandWords("lacuna", help: say("buscar o que pode faltar"))
        case .conversations: CommandWords("lista", help: say("as conversas"))
        case .list: CommandWords("lista", help: say("esconder ou mostrar a lista; largura"))
        case .pin: CommandWords("fixar", help: say("fixar no topo da lista, ou desafixar"))
        case .mute: CommandWords("silenciar", help: say("silenciar, ou voltar a avisar"))
        case .status: CommandWords("estado", help: say("conexão, não lidas e não enviadas"))
        case .typing: CommandWords("digitando", help: say("sim ou não: ser avisado de quem está digitando"))
        case .profile: CommandWords("perfil", help: say("mudar para outro perfil"))
        case .reconnect: CommandWords("reconectar", help: say("conectar agora"))
        case .signOut: CommandWords("sair-da-conta", help: say("sair da conta; o cache fica"))
        case .quit: CommandWords("sair", help: say("sair; o que está na fila fica na fila"))
        }
    }
    func word(for argument: SlashCommand.Argument) -> String {
        switch argument {
        case .person: say("nome")
        case .words: say("palavras")
        case .day: say("ontem, 1 out, …")
        case .query: say("nome ou e-mail")
        case .newName: say("novo nome")
        case .width: say("largura")
        case .profile: say("nome")
        case .onOrOff: say("sim, não")
        }
    }
    func unknownCommand(_ name: String) -> String { say("Comando desconhecido: /\(name).") }
    func didYouMean(_ name: String) -> String { say("Você quis dizer /\(name)?") }
    var slashHint: String { say("// começa um texto com barra.") }
    func takesNothing(_ name: String) -> String { say("/\(name) não leva nada; com // vai como texto.") }
    func pasteCut(_ limit: Int) -> String {
        say("O texto colado foi cortado: uma mensagem tem no máximo \(grouped(limit)) caracteres.")
    }

    // MARK: Jumps

    var newerBelow: String { say("↓ mensagens mais recentes") }
    var noMessageThere: String { say("Nenhuma mensagem aí.") }
    var noDate: String { say("Isso não é um dia. Tente: ontem, sexta, há 3 dias, 1 out, 2026-10-01.") }
    var noGap: String { say("Não falta nada aqui.") }
    var gapNeedsLink: String { say("O que falta pode ser buscado quando a conexão voltar.") }

    // MARK: Search

    func hits(_ number: Int) -> String { count(number, "resultado", "resultados") }
    func searchIn(_ name: String) -> String { say("Buscar na conversa com \(name)") }
    var searchEverywhere: String { say("Buscar em todas as conversas") }
    func searchOther(isEverywhere: Bool, _ key: String) -> String {
        isEverywhere ? say("\(key) só esta") : say("\(key) todas")
    }
    var searchPrompt: String { say("palavras de uma mensagem") }
    var searchHint: String { say("Maiúsculas e acentos não contam; \"palavras entre aspas\" ficam juntas.") }
    var noHits: String { say("nenhuma mensagem tem essas palavras") }
    func indexing(_ number: Int) -> String { say("\(number) ainda fora do índice") }
    func hit(_ number: Int, of total: String) -> String { say("\(number) de \(total)") }
    func youTo(_ name: String) -> String { say("você para \(name)") }
    func noSearchYet(_ ways: [String]) -> String {
        say("Faça uma busca antes: \(ways.joined(separator: " ou ")).")
    }
    var noOlderHit: String { say("Nenhum resultado mais antigo.") }
    var noNewerHit: String { say("Nenhum resultado mais recente.") }

    // MARK: The outbox

    var outboxWord: String { say("Caixa de saída") }
    var outboxEmpty: String { say("Nada espera para ser enviado.") }

    // MARK: Editing

    var noEditor: String { say("Nenhum editor pôde ser aberto. Defina EDITOR.") }
    func noEditor(_ words: String, variable: String) -> String {
        say("O editor “\(words)” não pôde ser aberto. Defina \(variable).")
    }
    func editorFileFailed(_ reason: String) -> String {
        say("O texto não pode ser gravado para o editor: \(reason)")
    }
    func editorFailed(yank key: String?) -> String {
        let way = key.map { " \($0) traz o que ele gravou." } ?? ""
        return say("O editor terminou com erro: o texto é o de antes.\(way)")
    }
    func editorSavedNoText(yank key: String?) -> String {
        let way = key.map { " \($0) traz o que dá para ler." } ?? ""
        return say("O que o editor gravou não é UTF-8: o texto é o de antes.\(way)")
    }
    var editorSavedTooMuch: String {
        say("O que o editor gravou passa de um megabyte: o texto é o de antes.")
    }
    var nothingToDelete: String { say("Nada seu para apagar aqui.") }

    // MARK: People and profiles

    func profileIs(_ name: String) -> String { say("Este é o perfil \(name).") }
    func otherProfiles(_ names: String) -> String { say("Outros: \(names).") }
    func renamed(_ name: String) -> String { say("Novo nome: \(name)") }
    func removed(_ name: String) -> String { say("\(name) saiu da sua lista.") }
    var nameTooLong: String { say("Esse nome é longo demais.") }
    var noProfileName: String { say("O nome de um perfil tem letras, dígitos, '-', '_' e '.'.") }
    var oneProfileOnly: String { say("Aqui não dá para mudar de perfil.") }

    // MARK: Keys

    func hint(_ command: Command) -> String {
        switch command {
        case .help: say("ajuda")
        case .quit: say("sair")
        case .switcher: say("ir para")
        case .findPeople: say("procurar pessoas")
        case .nextUnread: say("não lida")
        case .switchPane: say("lista")
        case .search: say("buscar")
        case .reconnect: say("usar aqui")
        case .message(let command): hint(command)
        default: describe(command)
        }
    }
    private func hint(_ command: MessageCommand) -> String {
        switch command {
        case .copy: say("copiar")
        case .quote: say("citar")
        case .openLink: say("abrir link")
        case .details: say("detalhes")
        case .delete: say("apagar")
        case .retry: say("reenviar")
        case .edit: say("editar")
        case .nextHit: say("próximo")
        case .previousHit: say("anterior")
        case .sendAsNew: say("como nova")
        case .leave: say("escrever")
        default: describe(command)
        }
    }
    var conversation: String { say("conversa") }
    func section(_ section: Keymap.Section) -> String {
        switch section {
        case .everywhere: say("Em qualquer lugar")
        case .conversations: say("Conversas")
        case .messages: say("Mensagens")
        case .chosen: say("Com uma mensagem escolhida")
        case .writing: say("Escrever")
        }
    }
    func describe(_ command: Command) -> String {
        switch command {
        case .help: say("esta ajuda")
        case .quit: say("sair; o que está na fila fica na fila")
        case .interrupt: say("sair, se apertado duas vezes")
        case .suspend: say("voltar ao shell; fg volta para cá")
        case .redraw: say("redesenhar a tela")
        case .reconnect: say("conectar agora")
        case .switcher: say("ir para uma conversa pelo nome")
        case .findPeople: say("procurar pessoas e adicionar")
        case .nextUnread: say("próxima conversa não lida")
        case .previousConversation: say("conversa de cima")
        case .nextConversation: say("conversa de baixo")
        case .conversation: say("conversa daquela posição")
        case .switchPane: say("entre lista e conversa")
        case .toggleList: say("esconder ou mostrar a lista")
        case .widenList: say("lista mais larga")
        case .narrowList: say("lista mais estreita")
        case .togglePinned: say("fixar no topo da lista, ou desafixar")
        case .toggleMuted: say("silenciar, ou voltar a avisar")
        case .pageUp: say("uma página acima")
        case .pageDown: say("uma página abaixo")
        case .lineUp: say("uma linha acima")
        case .lineDown: say("uma linha abaixo")
        case .scrollToStart: say("ao começo")
        case .scrollToEnd: say("ao fim")
        case .search: say("buscar nesta conversa")
        case .searchAll: say("buscar em todas as conversas")
        case .outbox: say("o que ainda não foi enviado")
        case .externalEditor: say("escrever no seu editor")
        case .prefix: say("depois " + pairs(editor: "editor", undo: "desfaz"))
        case .chooseMessage: say("escolher uma mensagem")
        case .message(let command): describe(command)
        case .up: say("linha acima; o que já foi enviado")
        case .down: say("linha abaixo")
        case .accept: say("enviar")
        case .cancel: say("fechar; voltar ao fim")
        case .newline: say("nova linha")
        case .edit(let edit): describe(edit)
        }
    }
    private func describe(_ command: MessageCommand) -> String {
        switch command {
        case .previous: say("a mensagem de cima")
        case .next: say("a mensagem de baixo")
        case .pageUp: say("uma página acima")
        case .pageDown: say("uma página abaixo")
        case .first: say("a primeira")
        case .last: say("a última")
        case .previousDay: say("o dia anterior")
        case .nextDay: say("o dia seguinte")
        case .copy: say("copiar o texto")
        case .quote: say("responder citando")
        case .openLink: say("abrir um link dela")
        case .details: say("tudo sobre ela")
        case .delete: say("apagar; descartar se não foi enviada")
        case .retry: say("enviar de novo")
        case .edit: say("mudar antes que seja enviada")
        case .sendAsNew: say("enviar como mensagem nova")
        case .search: say("buscar")
        case .nextHit: say("próximo resultado")
        case .previousHit: say("resultado anterior")
        case .unreadLine: say("às mensagens novas")
        case .fillGap: say("buscar o que pode faltar acima")
        case .leave: say("voltar a escrever")
        }
    }
    private func describe(_ edit: Command.Edit) -> String {
        switch edit {
        case .left: say("à esquerda")
        case .right: say("à direita")
        case .wordLeft: say("uma palavra à esquerda")
        case .wordRight: say("uma palavra à direita")
        case .lineStart: say("ao começo da linha")
        case .lineEnd: say("ao fim da linha")
        case .textStart: say("ao começo do texto")
        case .textEnd: say("ao fim do texto")
        case .deleteBackward: say("apagar à esquerda")
        case .deleteForward: say("apagar à direita")
        case .killWordBackward: say("recortar a palavra à esquerda")
        case .killToSpace: say("recortar até o espaço")
        case .killWordForward: say("recortar a palavra à direita")
        case .killToStart: say("recortar até o começo da linha")
        case .killToEnd: say("recortar até o fim da linha")
        case .yank: say("colar o que foi recortado")
        case .yankEarlier: say("colar o recorte anterior")
        case .transpose: say("trocar dois caracteres")
        case .undo: say("desfazer")
        case .redo: say("refazer")
        }
    }

    // MARK: Trying keys

    var keysTitle: String { say("O que as teclas fazem") }
    var keysHint: String { say("Aperte qualquer tecla") }
    func keysClose(_ key: String) -> String { say("\(key) \(key) fecha") }
    var keyTypes: String { say("é digitada") }
    var keyDoesNothing: String { say("não faz nada") }
    func whileChosen(_ words: String) -> String { say("na mensagem escolhida: \(words)") }
    var doubleSlash: String { say("mensagem que começa com barra") }

    // MARK: The network

    func serverAddress(_ error: ServerURLError) -> String {
        switch error {
        case .empty: "falta o endereço do servidor"
        case .unsupportedScheme(let scheme): "'\(scheme)' não serve: use http:// ou https://"
        case .missingHost: "o endereço do servidor não tem o nome da máquina"
        case .invalidHost(let host): "'\(host)' não é um nome de máquina"
        case .invalidPort(let port): "'\(port)' não é uma porta: use um número de 1 a 65535"
        case .containsCredentials: "o endereço do servidor não leva usuário nem senha"
        case .containsQueryOrFragment: "o endereço do servidor não leva '?' nem '#'"
        case .invalidPath(let path): "'\(path)' não é um caminho"
        }
    }

    func network(_ error: NetError) -> String {
        switch error {
        case .hostNotFound(let host): "não existe servidor com o nome \(host)"
        case .resolverFailed(let host, _): "não foi possível localizar \(host): verifique a rede"
        case .refused(let endpoint): "conexão recusada por \(endpoint); o servidor está no ar?"
        case .unreachable(let endpoint, _): "não há caminho até \(endpoint): verifique a rede"
        case .timeout(_, let endpoint): "\(endpoint) não respondeu a tempo"
        case .tls(let failure, let endpoint):
            "sem conexão segura com \(endpoint): \(tls(failure))"
        case .proxy(.credentialsRequired, let proxy), .proxy(.credentialsRefused, let proxy):
            "o proxy \(proxy) exige usuário e senha, ou recusou os que recebeu"
        case .proxy(_, let proxy): "o proxy \(proxy) não deu acesso ao servidor"
        case .closed(let endpoint): "\(endpoint) fechou a conexão"
        case .sendBufferFull(_, let endpoint): "\(endpoint) não está recebendo dados"
        case .invalidRequest: "o pedido contém um caractere que não pode ser enviado"
        case .invalidResponse(_, let endpoint): "o que responde em \(endpoint) não é um servidor da web"
        case .redirectRefused(let location): "o servidor manda este pedido para outro lugar: \(location)"
        case .tooManyRedirects: "o servidor redireciona sem fim"
        case .webSocketRefused(let status, let endpoint):
            "\(endpoint) recusou a conexão em tempo real (HTTP \(status))"
        case .webSocketHandshake(_, let endpoint): "\(endpoint) não oferece WebSocket"
        case .webSocket(_, let endpoint): "a conexão com \(endpoint) caiu"
        case .localResources: "esta máquina não consegue abrir uma conexão"
        case .cancelled: "cancelado"
        }
    }
    func tls(_ failure: TLSFailure) -> String {
        switch failure {
        case .certificateExpired(let notAfter): return "o certificado do servidor venceu em \(notAfter)"
        case .certificateNotYetValid(let notBefore):
            return "o certificado do servidor só vale a partir de \(notBefore)"
        case .hostMismatch(let host, let presented):
            return presented.isEmpty
                ? "o certificado do servidor não é de \(host)"
                : "o certificado do servidor é de \(presented.joined(separator: ", ")), não de \(host)"
        case .unknownIssuer(let issuer, _):
            return "o certificado do servidor foi assinado por uma autoridade desconhecida (\(issuer))"
        case .selfSigned(let subject, _):
            return "o certificado do servidor é assinado por ele mesmo (\(subject))"
        case .pinMismatch(let presented):
            return "a chave do servidor não é a que foi fixada"
                + (presented.map { " (ele mostra \($0))" } ?? "")
        case .certificateRejected(let reason): return "o certificado do servidor foi recusado: \(reason)"
        case .protocolVersion: return "o servidor não oferece TLS 1.2 nem mais recente"
        case .notTLS: return "o que responde ali não usa TLS"
        case .refusedByPeer(let alert): return "o servidor recusou a conexão TLS (\(alert))"
        case .truncated: return "a conexão TLS foi cortada"
        case .protocolError(let reason): return "a conexão TLS falhou: \(reason)"
        case .authorityFile(let path, let reason):
            return "o arquivo de autoridades \(path) não pode ser usado: \(reason)"
        case .setup(let reason): return "não foi possível preparar o TLS: \(reason)"
        }
    }
    func tlsAdvice(_ failure: TLSFailure) -> String? {
        switch failure {
        case .certificateExpired:
            return
                "Confira o relógio desta máquina; se estiver certo, quem cuida do servidor precisa renovar o "
                + "certificado."
        case .certificateNotYetValid: return "Confira o relógio desta máquina."
        case .hostMismatch(_, let presented):
            return presented.isEmpty
                ? nil : "Use um dos nomes do certificado, se é esse o servidor que você quer."
        case .unknownIssuer(_, let pin), .selfSigned(_, let pin):
            return "Se você sabe que este é o servidor certo, confie na autoridade dele com um arquivo PEM"
                + (pin.map { ", ou fixe a chave dele: \($0)" } ?? "") + "."
        case .pinMismatch:
            return
                "Pode haver alguém no meio, ou o servidor tem uma chave nova; pergunte a quem cuida dele antes "
                + "de mudar."
        case .notTLS: return "Se o servidor não usa TLS, escreva o endereço com http://."
        case .certificateRejected, .protocolVersion, .refusedByPeer, .truncated, .protocolError,
            .authorityFile, .setup:
            return nil
        }
    }
    func terminal(_ error: TerminalError) -> String {
        let plain =
            "`mychat --plain` conversa linha por linha; comandos como `mychat send` fazem uma coisa só."
        return switch error {
        case .notATerminal:
            "O cliente de tela cheia precisa de um terminal na entrada e na saída padrão. " + plain
        case .noTerminalType:
            "TERM não está definida: o tipo do terminal é desconhecido; tente TERM=xterm-256color. " + plain
        case .unknownTerminalType(let name):
            "O tipo de terminal “\(Sanitizer.line(name))” (TERM) é desconhecido; tente TERM=xterm-256color. "
                + plain
        case .incapableTerminal(let name):
            "Um terminal do tipo “\(Sanitizer.line(name))” (TERM) não mostra telas cheias. " + plain
        case .inBackground:
            "O programa roda em segundo plano, sem um shell que o traga para a frente. " + plain
        case .system(let call, let code): "O terminal falhou: \(call), erro \(code)."
        }
    }

    // MARK: Keys

    var keyProbeBegins: String { say("Aperte teclas para ver seus nomes, comandos e bytes. Ctrl-C termina.") }
    var noKey: String { say("(nenhuma tecla)") }
    func pasted(_ characters: Int) -> String { say("(colado: \(characters) caracteres)") }

    // MARK: Plain mode

    func plainLink(_ words: String) -> String { say("Conexão: \(words).") }
    var everythingSent: String { say("Tudo enviado.") }
    var yesWords: [String] { ["sim", "s"] }
    var noWords: [String] { ["não", "nao", "n"] }
    func plainWelcome(_ email: String) -> String {
        say("MyChat, linha por linha. Você é \(email). /ajuda mostra os comandos.")
    }
    var plainNobodyOpen: String {
        say("Nenhuma conversa aberta. /lista mostra as conversas, /ir e um nome abre uma.")
    }
    func plainConversation(_ name: String, _ presence: String?) -> String {
        let state = presence.map { ", " + $0 } ?? ""
        return say("Conversa com \(name)\(state).")
    }
    var plainNoMessages: String { say("Nenhuma mensagem ainda.") }
    var plainBeginning: String { say("A conversa começa aqui.") }
    var plainOlder: String { say("/anteriores mostra mensagens anteriores.") }
    func plainUnread(_ number: Int) -> String {
        count(number, "mensagem nova:", "mensagens novas:")
    }
    func plainElsewhere(_ name: String, _ text: String) -> String { say("Nova mensagem de \(name): \(text)") }
    var plainYou: String { say("Você") }
    func word(_ state: RowState) -> String {
        switch state {
        case .received: say("recebida")
        case .queued: say("na fila")
        case .sending: say("enviando")
        case .unknown: say("ainda sem confirmação")
        case .sent: say("enviada")
        case .delivered: say("entregue")
        case .read: say("lida")
        case .failed: say("não enviada")
        case .held: say("esperando você")
        }
    }
    func plainFailure(_ reason: String, _ excerpt: String) -> String {
        say("Não enviada: \(excerpt). Motivo: \(reason). /reenviar manda de novo, /descartar desiste.")
    }
    var plainChoose: String {
        say("Um número adiciona e abre a pessoa; uma linha vazia não adiciona ninguém.")
    }
    var plainNobodyAdded: String { say("Ninguém adicionado.") }
    var plainModeOnly: String { say("Isso só existe no modo linha por linha.") }
    var plainFullScreenOnly: String { say("Isso só existe na tela cheia.") }
    var plainSearchWhat: String { say("Escreva quem procurar: /adicionar nome") }
    func typingAnnounced(_ isOn: Bool) -> String {
        isOn
            ? say("Você será avisado de quem está digitando.")
            : say("Você não será avisado de quem está digitando.")
    }
    var plainSearchFor: String { say("Escreva o que buscar: /buscar palavras") }
    func plainNewName(_ name: String) -> String { say("Escreva o novo nome: /renomear \(name)") }
    func plainRemove(_ name: String) -> String { say("Tirar \(name) dos seus contatos? sim ou não.") }
    func plainDelete(_ excerpt: String) -> String {
        say("Apagar sua última mensagem para vocês dois: \(excerpt)? sim ou não.")
    }
    func plainDeleteConversation(_ name: String) -> String {
        say("Apagar toda a conversa com \(name), para vocês dois? sim ou não.")
    }
    var plainDeleting: String { say("Está sendo apagada.") }
    var plainNothingToDelete: String { say("Não há mensagem sua aqui.") }
    func plainTakesNothing(_ name: String) -> String {
        say("/\(name) não leva nada; // envia como texto. Nada foi feito.")
    }
    var plainLineTooLong: String { say("Não enviada: a linha é longa demais.") }
    var plainNotText: String { say("Não enviada: não está em UTF-8.") }
    func plainPasted(_ count: Int) -> String {
        say("Vieram \(count) linhas juntas, e um comando ou uma resposta vem só. Nada foi enviado nem feito.")
    }
    var plainNothingDone: String { say("Nada foi feito.") }

    // MARK: Emoji

    var emojiNames: String {
        """
        😀 sorriso,alegre
        😃 feliz
        😄 risada
        😁 radiante
        😆 gargalhada
        😅 ufa
        🤣 rolando_de_rir
        😂 chorando_de_rir
        🙂 sorrisinho
        🙃 cabeca_para_baixo
        😉 piscada,piscadela
        😊 corado
        😇 anjo
        🥰 apaixonado
        😍 olhos_de_coracao
        😘 beijo
        😋 delicia
        😛 lingua
        😜 maluco
        🤪 doido
        🤗 abraco
        🤭 opa
        🤫 silencio
        🤔 pensando
        🤐 boca_fechada
        🤨 desconfiado
        😐 neutro
        😑 sem_expressao
        😶 sem_palavras
        😏 sorriso_torto
        😒 sem_graca
        🙄 revirando_os_olhos
        😬 careta
        😌 aliviado
        😔 pensativo
        😪 sonolento
        🤤 babando
        😴 dormindo
        😷 mascara
        🤒 doente
        🤕 machucado
        🤢 enjoo
        🤧 espirro
        🥵 calor
        🥶 frio
        🥴 tonto
        🤯 cabeca_explodindo
        🥳 festa
        😎 legal,oculos_escuros
        🤓 nerd
        😕 confuso
        😟 preocupado
        🙁 chateado
        😮 nossa
        😲 espantado
        😳 envergonhado
        🥺 por_favor
        😨 medo
        😰 ansioso
        😢 choro
        😭 chorando
        😱 grito
        😖 perturbado
        😞 decepcionado
        😓 suor
        😩 exausto
        😫 cansado
        🥱 bocejo
        😤 bufando
        😡 raiva
        🤬 palavrao
        😈 diabinho
        💀 caveira
        💩 coco
        🤡 palhaco
        👻 fantasma
        👽 extraterrestre
        🤖 robo
        😺 gato_feliz
        🙈 nao_vejo
        🙉 nao_ouco
        🙊 nao_falo
        ❤️ coracao,amor
        🧡 coracao_laranja
        💛 coracao_amarelo
        💚 coracao_verde
        💙 coracao_azul
        💜 coracao_roxo
        🖤 coracao_preto
        🤍 coracao_branco
        💔 coracao_partido
        💕 dois_coracoes
        💯 cem
        💥 explosao
        💫 tontura
        💦 gotas
        💤 soneca
        👋 tchau,aceno,oi
        🤚 mao
        ✋ pare,toca_aqui
        👌 perfeito
        🤏 pouquinho
        ✌️ paz,vitoria
        🤞 dedos_cruzados
        🤘 rock
        🤙 me_liga
        👈 esquerda
        👉 direita
        👆 cima
        👇 baixo
        👍 joia,sim,positivo
        👎 nao,negativo
        ✊ punho
        👊 soco
        👏 palmas
        🙌 viva
        🤝 fechado,aperto_de_mao
        🙏 obrigado,reza
        ✍️ escrevendo
        💪 forca
        👀 olhos
        👁️ olho
        🧠 cerebro
        👶 bebe
        👦 menino
        👧 menina
        👨 homem
        👩 mulher
        👴 vovo
        👵 vovozinha
        🤷 sei_la
        🤦 mao_na_cara
        🙋 eu
        🏃 correr
        🚶 andar
        💃 danca
        🕺 dancarino
        👪 familia
        👣 pegadas
        🐶 cachorro
        🐱 gato
        🐭 rato
        🐰 coelho
        🦊 raposa
        🐻 urso
        🐼 panda
        🐯 tigre
        🦁 leao
        🐮 vaca
        🐷 porco
        🐸 sapo
        🐵 macaco
        🐔 galinha
        🐧 pinguim
        🐦 passaro
        🦆 pato
        🦉 coruja
        🐴 cavalo
        🦄 unicornio
        🐝 abelha
        🦋 borboleta
        🐞 joaninha
        🐢 tartaruga
        🐍 cobra
        🐙 polvo
        🐟 peixe
        🐬 golfinho
        🐳 baleia
        🦥 preguica
        🐘 elefante
        🌵 cacto
        🌲 arvore
        🌴 palmeira
        🍀 trevo,sorte
        🌹 rosa
        🌻 girassol
        🌸 flor
        🍄 cogumelo
        🌍 terra,mundo
        🌙 lua
        ⭐ estrela
        🌟 estrela_brilhante
        ✨ brilho
        ⚡ raio
        🔥 fogo
        🌈 arco_iris
        ☀️ sol
        ⛅ nublado
        ☁️ nuvem
        🌧️ chuva
        ⛈️ tempestade
        ❄️ neve
        ☔ guarda_chuva
        💧 gota
        🌊 mar,onda
        🍎 maca
        🍌 banana
        🍇 uva
        🍉 melancia
        🍊 laranja
        🍋 limao
        🍍 abacaxi
        🥭 manga
        🍓 morango
        🥑 abacate
        🍅 tomate
        🥕 cenoura
        🌽 milho
        🍞 pao
        🧀 queijo
        🥚 ovo
        🍔 hamburguer
        🍟 batata_frita
        🍕 pizza
        🌭 cachorro_quente
        🥪 sanduiche
        🌮 taco
        🍝 macarrao
        🍣 sushi
        🍿 pipoca
        🍦 sorvete
        🍩 rosquinha
        🍪 biscoito
        🎂 aniversario,bolo
        🍰 fatia
        🍫 chocolate
        🍬 bala
        🍯 mel
        ☕ cafe
        🍵 cha
        🧉 chimarrao
        🥤 refrigerante
        🍺 cerveja
        🍻 cervejas
        🥂 brinde,saude
        🍷 vinho
        🍹 drinque
        🍽️ refeicao
        ⚽ futebol,bola
        🏀 basquete
        🏐 volei
        🎾 tenis
        🏆 trofeu
        🥇 ouro
        🎮 jogo
        🎲 dado
        🎯 alvo
        🎵 musica
        🎶 notas
        🎤 microfone
        🎧 fones
        🎸 violao,guitarra
        🥁 tambor
        🎬 filme,cinema
        🎨 arte
        🎉 comemorar
        🎊 confete
        🎈 balao
        🎁 presente
        🎄 natal
        🎃 abobora
        🎆 fogos
        🚗 carro
        🚕 taxi
        🚌 onibus
        🚲 bicicleta
        🏍️ moto
        🚆 trem
        🚇 metro
        ✈️ aviao
        🚀 foguete
        🚢 navio
        🚧 obras
        🚨 alerta
        🏠 casa
        🏢 escritorio
        🏥 hospital
        🏖️ praia
        🏕️ acampamento
        🗺️ mapa
        ⌚ relogio
        📱 celular
        💻 notebook,computador
        ⌨️ teclado
        🖥️ monitor
        🖨️ impressora
        💾 salvar
        📷 camera
        📺 televisao
        📞 telefone
        🔋 bateria
        💡 ideia,lampada
        🔦 lanterna
        💰 dinheiro
        💳 cartao
        ✉️ carta
        📧 e-mail
        📦 pacote
        📝 anotacao
        📅 calendario
        📌 alfinete
        📎 clipe
        ✂️ tesoura
        🔒 cadeado
        🔑 chave
        🔨 martelo
        🔧 ferramenta
        ⚙️ engrenagem
        🐛 inseto
        🧪 teste
        🔬 microscopio
        💊 remedio
        🩹 curativo
        🚪 porta
        🛏️ cama
        🛒 carrinho
        🎓 formatura
        📚 livros
        📖 livro
        📈 grafico_subindo
        📉 grafico_caindo
        🔍 busca
        🔗 link
        ⏰ despertador
        ⏳ esperando,ampulheta
        🕐 hora
        ✅ certo,feito
        ☑️ marcado
        ✔️ visto
        ❌ errado,xis
        ❗ exclamacao
        ❓ pergunta
        ⚠️ aviso,cuidado
        🚫 proibido
        ⛔ entrada_proibida
        ♻️ reciclar
        ➕ mais
        ➖ menos
        ➡️ seta_direita
        ⬅️ seta_esquerda
        ⬆️ seta_cima
        ⬇️ seta_baixo
        🔄 atualizar
        🆗 botao_ok
        🆕 novo
        🆘 socorro
        🔔 sino
        🔇 mudo
        💬 fala
        💭 pensamento
        🔴 vermelho
        🟠 laranja_cor
        🟡 amarelo
        🟢 verde
        🔵 azul
        🟣 roxo
        ⚫ preto
        ⚪ branco
        🏁 chegada
        🚩 bandeira
        🏳️‍🌈 orgulho
        🇧🇷 brasil
        🇵🇹 portugal
        🇺🇸 eua
        🇬🇧 reino_unido
        🇦🇷 argentina
        🇪🇸 espanha
        🇫🇷 franca
        🇩🇪 alemanha
        🇮🇹 italia
        🇯🇵 japao
        """
    }
}

/// What the command line says.
struct BrazilianPortugueseCommands: CommandCatalogue {
    var trustAdvice: String?

    var language: Language { .brazilianPortuguese }

    // MARK: Accounts

    func signedIn(as who: CleanLine, on server: ServerURL) -> String {
        "Você entrou como \(who) em \(server)"
    }
    func registered(_ who: CleanLine, on server: ServerURL) -> String {
        "Conta criada, você entrou: \(who) em \(server)"
    }
    func expires(_ when: String) -> String { "A entrada vale até \(when)" }
    func signedOut(unsent: Int) -> String {
        guard unsent > 0 else { return "Você saiu da conta" }
        return
            "Você saiu da conta; \(unsent == 1 ? "1 mensagem continua" : "\(unsent) mensagens continuam") na fila"
    }
    var wasSignedOut: String { "Ninguém tinha entrado" }
    var serverNotTold: String {
        "não deu para avisar o servidor; lá a sessão vale até expirar ou ser encerrada em outro lugar"
    }
    var currentSession: String { "esta" }
    func lastSeen(_ when: String) -> String { "vista em \(when)" }
    var sessionEnded: String { "A sessão foi encerrada" }
    func sessionsEnded(_ count: Int) -> String {
        count == 1 ? "1 outra sessão foi encerrada" : "\(count) outras sessões foram encerradas"
    }
    var noSessions: String { "o servidor não conhece sessões" }
    var notSignedIn: String { "ninguém entrou na conta" }
    var signInAdvice: String { "Entre com: mychat login" }
    var askName: String { "Nome: " }
    var askPassword: String { "Senha: " }
    var askPasswordAgain: String { "Senha de novo: " }
    var passwordsDiffer: String { "as duas senhas são diferentes" }
    func noTerminalToAsk(_ what: String) -> String { "não há terminal em que perguntar por \(what)" }
    var passwordWord: String { "senha" }
    var emailWord: String { "email" }
    var nameWord: String { "nome" }
    var passwordAdvice: String { "Use --password-stdin para informar a senha" }
    var noAnswer: String { "nada foi respondido" }
    func commandFailed(_ name: String, _ reason: String) -> String { "\(name) falhou: \(reason)" }

    // MARK: Recipients

    func didYouMean(_ names: [CleanLine]) -> String {
        "Você quis dizer \(names.map { "'\($0)'" }.joined(separator: " ou "))?"
    }
    func ambiguousRecipient(_ who: CleanLine, _ people: [CleanLine]) -> String {
        "'\(who)' pode ser \(people.map(\.text).joined(separator: " ou "))"
    }
    func unknownRecipient(_ who: CleanLine) -> String { "ninguém é conhecido como '\(who)'" }
    var findAdvice: String { "Procure pessoas com: mychat contacts find NOME" }
    var ambiguousAdvice: String { "Use o email ou o id" }

    // MARK: Messages

    func noText(_ argument: CleanLine) -> String { "'\(argument)' não está em UTF-8" }
    func former(_ reason: FormerServerReason, messages: Int, held: Int) -> String {
        let why =
            switch reason {
            case .otherDatabase: "o servidor tem outro banco de dados"
            case .otherAccount: "a conta é outra"
            case .wentBack: "o servidor perdeu mensagens"
            case .otherMessages: "as mensagens do servidor são outras"
            }
        return "\(why): \(messages) mensagens aqui são do servidor anterior, \(held) esperam você"
    }
    func sent(to name: CleanLine, id: MessageID) -> String { "Enviada a \(name) (mensagem \(id))" }
    func queued(for name: CleanLine) -> String { "Na fila para \(name)" }
    var notConfirmed: String {
        "ainda sem confirmação; a mensagem fica na fila e sai na próxima conexão: não envie de novo"
    }
    var confirmationTimedOut: String {
        "o servidor não confirmou a tempo; a mensagem fica na fila: não envie de novo"
    }
    func refusedMessage(_ reason: CleanLine) -> String { "o servidor recusou a mensagem: \(reason)" }
    var heldMessage: String { "a mensagem está retida: abra o mychat para enviar, editar ou descartar" }
    var discardedMessage: String { "a mensagem foi retirada" }
    var notText: String { "o texto não está em UTF-8" }
    var messageNotText: String { "não enviada: não está em UTF-8" }
    func inputTooLong(limit: Int) -> String { "a entrada tem mais de \(limit) bytes" }
    var me: String { "você" }
    func emptyHistory(_ name: CleanLine) -> String { "Nenhuma mensagem com \(name) ainda" }
    var gap: String { "… podem faltar mensagens aqui …" }
    func former(_ name: String?) -> String {
        guard let name else { return "— no servidor atual —" }
        return "— com \(name), no servidor anterior —"
    }
    var tokenOfAnother: String { "no servidor a conta agora é de outra pessoa; nada foi enviado" }
    func held(_ reason: HeldReason?) -> String? {
        switch reason {
        case nil: nil
        case .formerServer:
            "escrita para o servidor anterior"
        case .goneFromServer:
            "o servidor tinha e perdeu"
        }
    }
    var cachedOnly: String { "desatualizado: mostrado a partir do cache" }
    func state(_ state: RowState) -> String {
        switch state {
        case .received: ""
        case .queued: "na fila"
        case .sending: "enviando"
        case .unknown: "sem confirmação"
        case .sent: "enviada"
        case .delivered: "entregue"
        case .read: "lida"
        case .failed: "recusada"
        case .held: "retida"
        }
    }
    var toldLater: String { "feito aqui; o servidor fica sabendo depois" }
    var nothingUnread: String { "Nada por ler" }
    func markedRead(_ count: Int, _ name: CleanLine) -> String {
        guard count > 0 else { return "Nada por ler de \(name)" }
        return
            "\(count) \(count == 1 ? "mensagem" : "mensagens") de \(name) \(count == 1 ? "marcada" : "marcadas") como \(count == 1 ? "lida" : "lidas")"
    }

    // MARK: Searching

    var nothingFound: String { "Nada encontrado" }
    func unsearched(_ count: Int) -> String {
        "\(count) mensagens ainda não foram indexadas e ficaram fora da busca"
    }

    // MARK: Watching

    var deletedWord: String { "apagada" }
    func typing(_ name: String, _ isTyping: Bool) -> String {
        isTyping
            ? "\(name) está digitando…"
            : "\(name) parou de digitar"
    }
    func words(_ presence: Presence) -> String {
        switch presence {
        case .online: "online"
        case .offline: "offline"
        case .unknown: "presença desconhecida"
        }
    }

    // MARK: The outbox

    func cancelled(_ name: CleanLine, _ excerpt: String) -> String { "Retirada, para \(name): \(excerpt)" }
    var outboxEmpty: String { "Tudo foi enviado" }
    func noLetter(_ id: CleanLine) -> String { "nenhuma mensagem na fila começa com '\(id)'" }
    func severalLetters(_ id: CleanLine) -> String { "várias mensagens na fila começam com '\(id)'" }
    var outboxAdvice: String { "Veja: mychat outbox list" }

    // MARK: Status and contacts

    func cacheContents(_ report: CacheReport, size: String) -> String {
        "\(report.messages) mensagens em \(report.conversations) conversas, \(report.unsent) por enviar, "
            + "\(report.drafts) rascunhos, \(size)"
    }
    func cacheCompacted(_ before: String, _ after: String) -> String { "\(before) antes, \(after) agora" }
    var serverWord: String { "Servidor" }
    var accountWord: String { "Conta" }
    var profileWord: String { "Perfil" }
    var outboxWord: String { "Fila" }
    var unreadWord: String { "Não lidas" }
    var linkWord: String { "Conexão" }
    var extensionsWord: String { "Extensões" }
    var noAccount: String { "nenhuma" }
    var reachable: String { "acessível" }
    var notAsked: String { "não consultado" }
    var none: String { "nenhuma" }
    func outbox(_ summary: OutboxSummary) -> String {
        let unsent = "\(summary.unsent) por enviar"
        let waiting = "\(summary.waiting) esperando você"
        return summary.waiting > 0 ? "\(unsent), \(waiting)" : unsent
    }
    func unread(_ count: Int, in conversations: Int) -> String {
        guard count > 0 else { return "0" }
        return "\(count) em \(conversations) \(conversations == 1 ? "conversa" : "conversas")"
    }
    func contactAdded(_ name: CleanLine) -> String { "\(name) agora está nos seus contatos" }
    var cacheSound: String { "O cache está íntegro." }
    func cacheWasSetAside(_ path: CleanLine, _ rescued: Int) -> String {
        "o cache não pôde ser usado e foi posto de lado: \(path). Mensagens não enviadas salvas: \(rescued)."
    }
    func cacheSetAside(_ path: String) -> String {
        "Um cache anterior não pôde ser usado e foi posto de lado com tudo o que contém: \(path)"
    }
    var cacheUnsound: String {
        "o cache está danificado; antes de mais nada, guarde uma cópia do seu diretório"
    }
    func cacheForgotten(_ count: Int) -> String { "\(count) mensagens removidas desta máquina" }
    func contactRenamed(_ old: CleanLine, _ new: CleanLine) -> String { "\(old) agora se chama \(new)" }
    func contactRemoved(_ name: CleanLine) -> String { "\(name) não está mais nos seus contatos" }

    // MARK: Deleting

    func askDeletion(of text: String) -> String { "Apagar para os dois lados: \(text)? [s/N] " }
    var deletionWord: String { "se é para apagar" }
    var deletionAdvice: String { "Use --yes" }
    var notDeleted: String { "nada foi apagado" }
    func deleted(_ count: Int) -> String {
        count == 1
            ? "1 mensagem apagada para os dois lados" : "\(count) mensagens apagadas para os dois lados"
    }
    func conversationDeleted(_ name: CleanLine) -> String {
        "A conversa com \(name) foi apagada para os dois lados"
    }
    func wholeConversation(_ name: CleanLine) -> String { "toda a conversa com \(name)" }
    func unknownMessage(_ id: String) -> String { "nenhuma mensagem \(id) no cache" }
    func contactQueued(_ name: CleanLine) -> String {
        "\(name) será adicionado quando o servidor puder ser alcançado"
    }
    var noContacts: String { "Nenhum contato ainda" }
    var nobodyFound: String { "Ninguém encontrado" }

    // MARK: Failures

    func serverSays(_ message: CleanLine) -> String { "o servidor diz: \(message)" }
    func serverUnavailable(_ status: Int) -> String { "o servidor não pode responder agora (HTTP \(status))" }
    var tryLater: String { "Tente mais tarde" }
    func unexpectedAnswer(_ detail: CleanLine) -> String {
        "a resposta do servidor não é do MyChat: \(detail)"
    }
    var isItMyChat: String { "O endereço é de um servidor MyChat?" }
    var noAnswerInTime: String { "o servidor não respondeu a tempo" }
    func cacheFailed(_ error: String) -> String { "o cache falhou: \(error)" }
    func invalid(_ request: InvalidRequest) -> String {
        switch request {
        case .emptyMessage: "mensagem vazia não é enviada"
        case .outboxFull(let limit):
            "a caixa de saída está cheia: \(limit) mensagens esperam para ser enviadas"
        case .messageTooLong(let length, let limit):
            "a mensagem tem \(length) caracteres; o máximo é \(limit)"
        case .ownAccount: "essa pessoa é você"
        case .unknownMessage: "essa mensagem não existe"
        case .alreadyOnItsWay: "essa mensagem já está a caminho"
        case .notDeletable: "só mensagens próprias podem ser apagadas"
        case .ofAnotherAccount: "essa mensagem foi escrita por outra conta"
        case .forSomebodyElse: "não se sabe se a pessoa é aquela para quem foi escrita"
        case .gapOutOfReach: "o servidor não dá mensagens mais antigas"
        case .emptyName: "falta um nome"
        case .malformedToken: "isto não é um token"
        case .queryTooShort: "pelo menos dois caracteres"
        }
    }
    var outboxFullAdvice: String {
        "O que espera está guardado; esta mensagem não entrou. Veja 'mychat outbox list'."
    }
    var forSomebodyElseAdvice: String {
        "Foi escrita para o servidor anterior. Se for a mesma pessoa, adicione-a com 'mychat contacts add'."
    }
    func network(_ error: NetError) -> String {
        switch error {
        case .hostNotFound(let host): "não existe servidor com o nome \(host)"
        case .resolverFailed(let host, let reason): "não foi possível procurar \(host): \(reason)"
        case .refused(let endpoint): "conexão recusada por \(endpoint)"
        case .unreachable(let endpoint, let reason): "não foi possível alcançar \(endpoint): \(reason)"
        case .timeout(_, let endpoint): "\(endpoint) não respondeu a tempo"
        case .tls(let failure, let endpoint):
            "sem conexão segura com \(endpoint): \(screen.tls(failure))"
        case .proxy(.credentialsRequired, let proxy): "o proxy \(proxy) pede usuário e senha"
        case .proxy(.credentialsRefused, let proxy): "o proxy \(proxy) não aceita o usuário e a senha"
        case .proxy(.unreachable, let proxy): "não foi possível alcançar o proxy \(proxy)"
        case .proxy(.refused(let status), let proxy):
            "o proxy \(proxy) recusou a conexão com o status HTTP \(status)"
        case .proxy(.unusable(let error), let proxy):
            "o proxy \(proxy.replacing("of the variable", with: "da variável")) não serve: \(error)"
        case .proxy(_, let proxy): "o proxy \(proxy) não deu acesso ao servidor"
        case .closed(let endpoint): "\(endpoint) encerrou a conexão"
        case .sendBufferFull(_, let endpoint): "\(endpoint) não aceita mais dados agora"
        case .invalidRequest: "o pedido tem um caractere que não pode ser enviado"
        case .invalidResponse(_, let endpoint): "a resposta de \(endpoint) não é HTTP válido"
        case .redirectRefused(let location): "o servidor manda o pedido para outro lugar: \(location)"
        case .tooManyRedirects(let limit): "o servidor redirecionou mais de \(limit) vezes"
        case .webSocketRefused(let status, let endpoint):
            "\(endpoint) recusou a conexão em tempo real com o status HTTP \(status)"
        case .webSocketHandshake(_, let endpoint), .webSocket(_, let endpoint):
            "a conexão em tempo real com \(endpoint) falhou"
        case .localResources(let reason): "esta máquina não consegue abrir uma conexão: \(reason)"
        case .cancelled: "cancelado"
        }
    }
    func networkAdvice(_ error: NetError) -> String? {
        switch error {
        case .hostNotFound: "Confira o nome do servidor."
        case .resolverFailed, .unreachable: "Confira a conexão de rede."
        case .refused: "Confira se o servidor está no ar e se a porta está certa."
        case .redirectRefused(let location): "Se é esse o servidor, use o endereço \(location)"
        case .tls(let failure, _): screen.tlsAdvice(failure)
        default: nil
        }
    }
    func staleTrust(_ name: String, _ path: CleanLine) -> String {
        "\(name) indica '\(path)', que não pode ser lido."
    }
    var notConnected: String { "sem conexão" }
    var linkSilent: String { "o servidor ficou em silêncio" }
    var linkEnded: String { "o servidor encerrou a conexão" }
    func protocolBroken(_ detail: CleanLine) -> String { "o servidor violou o protocolo: \(detail)" }
    func turnedDown(_ message: CleanLine) -> String { "o servidor rejeitou a conexão: \(message)" }
    func offline(_ reason: String) -> String { "fora do ar: \(reason)" }
    var connecting: String { "conectando" }
    var online: String { "online" }
    var inUseElsewhere: String { "em uso em outro lugar" }
    var accountRefused: String { "o servidor recusa a conta" }
    func tooFewFiles(_ limit: Int) -> String {
        "este programa pode ter \(limit) arquivos abertos, o que é pouco"
    }
    var tooFewFilesAdvice: String { "Aumente o limite: ulimit -n 256" }
    var homeUnnamed: String { "não há diretório pessoal" }
    func homeAbsent(_ path: CleanLine) -> String { "o diretório pessoal '\(path)' não existe" }
    var homeAdvice: String { "Defina HOME, ou XDG_DATA_HOME e XDG_STATE_HOME." }
    func outputFailed(_ reason: CleanLine) -> String { "a saída padrão não pôde ser escrita: \(reason)" }

    // MARK: mychat doctor

    var clockWord: String { "relógio" }
    var signInWord: String { "entrada" }
    var linkExaminedWord: String { "conexão" }
    func certificate(for names: CleanLine, by issuer: CleanLine, until end: CleanLine) -> String {
        "certificado para \(names) por \(issuer) até \(end)"
    }
    func heartbeat(_ seconds: Int64) -> String { "abre; um sinal de vida a cada \(seconds) s" }
    func examined(_ server: ServerURL) -> String { "Examinando \(server)" }
    var notLookedAt: String { "não examinado" }
    var connected: String { "conectado" }
    var proxyLooksUp: String { "a cargo do proxy" }
    func throughProxy(_ proxy: String) -> String { "pelo proxy \(proxy)" }
    var noTLSNeeded: String { "desnecessário nesta máquina" }
    var noTLS: String { "não usado: senhas e mensagens podem ser lidas no caminho" }
    var noDate: String { "o servidor não diz a hora" }
    func clockDifference(seconds: Int64) -> String {
        switch seconds {
        case 0: "como aqui"
        case 1...: "a do servidor está \(seconds) s adiantada"
        default: "a do servidor está \(-seconds) s atrasada"
        }
    }
    func holderIsStopped(_ process: Int32) -> String {
        "outro programa (processo \(process)) tem a conexão e está parado: nada é enviado"
    }
    func holderAdvice(_ process: Int32) -> String {
        "Continue-o com 'fg' ou 'kill -CONT \(process)', ou encerre-o."
    }
    var accepted: String { "aceita" }

    // MARK: Push

    var pushSent: String { "Notificação enviada" }
    var pushesEnded: String { "Inscrição encerrada" }
    var noPushes: String { "Não havia inscrição desta máquina" }
    var listening: String { "Aguardando notificações; encerre com Ctrl-C" }
    func noNotification(_ reason: String) -> String { "notificação não mostrada: \(reason)" }
    func pushRejected(_ reason: String) -> String { "um pedido foi recusado: \(reason)" }

    // MARK: mychat script

    var noScenario: String { "Nenhum cenário foi encontrado" }
    func scenariosChecked(_ number: Int) -> String { "\(number) cenários, nenhum erro" }
    func fileIsNoText(_ name: CleanLine) -> String { "\(name) não é um texto em UTF-8" }
    func noBaseURL(_ reason: CleanLine) -> String { "--base-url não é um endereço: \(reason)" }
    func noAccounts(_ reason: String) -> String { "As contas não podem ser usadas: \(reason)" }

    // MARK: mychat demo

    func notSeen(_ what: String) -> String { "não visto a tempo: \(what)" }
    func noServerProgram(_ name: CleanLine) -> String {
        "o programa do servidor '\(name)' não foi encontrado"
    }
    var serverProgramAdvice: String { "Ponha mychat-server ao lado de mychat, ou indique-o em MYCHAT_SERVER" }
    func serverNotStarted(_ words: String) -> String { "o servidor não iniciou: \(words)" }
    var serverTooSlow: String { "o servidor não ficou pronto a tempo" }
    func serverSaidOther(_ detail: CleanLine) -> String { "o servidor disse algo inesperado: \(detail)" }
    var demoTitle: String { "MyChat, uma demonstração" }
    func demoServer(_ server: ServerURL, _ who: CleanLine) -> String { "servidor \(server), conta de \(who)" }
    func conversation(with name: CleanLine) -> String { "Conversa com \(name)" }
    func isOnline(_ name: CleanLine) -> String { "\(name) está online" }
    func isOffline(_ name: CleanLine) -> String { "\(name) está offline" }
    func demoUnread(_ number: Int) -> String { "\(number) não lidas" }
    var demoFinished: String { "Foi isso. Em um terminal, 'mychat demo' abre o próprio cliente." }
    var newcomerGreets: String { "Oi, Bia! Tudo bem? 👋" }
    var newcomerWaits: String { "Sem pressa, estou por aqui." }

    // MARK: Help

    func help(_ text: HelpText) -> String {
        switch text {
        case .cache: "Cuidar das mensagens que esta máquina guarda."
        case .cacheDetails:
            "Nenhum servidor é consultado, e outros programas podem usar a conta enquanto isso."
        case .cacheCheck: "Examinar o cache e dizer o que ele contém."
        case .cacheCompact: "Reduzir o cache ao menor espaço."
        case .cacheCompactDetails: "Até terminar, precisa de tanto espaço livre quanto o cache ocupa."
        case .cacheForget: "Remover mensagens desta máquina, não do servidor."
        case .cacheForgetDetails:
            "Mensagens não enviadas ou não lidas e rascunhos ficam. O que sai é sobrescrito no "
                + "disco. Onde o servidor dá páginas antigas, rolar para trás busca tudo de novo."
        case .cacheForgetAge: "Só mensagens mais antigas que isto, como 90d."
        case .cacheExport: "Escrever as mensagens de uma conversa, ou de todas."
        case .cacheExportFormat: "jsonl, markdown ou text."
        case .cacheExportFile: "O arquivo a escrever; a saída padrão com '-' ou sem ele."
        case .completions: "Imprimir os complementos para um shell."
        case .completionsDetails:
            "Para bash: source <(mychat completions bash). Conhecem comandos, opções e seus "
                + "contatos, e não consultam servidor nenhum."
        case .completionsShell: "bash, zsh ou fish."
        case .contacts: "Listar contatos; procurar, adicionar, renomear e remover pessoas."
        case .contactsList: "Listar os contatos, a conversa mais recente primeiro."
        case .offline: "Mostrar o que o cache tem, sem consultar o servidor."
        case .contactsAdd: "Pôr uma pessoa nos contatos."
        case .contactsAddWho: "O email, o id ou o nome completo da pessoa."
        case .contactsAddName: "Como chamar a pessoa; senão, o nome dela mesma."
        case .contactsRename: "Dar outro nome a um contato; só você vê."
        case .contactsRenameName: "O novo nome."
        case .contactsRemove: "Tirar alguém dos contatos; as mensagens ficam."
        case .contactsFind: "Procurar pessoas no servidor por nome ou email."
        case .contactsFindQuery: "Uma parte do nome ou do email, ao menos dois caracteres."
        case .delete: "Apagar mensagens próprias, ou uma conversa inteira, para os dois lados."
        case .deleteDetails:
            "Pergunta antes, a menos que haja --yes. Uma exclusão feita sem o servidor vale aqui na "
                + "hora, e lá com a próxima conexão."
        case .deleteIDs: "Os ids de mensagens próprias, como 'history --json' e 'send' mostram."
        case .deleteConversation: "A conversa inteira com esta pessoa."
        case .deleteYes: "Não perguntar."
        case .demo: "Experimentar o cliente em um servidor que dura o tempo da demonstração."
        case .demoDetails:
            "Tudo fica em um diretório temporário que some no fim. Sem terminal, a cena acontece "
                + "sozinha e é impressa."
        case .demoPrint: "Imprimir a cena em vez de abrir o cliente."
        case .server: "O endereço do servidor."
        case .profile: "Usar a conta e o cache deste nome."
        case .configurationFile: "Ler este arquivo de configuração em vez do habitual."
        case .colour: "Usar cores: auto, always ou never."
        case .authorityFile: "Confiar também nas autoridades certificadoras deste arquivo PEM."
        case .logLevel: "O que vai para o arquivo de log: trace, debug, info, notice, warning."
        case .plain: "Conversar linha por linha: para leitores de tela e terminais simples."
        case .json: "Imprimir um objeto JSON em vez de texto."
        case .history: "Imprimir as mensagens mais recentes de uma conversa, a mais antiga primeiro."
        case .historyDetails:
            "As novidades vêm antes do servidor, se ele puder ser alcançado. Em servidores sem as "
                + "extensões do MyChat, buscar marca a conversa como lida; --offline não consulta ninguém."
        case .limit: "Quantas mensagens imprimir."
        case .keys: "Mostrar o que o terminal envia para uma tecla, e o que ela faz."
        case .keysDetails:
            "Aperte teclas; Ctrl-C termina. Com --list, cada comando e suas teclas são impressos "
                + "como podem ficar no arquivo de configuração."
        case .keysList: "Imprimir as teclas de todos os comandos."
        case .login: "Entrar e guardar o token."
        case .loginDetails:
            "A senha é pedida no terminal, ou vem de password_command do arquivo de configuração. O "
                + "servidor é lembrado: os próximos comandos não precisam de --server."
        case .loginEmail: "O email da conta."
        case .passwordStdin: "Ler a senha da primeira linha da entrada padrão."
        case .logout: "Esquecer o token. O cache e as mensagens não enviadas ficam."
        case .mychat: "Conversar em um servidor MyChat."
        case .mychatDetails:
            "Sem comando, abre o cliente de tela cheia. 'man mychat' descreve o arquivo de "
                + "configuração, os objetos JSON e o código de saída."
        case .outbox: "Ver, reenviar ou retirar o que não foi enviado."
        case .outboxList: "Listar as mensagens não enviadas, na ordem em que foram escritas."
        case .outboxRetry: "Enviar agora as mensagens não enviadas, também as recusadas ou retidas."
        case .outboxRetryDetails:
            "Cada uma sai com a identidade com que foi escrita, e nenhuma chega duas vezes. As "
                + "recusadas ou retidas ficam atrás do que foi escrito depois."
        case .outboxCancel: "Retirar mensagens não enviadas; os textos se perdem."
        case .outboxCancelDetails:
            "Uma que já está a caminho é apagada no servidor assim que ele a recebe."
        case .queue: "Dar certo também quando o servidor só puder saber depois."
        case .timeout: "Quanto tempo esperar pelo servidor."
        case .push: "Receber notificações de um servidor nesta máquina."
        case .pushListen: "Inscrever-se no Web Push e imprimir o que chega, até um sinal."
        case .pushListenDetails:
            "O endpoint fica no endereço de loopback desta máquina, então o servidor também precisa "
                + "rodar aqui e permitir isso: mychat-server --push-allow-private. Um servidor notifica "
                + "quem não está conectado."
        case .pushCommand:
            "Executar este comando do shell para cada uma, com título e texto como argumentos."
        case .pushDesktop: "Mostrar cada uma na área de trabalho, com notify-send."
        case .pushCount: "Terminar depois de tantas."
        case .pushTest: "Fazer o servidor enviar uma notificação às suas inscrições."
        case .pushUnsubscribe: "Encerrar uma inscrição que 'push listen' deixou para trás."
        case .read: "Marcar uma conversa como lida, e avisar o outro lado."
        case .readDetails:
            "O que o servidor tem é buscado antes, para que tudo seja marcado. Sem o servidor, a "
                + "marca fica guardada e vai com a próxima conexão."
        case .register: "Criar uma conta e entrar nela."
        case .registerEmail: "O email para entrar daqui em diante."
        case .registerName: "O nome que os outros veem."
        case .registerInvitation: "O código de um convite, se o servidor o pedir."
        case .script: "Executar cenários contra um servidor e relatar o que difere."
        case .scriptDetails:
            "mychat-script(5) descreve a linguagem. Em servidores que não estão nesta máquina, só se "
                + "cadastra gente com --allow-register, e só se apaga com --allow-destructive."
        case .scriptFiles: "Cenários, ou diretórios com arquivos que terminam em .scenario."
        case .scriptBaseURL: "O servidor; senão, o dos outros comandos."
        case .scriptAccounts: "Usar estas contas existentes (JSON) antes de cadastrar outras."
        case .scriptTag: "Só cenários com uma destas etiquetas."
        case .scriptWithoutTag: "Nenhum cenário com uma destas etiquetas."
        case .scriptVariable: "Uma variável para os cenários; nunca é impressa."
        case .scriptTimeout: "Quanto tempo um passo espera."
        case .scriptJobs: "Quantos cenários são executados ao mesmo tempo."
        case .scriptKeepGoing: "Continuar depois que um cenário falha."
        case .scriptTrace: "Escrever neste arquivo tudo o que passa pela rede, com segredos ocultos."
        case .scriptReport: "text, tap, junit ou compat."
        case .scriptAllowRegister: "Cadastrar gente também em servidores de outras máquinas."
        case .scriptAllowDestructive:
            "Apagar o que os cenários criam, e o que pedem, também em servidores de outras máquinas."
        case .scriptList: "Imprimir o que seria executado, e terminar."
        case .scriptCheck: "Procurar erros nos arquivos, e terminar."
        case .search: "Buscar nas mensagens do cache, a mais recente primeiro."
        case .searchDetails:
            "Todas as palavras precisam aparecer; a última pode ser o começo de uma. Maiúsculas e "
                + "acentos não contam. Palavras entre aspas precisam vir juntas: '\"bom dia\"'. Nenhum "
                + "servidor é consultado."
        case .searchQuery: "O que buscar."
        case .onlyWith: "Só na conversa com esta pessoa."
        case .searchBest: "Os melhores resultados primeiro, dos 1.000 mais recentes."
        case .sessions: "Ver onde a conta está aberta, e encerrá-la lá."
        case .sessionsList: "Listar as sessões, a usada por último primeiro."
        case .sessionsEnd: "Encerrar uma sessão: quem a usa precisa entrar de novo."
        case .sessionsEndID: "O número da sessão, da lista."
        case .sessionsEndOthers: "Encerrar todas as sessões menos esta."
        case .send: "Enviar uma mensagem e esperar a resposta do servidor."
        case .sendDetails:
            "A mensagem está na caixa de saída, no disco, antes que algo passe pela rede. Se o "
                + "servidor não puder ser alcançado, ela fica lá e sai com a próxima conexão."
        case .sendText: "O texto; '-' ou nada lê da entrada padrão, sem a última quebra de linha."
        case .sendQueue: "Dar certo também quando a mensagem só pôde ir para a fila."
        case .status: "Dizer quem entrou onde, o que não foi lido e o que não foi enviado."
        case .statusDetails: "O código de saída é o da resposta do servidor, quando ele é consultado."
        case .statusOffline: "Não perguntar ao servidor se ele está lá."
        case .unread: "Dizer o que não foi lido."
        case .unreadDetails:
            "A resposta vem do cache na hora, como estava na última conexão: serve para um prompt ou "
                + "uma barra de estado. Com --refresh o servidor é consultado antes. Nada é marcado como "
                + "lido."
        case .unreadRefresh: "Consultar o servidor antes."
        case .letterID: "O começo do temp_id de uma mensagem, como 'outbox list' mostra."
        case .allLetters: "Todas as mensagens da caixa de saída."
        case .watch: "Imprimir o que acontece, quando acontece, até um sinal."
        case .watchDetails:
            "Com --json cada evento é um objeto em uma linha. O que veio enquanto a conexão estava "
                + "fora é contado quando ela volta, cada mensagem uma vez. Mensagens não enviadas saem "
                + "enquanto isso, e outros comandos usam a conexão deste."
        case .watchWith: "Só a conversa com esta pessoa."
        case .watchCount: "Terminar depois de tantas mensagens de outros."
        case .watchRead: "Marcar como lido o que é impresso."
        case .whoami: "Dizer quem entrou, sem consultar o servidor."
        case .doctor: "Descobrir o que está errado entre esta máquina e o servidor."
        case .who: "O email, o id ou o nome da pessoa."
        case .doctorDetails:
            "Olha o cache, o serviço de nomes, TCP, TLS, HTTP, a API, os dois transportes em tempo real, a entrada e a "
                + "conexão, com o tempo de cada um. O código de saída é o do primeiro que falha. Nada é enviado a ninguém, "
                + "e nada é marcado como lido."
        case .language(let list): "O idioma da saída: \(list)."
        case .watchKinds(let list): "Só eventos deste tipo; pode ser repetido: \(list)."
        }
    }
    func word(for value: ValueName) -> String {
        switch value {
        case .age: "idade"
        case .assignment: "nome=valor"
        case .code: "código"
        case .command: "comando"
        case .count: "número"
        case .duration: "duração"
        case .email: "email"
        case .file: "arquivo"
        case .format: "formato"
        case .ids: "ids"
        case .kind: "tipo"
        case .language: "idioma"
        case .level: "nível"
        case .name: "nome"
        case .number: "número"
        case .shell: "shell"
        case .subcommand: "subcomando"
        case .tag: "etiqueta"
        case .text: "texto"
        case .url: "url"
        case .when: "quando"
        case .who: "quem"
        case .words: "palavras"
        }
    }

    var parserWords: ParserWords {
        ParserWords(
            overview: "DESCRIÇÃO", usage: "USO", arguments: "ARGUMENTOS", options: "OPÇÕES",
            subcommands: "SUBCOMANDOS", defaultValue: "padrão", values: "valores",
            showHelp: "Mostrar esta ajuda.", showVersion: "Mostrar a versão.",
            seeHelp: "Veja '%' para a ajuda de cada um.", nearest: "Você quis dizer: %?",
            see: "Veja")
    }
    func words(for mistake: ParserMistake) -> String {
        switch mistake {
        case .unknownOption(let name): "Opção desconhecida: '\(name)'"
        case .missingArgument(let name): "Falta o argumento '\(name)'"
        case .missingValue(let name): "Falta o valor de '\(name)'"
        case .unexpectedArgument(let text): "Argumento inesperado: '\(text)'"
        case .unexpectedArguments(let texts): "Argumentos inesperados: \(texts)"
        case .invalidValue(let text, let name): "O valor '\(text)' não serve para '\(name)'"
        case .noneOf(let text, let choices): "'\(text)' não é nenhum destes: \(choices)"
        case .notInRange(let option, let first, let last):
            "\(option) leva um número de \(first) \(last.map { "a \($0)" } ?? "em diante")"
        case .notBoth(let one, let other): "Use \(one) ou \(other), não os dois"
        case .nothingToForget:
            "Diga de quem são as mensagens a esquecer, ou a partir de que idade (--older-than)"
        case .noneToDelete: "Informe os ids das mensagens, ou --conversation QUEM"
        case .noneChosen: "Informe os ids das mensagens, ou --all"
        case .noFiles: "Informe um arquivo ou um diretório"
        case .setNeedsValue: "--set leva nome=valor"
        case .other(let words): words
        }
    }
}

/// What the partner in `mychat demo` writes.
struct BrazilianPortuguesePartner: PartnerCatalogue {
    func text(_ line: PartnerLine, newcomer: String) -> String {
        switch line {
        case .welcome: "Oi, \(newcomer)! Que bom que você chegou 😊"
        case .marks:
            "Escreve alguma coisa aqui embaixo: ◷ é na fila, ✓ chegou ao servidor, ✓✓ chegou aqui "
                + "e •✓✓ é quando eu li."
        case .leaving: "Já volto, vou passar um café ☕"
        case .back: "Voltei! O café ficou forte 😅"
        case .friend: "\(newcomer), viu o relatório que eu mandei? Preciso da sua opinião até amanhã 🙏"
        }
    }

    func replies(_ topic: PartnerTopic, newcomer: String) -> [String] {
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

    func signs(_ topic: PartnerTopic) -> [String] {
        switch topic {
        case .identity: ["quem e voce", "voce e um robo", "voce e real", "robo", "bot"]
        case .wellbeing: ["tudo bem", "tudo bom", "como vai", "como voce esta", "beleza"]
        case .thanks: ["obrigado", "obrigada", "valeu", "brigado", "brigada"]
        case .farewell: ["tchau", "ate mais", "ate logo", "ate amanha", "falou"]
        case .help: ["ajuda", "como uso", "como funciona", "teclas"]
        case .test: ["teste", "testando"]
        case .coffee: ["cafe"]
        case .greeting: ["oi", "ola", "opa", "eai", "bom dia", "boa tarde", "boa noite"]
        case .link, .emoji, .laughter, .question, .long, .other: []
        }
    }

    var laughingLetters: [String] { ["k", "ha", "rs"] }
    var laughingWords: [String] { [] }
    var lettersOfItsOwn: String { "ãõçÃÕÇ" }
    var smallWords: Set<String> {
        [
            "oi", "ola", "opa", "eai", "tudo", "bem", "voce", "voces", "vc", "nao", "sim", "obrigado",
            "obrigada",
            "valeu", "que", "como", "esta", "estou", "ta", "to", "e", "um", "uma", "meu", "minha", "seu",
            "sua",
            "por", "para", "pra", "com", "sem", "bom", "boa", "dia", "tarde", "noite", "quem", "onde",
            "quando",
            "legal", "tchau", "aqui", "isso", "isto", "teste", "testando", "mensagem", "falou", "abraco",
            "beijo",
            "kkk", "kkkk", "rsrs", "ate", "mais", "amanha", "hoje", "agora", "vou", "vai", "foi", "ser", "eu",
            "ela", "ele", "mas", "muito", "cafe", "os", "da", "de", "beleza",
        ]
    }
}
