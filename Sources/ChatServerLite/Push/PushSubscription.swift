import ChatCrypto
import ChatWire

/// A browser's subscription to pushes, as the browser sent it.
package struct PushSubscription: Hashable, Sendable {
    /// The endpoint exactly as it was sent. It is compared byte by byte.
    package var endpoint: String
    package var key: P256PublicKey
    package var secret: [UInt8]

    package init(endpoint: String, key: P256PublicKey, secret: [UInt8]) {
        self.endpoint = endpoint
        self.key = key
        self.secret = secret
    }

    /// - Throws: `subscriptionNotSaved` when a part is missing or unusable.
    init(_ form: PushSubscriptionForm?, allowsPrivate: Bool) throws(Refusal) {
        guard let form, PushEndpoint(form.endpoint, allowsPrivate: allowsPrivate) != nil,
            let subscription = PushSubscription(
                endpoint: form.endpoint, key: form.keys.publicKey, secret: form.keys.secret)
        else { throw .subscriptionNotSaved }
        self = subscription
    }

    /// Nil when the key or the secret is invalid.
    ///
    /// - Parameters:
    ///   - key: `p256dh`, in either alphabet of base64, with or without padding.
    ///   - secret: `auth`, in the same form.
    package init?(endpoint: String, key: String, secret: String) {
        guard let point = Self.decode(key), let publicKey = try? P256PublicKey(point: point),
            let secret = Self.decode(secret),
            secret.count == WebPushMessage.secretLength
        else { return nil }
        self.init(endpoint: endpoint, key: publicKey, secret: secret)
    }

    /// Decodes either alphabet of base64. Browsers supply bytes, and each page chooses its own encoding.
    private static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 128 else { return nil }
        var digits = Array(text.utf8).map { (byte: UInt8) -> UInt8 in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        while digits.last == UInt8(ascii: "=") { digits.removeLast() }
        return try? Base64URL.decode(digits)
    }

    /// `p256dh` in base64url.
    package var keyText: String { Base64URL.encode(key.point) }
    /// `auth` in base64url.
    package var secretText: String { Base64URL.encode(secret) }
}

/// The id of a subscription's row. It is never reused.
package struct SubscriptionID: Hashable, Comparable, Sendable {
    package let rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package static func < (left: SubscriptionID, right: SubscriptionID) -> Bool {
        left.rawValue < right.rawValue
    }
}
