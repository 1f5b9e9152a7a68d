import ChatCrypto
import ChatWire

/// A browser's consent to be pushed to, as it came from it.
struct PushSubscription: Hashable, Sendable {
    /// As it was sent: it is compared byte by byte.
    var endpoint: String
    var key: P256PublicKey
    var secret: [UInt8]

    init(endpoint: String, key: P256PublicKey, secret: [UInt8]) {
        self.endpoint = endpoint
        self.key = key
        self.secret = secret
    }

    /// Throws `subscriptionNotSaved` when anything is missing, or unfit for sending to it.
    init(json: JSONValue?, allowsPrivate: Bool) throws(Refusal) {
        guard let endpoint = json?["endpoint"]?.stringValue,
            let keys = json?["keys"], let key = keys["p256dh"]?.stringValue,
            let secret = keys["auth"]?.stringValue,
            PushEndpoint(endpoint, allowsPrivate: allowsPrivate) != nil,
            let subscription = PushSubscription(endpoint: endpoint, key: key, secret: secret)
        else { throw .subscriptionNotSaved }
        self = subscription
    }

    /// - Parameters:
    ///   - key: `p256dh`, in base64url.
    ///   - secret: `auth`, in base64url.
    init?(endpoint: String, key: String, secret: String) {
        guard let point = try? Base64URL.decode(key, padding: .optional),
            let publicKey = try? P256PublicKey(point: point),
            let secret = try? Base64URL.decode(secret, padding: .optional),
            secret.count == WebPushMessage.secretLength
        else { return nil }
        self.init(endpoint: endpoint, key: publicKey, secret: secret)
    }

    var keyText: String { Base64URL.encode(key.point) }
    var secretText: String { Base64URL.encode(secret) }
}

/// The number of a subscription's row; never used for another one.
struct SubscriptionID: Hashable, Comparable, Sendable {
    let rawValue: Int64

    init(_ rawValue: Int64) { self.rawValue = rawValue }

    static func < (left: SubscriptionID, right: SubscriptionID) -> Bool { left.rawValue < right.rawValue }
}
