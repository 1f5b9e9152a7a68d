import ChatCrypto
import ChatWire

/// Makes the `Authorization` header of requests to push services (RFC 8292). One is reused for an origin for
/// some hours.
struct VAPIDSigner: Sendable {
    private struct Signed {
        let authorization: String
        let expires: Timestamp
    }

    private let key: VAPIDKey
    private let subject: String
    private var signed: [String: Signed] = [:]

    /// How long a token is valid, in seconds. The RFC allows 24 hours; the difference allows for wrong
    /// clocks.
    private static let lifetime: Int64 = 12 * 3600
    /// A token is renewed when less time than this is left, in seconds.
    private static let reserve: Int64 = 3600
    private static let originsMax = 1000

    init(key: VAPIDKey, subject: String) {
        self.key = key
        self.subject = subject
    }

    /// The header's value for an origin.
    ///
    /// - Parameter origin: the endpoint's origin, such as `https://push.example.net`.
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
