import ChatCrypto
import ChatWire

/// Makes the `Authorization` of requests to push services (RFC 8292), one for each origin and some hours.
struct VAPIDSigner: Sendable {
    private struct Signed {
        let authorization: String
        let expires: Timestamp
    }

    private let key: VAPIDKey
    private let subject: String
    private var signed: [String: Signed] = [:]

    /// In seconds. The RFC allows 24 hours; the rest is for clocks that are wrong.
    private static let lifetime: Int64 = 12 * 3600
    /// With less time left than this, in seconds, a fresh one is made.
    private static let reserve: Int64 = 3600
    private static let originsMax = 1000

    init(key: VAPIDKey, subject: String) {
        self.key = key
        self.subject = subject
    }

    /// - Parameter origin: that of the endpoint, as `https://push.example.net`.
    mutating func authorization(for origin: String, now: Timestamp) throws(P256Error) -> String {
        if let known = signed[origin], known.expires.seconds - now.seconds > Self.reserve {
            return known.authorization
        }
        if signed.count >= Self.originsMax { signed.removeAll() }
        let expires = Timestamp(seconds: now.seconds + Self.lifetime)
        let text = "vapid t=\(try token(for: origin, expires: expires)),k=\(key.publicText)"
        signed[origin] = Signed(authorization: text, expires: expires)
        return text
    }

    private func token(for origin: String, expires: Timestamp) throws(P256Error) -> String {
        let header: JSONValue = ["typ": "JWT", "alg": "ES256"]
        let claims: JSONValue = [
            "aud": .string(origin), "exp": .integer(expires.seconds), "sub": .string(subject),
        ]
        let text = Base64URL.encode(header.serialized()) + "." + Base64URL.encode(claims.serialized())
        return text + "." + Base64URL.encode(try key.privateKey.signature(for: Array(text.utf8)))
    }
}
