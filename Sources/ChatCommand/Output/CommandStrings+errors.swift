import ChatClientCore
import ChatCrypto
import ChatNet
import ChatSQLite
import ChatTUI
import ChatWire

extension CommandStrings {
    /// The exit status and the words for what the client threw.
    func failure(_ error: ChatError) -> CommandFailure {
        switch error {
        case .notSignedIn:
            return CommandFailure(.unauthorized, notSignedIn, advice: signInAdvice)
        case .unauthorized(let message):
            return CommandFailure(.unauthorized, serverSays(message), advice: signInAdvice)
        case .refused(_, let message):
            return CommandFailure(.refused, serverSays(message))
        case .unavailable(let status, _):
            return CommandFailure(
                .network,
                pick(
                    "the server cannot answer now (HTTP \(status))",
                    "o servidor não pode responder agora (HTTP \(status))"),
                advice: pick("Try again later", "Tente mais tarde"))
        case .network(let error):
            return failure(error)
        case .unexpectedAnswer(let detail):
            let detail = Sanitizer.line(detail)
            return CommandFailure(
                .unexpectedAnswer,
                pick(
                    "the server's answer is not MyChat's: \(detail)",
                    "a resposta do servidor não é do MyChat: \(detail)"),
                advice: pick("Is the address that of a MyChat server?", "O endereço é de um servidor MyChat?")
            )
        case .timeout:
            return CommandFailure(
                .timeout, pick("the server did not answer in time", "o servidor não respondeu a tempo"))
        case .invalid(let request):
            return failure(request)
        case .storage(let error):
            return CommandFailure(.storage, pick("the cache failed: \(error)", "o cache falhou: \(error)"))
        case .file(let path, let code):
            let reason = SystemError(code: code, operation: "open", path: path)
            return CommandFailure(.storage, Sanitizer.line("\(reason)"))
        }
    }

    private func serverSays(_ message: String) -> String {
        let message = Sanitizer.line(message)
        return pick("the server says: \(message)", "o servidor diz: \(message)")
    }

    private func failure(_ request: InvalidRequest) -> CommandFailure {
        switch request {
        case .emptyMessage:
            return CommandFailure(
                .invalidInput, pick("an empty message is not sent", "mensagem vazia não é enviada"))
        case .outboxFull(let limit):
            return CommandFailure(
                .storage,
                pick(
                    "the outbox is full: \(limit) messages wait to be sent",
                    "a caixa de saída está cheia: \(limit) mensagens esperam para ser enviadas"),
                advice: pick(
                    "What waits is safe; this message was not taken. See 'mychat outbox list'.",
                    "O que espera está guardado; esta mensagem não entrou. Veja 'mychat outbox list'."))
        case .messageTooLong(let length, let limit):
            return CommandFailure(
                .invalidInput,
                pick(
                    "the message has \(length) characters; at most \(limit) are allowed",
                    "a mensagem tem \(length) caracteres; o máximo é \(limit)"))
        case .ownAccount:
            return CommandFailure(.unknownRecipient, pick("that is you", "essa pessoa é você"))
        case .unknownMessage:
            return CommandFailure(.invalidInput, pick("there is no such message", "essa mensagem não existe"))
        case .alreadyOnItsWay:
            return CommandFailure(
                .invalidInput, pick("that message is on its way already", "essa mensagem já está a caminho"))
        case .notDeletable:
            return CommandFailure(
                .invalidInput,
                pick("only own messages can be deleted", "só mensagens próprias podem ser apagadas"))
        case .ofAnotherAccount:
            return CommandFailure(
                .refused,
                pick(
                    "that message was written by another account",
                    "essa mensagem foi escrita por outra conta"))
        case .forSomebodyElse:
            return CommandFailure(
                .refused,
                pick(
                    "it is not known that the person is the one it was written to",
                    "não se sabe se a pessoa é aquela para quem foi escrita"),
                advice: pick(
                    "It was written for the former server. Add the person with 'mychat contacts add' if it is the same.",
                    "Foi escrita para o servidor anterior. Se for a mesma pessoa, adicione-a com 'mychat contacts add'."
                ))
        case .gapOutOfReach:
            return CommandFailure(
                .refused,
                pick("the server gives no older messages", "o servidor não dá mensagens mais antigas"))
        case .emptyName:
            return CommandFailure(.invalidInput, pick("a name is needed", "falta um nome"))
        case .malformedToken:
            return CommandFailure(
                .unauthorized, pick("this is no token", "isto não é um token"), advice: signInAdvice)
        case .queryTooShort:
            return CommandFailure(
                .invalidInput, pick("two characters at least", "pelo menos dois caracteres"))
        }
    }

    private func failure(_ error: NetError) -> CommandFailure {
        CommandFailure(Self.status(error), words(error), advice: advice(error))
    }

    private static func status(_ error: NetError) -> ExitStatus {
        switch error {
        case .timeout: .timeout
        case .proxy(.unusable, _): .configuration
        default: .network
        }
    }

    /// What happened on the network, as a clause.
    func words(_ error: NetError) -> String {
        guard language == .brazilianPortuguese else {
            // The rest of what the error says is the advice that goes with it here.
            if case .refused(let endpoint) = error { return "connection refused by \(endpoint)" }
            return "\(error)"
        }
        switch error {
        case .hostNotFound(let host): return "não existe servidor com o nome \(host)"
        case .resolverFailed(let host, let reason): return "não foi possível procurar \(host): \(reason)"
        case .refused(let endpoint): return "conexão recusada por \(endpoint)"
        case .unreachable(let endpoint, let reason): return "não foi possível alcançar \(endpoint): \(reason)"
        case .timeout(_, let endpoint): return "\(endpoint) não respondeu a tempo"
        case .tls(let failure, let endpoint):
            return "sem conexão segura com \(endpoint): \(failure.words(in: language))"
        case .proxy(.credentialsRequired, let proxy): return "o proxy \(proxy) pede usuário e senha"
        case .proxy(.credentialsRefused, let proxy): return "o proxy \(proxy) não aceita o usuário e a senha"
        case .proxy(.unreachable, let proxy): return "não foi possível alcançar o proxy \(proxy)"
        case .proxy(.refused(let status), let proxy):
            return "o proxy \(proxy) recusou a conexão com o status HTTP \(status)"
        case .proxy(.unusable(let error), let proxy):
            return "o proxy \(proxy.replacing("of the variable", with: "da variável")) não serve: \(error)"
        case .proxy(_, let proxy): return "o proxy \(proxy) não deu acesso ao servidor"
        case .closed(let endpoint): return "\(endpoint) encerrou a conexão"
        case .sendBufferFull(_, let endpoint): return "\(endpoint) não aceita mais dados agora"
        case .invalidRequest: return "o pedido tem um caractere que não pode ser enviado"
        case .invalidResponse(_, let endpoint): return "a resposta de \(endpoint) não é HTTP válido"
        case .redirectRefused(let location): return "o servidor manda o pedido para outro lugar: \(location)"
        case .tooManyRedirects(let limit): return "o servidor redirecionou mais de \(limit) vezes"
        case .webSocketRefused(let status, let endpoint):
            return "\(endpoint) recusou a conexão em tempo real com o status HTTP \(status)"
        case .webSocketHandshake(_, let endpoint), .webSocket(_, let endpoint):
            return "a conexão em tempo real com \(endpoint) falhou"
        case .localResources(let reason): return "esta máquina não consegue abrir uma conexão: \(reason)"
        case .cancelled: return "cancelado"
        }
    }

    private func words(_ stale: StaleTrust) -> String {
        pick(
            "\(stale.name) names '\(stale.path)', which cannot be read.",
            "\(stale.name) indica '\(stale.path)', que não pode ser lido.")
    }

    /// What to do about it.
    func advice(_ error: NetError) -> String? {
        switch error {
        case .tls(.unknownIssuer, _), .tls(.selfSigned, _), .tls(.certificateRejected, _):
            if let staleTrust { return words(staleTrust) }
        default: break
        }
        guard language == .brazilianPortuguese else { return error.advice }
        switch error {
        case .hostNotFound: return "Confira o nome do servidor."
        case .resolverFailed, .unreachable: return "Confira a conexão de rede."
        case .refused: return "Confira se o servidor está no ar e se a porta está certa."
        case .redirectRefused(let location): return "Se é esse o servidor, use o endereço \(location)"
        case .tls(let failure, _): return failure.advice(in: language)
        default: return nil
        }
    }

    /// Why there is no link.
    func words(_ failure: LinkFailure) -> String {
        switch failure {
        case .notStarted: pick("not connected", "sem conexão")
        case .network(let error): words(error)
        case .handshakeTimeout: pick("the server did not answer in time", "o servidor não respondeu a tempo")
        case .silence: pick("the server fell silent", "o servidor ficou em silêncio")
        case .closed: pick("the server ended the connection", "o servidor encerrou a conexão")
        case .protocolViolation(let detail):
            pick("the server broke the protocol", "o servidor violou o protocolo") + ": "
                + Sanitizer.line(detail)
        case .storage(let error): pick("the cache failed: \(error)", "o cache falhou: \(error)")
        case .rejected(let message):
            pick("the server turned the connection down", "o servidor rejeitou a conexão") + ": "
                + Sanitizer.line(message)
        }
    }

    /// The state of the link in a word or two.
    func words(_ link: LinkState) -> String {
        switch link {
        case .signedOut: notSignedIn
        case .offline(let reason, _): "\(pick("offline", "fora do ar")): \(words(reason))"
        case .connecting: pick("connecting", "conectando")
        case .online: "online"
        case .inUseElsewhere: pick("in use elsewhere", "em uso em outro lugar")
        case .refused: pick("the server refuses the account", "o servidor recusa a conta")
        }
    }

    /// The exit status and the words for a link that does not come up.
    func failure(_ link: LinkState) -> CommandFailure {
        switch link {
        case .refused, .signedOut: CommandFailure(.unauthorized, words(link), advice: signInAdvice)
        case .offline(.network(let error), _): failure(error)
        case .offline(.storage(let error), _): failure(ChatError.storage(error))
        case .offline, .inUseElsewhere, .connecting, .online: CommandFailure(.network, words(link))
        }
    }

    func tooFewFiles(_ limit: Int) -> CommandFailure {
        CommandFailure(
            .storage,
            pick(
                "this program may have \(limit) files open, which is too few",
                "este programa pode ter \(limit) arquivos abertos, o que é pouco"),
            advice: pick("Raise the limit: ulimit -n 256", "Aumente o limite: ulimit -n 256"))
    }

    /// The words for a home that nothing can be kept in.
    func failure(_ missing: MissingHome) -> CommandFailure {
        let message =
            switch missing {
            case .unnamed: pick("there is no home directory", "não há diretório pessoal")
            case .absent(let path):
                pick(
                    "the home directory '\(Sanitizer.line(path))' does not exist",
                    "o diretório pessoal '\(Sanitizer.line(path))' não existe")
            }
        return CommandFailure(
            .configuration, message,
            advice: pick(
                "Set HOME, or XDG_DATA_HOME and XDG_STATE_HOME.",
                "Defina HOME, ou XDG_DATA_HOME e XDG_STATE_HOME."))
    }

    /// The words for settings that cannot be used.
    func failure(_ error: SettingsError) -> CommandFailure {
        switch error {
        case .configuration(let error):
            return CommandFailure(.configuration, Sanitizer.text("\(error)"))
        case .badValue(let name, let source, let reason):
            let status: ExitStatus = source == .flag ? .usage : .configuration
            return CommandFailure(status, "\(name): \(Sanitizer.line(reason))")
        }
    }

    func outputFailed(_ error: SystemError) -> String {
        let reason = Sanitizer.line(error.reason)
        return pick(
            "standard output could not be written: \(reason)",
            "a saída padrão não pôde ser escrita: \(reason)")
    }

    func failure(_ error: SystemError) -> CommandFailure {
        CommandFailure(.storage, Sanitizer.line("\(error)"))
    }
}
