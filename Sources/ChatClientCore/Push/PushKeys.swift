import ChatCrypto

/// The receiving side of a subscription: who has these reads what is pushed to it (RFC 8291).
public struct PushKeys: Sendable {
    let key: P256PrivateKey
    let secret: [UInt8]

    /// Fresh keys.
    public init() {
        key = P256PrivateKey()
        secret = RandomBytes.generate(WebPushMessage.secretLength)
    }

    /// The public key as subscriptions have it in `p256dh`.
    public var publicText: String { Base64URL.encode(key.publicKey.point) }

    /// The secret as subscriptions have it in `auth`.
    public var secretText: String { Base64URL.encode(secret) }
}
