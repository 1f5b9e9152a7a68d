import ChatCrypto

/// Why there is no secure connection, and what to do about it, for people.
extension TLSFailure {
    /// One sentence part without a full stop.
    public func words(in language: Language) -> String {
        guard language == .brazilianPortuguese else { return description }
        switch self {
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
        case .identity(let path, let reason):
            return "o certificado ou a chave \(path) não pode ser usado: \(reason)"
        case .setup(let reason): return "não foi possível preparar o TLS: \(reason)"
        }
    }

    /// A sentence on what the person can do, where there is something.
    public func advice(in language: Language) -> String? {
        guard language == .brazilianPortuguese else { return advice }
        switch self {
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
            .authorityFile, .identity, .setup:
            return nil
        }
    }
}
