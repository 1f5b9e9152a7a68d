import ChatClientCore
import ChatCrypto
import ChatTUI
import ChatWire

/// What is put together from a catalogue's texts in the same way in every language.
extension CommandCatalogue {
    var askEmail: String { "Email: " }

    /// `Ana Lima <ana@exemplo.com>`, sanitised.
    func person(_ name: String, _ email: String?) -> String { who(name, email).text }

    func who(_ name: String, _ email: String?) -> CleanLine {
        CleanLine(email.map { "\(name) <\($0)>" } ?? name)
    }

    func signedIn(_ user: User, server: ServerURL) -> String {
        signedIn(as: who(user.name, user.email), on: server)
    }

    func registered(_ user: User, server: ServerURL) -> String {
        registered(who(user.name, user.email), on: server)
    }

    func expires(_ time: Timestamp) -> String { expires(LocalTime.dateAndTime(time)) }

    func notText(_ argument: String, isMessage: Bool) -> String {
        let argument = CleanLine(argument)
        return isMessage ? "\(messageNotText) ('\(argument)')" : noText(argument)
    }

    func former(_ server: FormerServer) -> String {
        former(server.reason, messages: server.messages, held: server.held)
    }

    func cacheContents(_ report: CacheReport) -> String {
        cacheContents(report, size: Self.size(report.bytes))
    }

    func cacheCompacted(_ before: Int64, _ after: Int64) -> String {
        cacheCompacted(Self.size(before), Self.size(after))
    }

    /// `3.4 MB`
    private static func size(_ bytes: Int64) -> String {
        let tenths = (bytes + 50_000) / 100_000
        return tenths < 10 ? "\((bytes + 999) / 1000) kB" : "\(tenths / 10).\(tenths % 10) MB"
    }

    /// Only a yes is a yes, in any language.
    func isYes(_ answer: String) -> Bool {
        Language.yesWords.contains(strippedLikePython(answer).lowercased())
    }

    // MARK: mychat doctor

    func word(_ examination: Examination) -> String {
        switch examination {
        case .cache, .websocket, .polling: examination.rawValue
        case .dns, .tcp, .tls, .http, .api: examination.rawValue.uppercased()
        case .clock: clockWord
        case .login: signInWord
        case .link: linkExaminedWord
        }
    }

    func certificate(_ certificate: PeerCertificate) -> String {
        self.certificate(
            for: CleanLine(certificate.names.joined(separator: ", ")), by: CleanLine(certificate.issuer),
            until: CleanLine(certificate.notAfter)) + (certificate.pin.map { "; \($0)" } ?? "")
    }
}
