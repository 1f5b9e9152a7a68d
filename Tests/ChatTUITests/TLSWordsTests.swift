import ChatCrypto
import ChatNet
import Testing

@testable import ChatTUI

struct TLSWordsTests {
    private static let failures: [TLSFailure] = [
        .certificateExpired(notAfter: "2025-01-02"), .certificateNotYetValid(notBefore: "2030-01-02"),
        .hostMismatch(host: "a.example", presented: ["b.example"]),
        .hostMismatch(host: "a.example", presented: []),
        .unknownIssuer(issuer: "CN=X", pin: nil), .selfSigned(subject: "CN=X", pin: nil),
        .pinMismatch(presented: nil), .certificateRejected(reason: "r"), .protocolVersion, .notTLS,
        .refusedByPeer(alert: "r"), .truncated, .protocolError(reason: "r"),
        .authorityFile(path: "/p", reason: "r"), .setup(reason: "r"),
    ]

    /// Each in its own words, in Portuguese without any English left, and with advice in both or none.
    @Test func bothLanguagesSayEverything() {
        for failure in Self.failures {
            let words = failure.words(in: .brazilianPortuguese)
            #expect(failure.words(in: .english) == failure.description)
            #expect(words != failure.description)
            for english in ["the ", "server's", "certificate ", "connection"] {
                #expect(!words.contains(english), "\(words)")
            }
            #expect((failure.advice == nil) == (failure.advice(in: .brazilianPortuguese) == nil))
        }
        let shown = Language.brazilianPortuguese.catalogue().network(.tls(.notTLS, endpoint: "a.example:443"))
        #expect(shown == "sem conexão segura com a.example:443: o que responde ali não usa TLS")
    }
}
