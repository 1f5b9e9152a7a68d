import ChatNet
import ChatWire

/// What went wrong on the network, as a clause without a full stop.
extension Strings {
    func network(_ error: NetError) -> String {
        language == .english ? "\(error)" : portuguese(error)
    }

    /// Why a text names no server.
    func serverAddress(_ error: ServerURLError) -> String {
        language == .english ? "\(error)" : portuguese(error)
    }

    private func portuguese(_ error: ServerURLError) -> String {
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

    private func portuguese(_ error: NetError) -> String {
        switch error {
        case .hostNotFound(let host): "não existe servidor com o nome \(host)"
        case .resolverFailed(let host, _): "não foi possível localizar \(host): verifique a rede"
        case .refused(let endpoint): "conexão recusada por \(endpoint); o servidor está no ar?"
        case .unreachable(let endpoint, _): "não há caminho até \(endpoint): verifique a rede"
        case .timeout(_, let endpoint): "\(endpoint) não respondeu a tempo"
        case .tls(let failure, let endpoint):
            "sem conexão segura com \(endpoint): \(failure.words(in: language))"
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
}
