import ChatCrypto
import ChatWire

/// Checks the sender of a push as a push service does (RFC 8292).
struct VAPIDVerifier: Sendable {
    /// The key that the subscription was made with.
    let serverKey: P256PublicKey
    /// Scheme, host and port of the endpoint.
    let audience: String

    /// In seconds. RFC 8292 section 2 allows 24 hours; clocks may differ by five minutes more.
    private static let lifetimeMax: Int64 = 86_400 + 300

    /// Checks the value of `Authorization`.
    func check(_ authorization: String?, now: Timestamp) throws(VAPIDProblem) {
        guard let authorization else { throw .missing }
        let words = authorization.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "vapid" else { throw .malformed }
        var parameters: [Substring: Substring] = [:]
        for item in words[1].split(separator: ",") {
            let parts = item.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw .malformed }
            parameters[parts[0]] = parts[1]
        }
        guard let token = parameters["t"], let key = parameters["k"],
            let point = try? Base64URL.decode(String(key), padding: .optional)
        else { throw .malformed }
        guard point == serverKey.point else { throw .wrongKey }
        try check(token: token, now: now)
    }

    private func check(token: Substring, now: Timestamp) throws(VAPIDProblem) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.json(parts[0]), let claims = Self.json(parts[1]),
            header["alg"]?.stringValue == "ES256",
            let signature = try? Base64URL.decode(String(parts[2]), padding: .optional)
        else { throw .malformed }
        guard serverKey.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8)) else {
            throw .wrongSignature
        }
        guard claims["aud"]?.stringValue == audience else { throw .wrongAudience }
        guard let expires = claims["exp"]?.integerValue, expires > now.seconds,
            expires - now.seconds <= Self.lifetimeMax
        else { throw .wrongTime }
        guard let subject = claims["sub"]?.stringValue,
            subject.hasPrefix("mailto:") || subject.hasPrefix("https:")
        else { throw .noSubject }
    }

    private static func json(_ part: Substring) -> JSONValue? {
        (try? Base64URL.decode(String(part), padding: .optional)).flatMap { try? JSONValue(parsing: $0) }
    }
}
