import ChatCrypto
import ChatTUI
import ChatWire

extension CommandStrings {
    func examined(_ server: ServerURL) -> String {
        pick("Examining \(server)", "Examinando \(server)")
    }

    func word(_ examination: Examination) -> String {
        switch examination {
        case .cache: "cache"
        case .dns: "DNS"
        case .tcp: "TCP"
        case .tls: "TLS"
        case .http: "HTTP"
        case .api: "API"
        case .clock: pick("clock", "relógio")
        case .websocket: "websocket"
        case .polling: "polling"
        case .login: pick("sign-in", "entrada")
        case .link: pick("link", "conexão")
        }
    }

    var notLookedAt: String { pick("not looked at", "não examinado") }
    var connected: String { pick("connected", "conectado") }
    var proxyLooksUp: String { pick("left to the proxy", "a cargo do proxy") }
    func throughProxy(_ proxy: String) -> String {
        pick("through the proxy \(proxy)", "pelo proxy \(proxy)")
    }
    var noTLSNeeded: String { pick("not needed on this machine", "desnecessário nesta máquina") }
    var noTLS: String {
        pick(
            "none: passwords and messages can be read on the way",
            "não usado: senhas e mensagens podem ser lidas no caminho")
    }
    func certificate(_ certificate: PeerCertificate) -> String {
        let names = Sanitizer.line(certificate.names.joined(separator: ", "))
        let issuer = Sanitizer.line(certificate.issuer)
        let end = Sanitizer.line(certificate.notAfter)
        let pin = certificate.pin.map { "; \($0)" } ?? ""
        return pick(
            "certificate for \(names) by \(issuer) until \(end)",
            "certificado para \(names) por \(issuer) até \(end)") + pin
    }
    var noDate: String { pick("the server does not tell its time", "o servidor não diz a hora") }
    func clockDifference(seconds: Int64) -> String {
        switch seconds {
        case 0: pick("as here", "como aqui")
        case 1...: pick("the server's is \(seconds) s ahead", "a do servidor está \(seconds) s adiantada")
        default: pick("the server's is \(-seconds) s behind", "a do servidor está \(-seconds) s atrasada")
        }
    }
    func heartbeat(_ interval: Duration) -> String {
        let seconds = interval.components.seconds
        return pick("opens; a heartbeat every \(seconds) s", "abre; um sinal de vida a cada \(seconds) s")
    }
    func holderIsStopped(_ process: Int32) -> String {
        pick(
            "another program (process \(process)) has the link and is stopped: nothing is sent",
            "outro programa (processo \(process)) tem a conexão e está parado: nada é enviado")
    }
    func holderAdvice(_ process: Int32) -> String {
        pick(
            "Continue it with 'fg' or 'kill -CONT \(process)', or end it.",
            "Continue-o com 'fg' ou 'kill -CONT \(process)', ou encerre-o.")
    }
    var accepted: String { pick("accepted", "aceita") }
}
