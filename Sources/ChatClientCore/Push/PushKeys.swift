import ChatCrypto

/// The receiving side of a subscription. The owner of these keys can read the pushes to it (RFC 8291).
public struct PushKeys: Sendable {
    let key: P256PrivateKey
    let secret: [UInt8]

    /// New keys.
    public init() {
        key = P256PrivateKey()
        secret = RandomBytes.generate(WebPushMessage.secretLength)
    }

    /// The public key in the form of `p256dh` in a subscription.
    public var publicText: String { Base64URL.encode(key.publicKey.point) }

    /// The secret in the form of `auth` in a subscription.
    public var secretText: String { Base64URL.encode(secret) }
}
