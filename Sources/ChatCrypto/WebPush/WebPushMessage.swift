/// The encryption of Web Push (RFC 8291): one record of `aes128gcm` content (RFC 8188) that only the holder
/// of a subscription's key and secret can read.
public enum WebPushMessage {
    /// The longest plaintext that fits into the 4096 bytes that every push service accepts.
    public static let plaintextLengthMax = 4096 - headerLength - AESGCM.tagLength - 1

    /// In bytes; subscriptions call it `auth`.
    public static let secretLength = 16

    /// Salt, record size, length of the key, and the key: an uncompressed point.
    private static let headerLength = 16 + 4 + 1 + 65
    private static let recordLength: UInt32 = 4096

    /// Encrypts for a subscription; the result is the body of the request to the push service.
    ///
    /// - Parameters:
    ///   - sender: A key that is used for this message only.
    ///   - salt: 16 random bytes that were never used before.
    public static func seal(
        _ plaintext: some Collection<UInt8>, to receiver: P256PublicKey, secret: [UInt8],
        sender: P256PrivateKey = P256PrivateKey(), salt: [UInt8] = RandomBytes.generate(16)
    ) throws(WebPushError) -> [UInt8] {
        guard secret.count == secretLength, salt.count == 16 else { throw .invalidSecret }
        guard plaintext.count <= plaintextLengthMax else { throw .tooLong }
        let keys = try Keys(
            own: sender, peer: receiver, receiver: receiver, sender: sender.publicKey, secret: secret,
            salt: salt)
        var body = salt
        withUnsafeBytes(of: recordLength.bigEndian) { body += $0 }
        body.append(UInt8(sender.publicKey.point.count))
        body += sender.publicKey.point
        do {
            // The delimiter of the last record.
            body += try AESGCM.seal(Array(plaintext) + [0x02], key: keys.key, nonce: keys.nonce)
        } catch {
            throw .unavailable
        }
        return body
    }

    /// Decrypts the body of a push with the key and the secret of the subscription.
    public static func open(
        _ body: some Collection<UInt8>, with receiver: P256PrivateKey, secret: [UInt8]
    ) throws(WebPushError) -> [UInt8] {
        guard secret.count == secretLength else { throw .invalidSecret }
        let bytes = Array(body)
        guard bytes.count > headerLength + AESGCM.tagLength, bytes[20] == 65 else { throw .malformed }
        let recordLength = bytes[16..<20].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let record = bytes[headerLength...]
        // RFC 8291 section 4 allows one record only.
        guard recordLength >= 18, record.count <= Int(recordLength) else { throw .malformed }
        guard let sender = try? P256PublicKey(point: bytes[21..<headerLength]) else { throw .malformed }
        let keys = try Keys(
            own: receiver, peer: sender, receiver: receiver.publicKey, sender: sender, secret: secret,
            salt: Array(bytes[..<16]))
        let padded: [UInt8]
        do {
            padded = try AESGCM.open(record, key: keys.key, nonce: keys.nonce)
        } catch {
            throw .forged
        }
        guard let end = padded.lastIndex(where: { $0 != 0 }), padded[end] == 0x02 else { throw .malformed }
        return Array(padded[..<end])
    }

    /// The values that both sides derive from their keys, the secret and the salt (RFC 8291 section 3.4).
    private struct Keys {
        let key: [UInt8]
        let nonce: [UInt8]

        init(
            own: P256PrivateKey, peer: P256PublicKey, receiver: P256PublicKey, sender: P256PublicKey,
            secret: [UInt8], salt: [UInt8]
        ) throws(WebPushError) {
            let shared: [UInt8]
            do {
                shared = try own.sharedSecret(with: peer)
            } catch {
                throw .unavailable
            }
            let info = Array("WebPush: info\0".utf8) + receiver.point + sender.point
            let inputKey = HKDF.derive(salt: secret, inputKey: shared, info: info, length: 32)
            key = HKDF.derive(
                salt: salt, inputKey: inputKey, info: "Content-Encoding: aes128gcm\0".utf8,
                length: AESGCM.keyLength)
            nonce = HKDF.derive(
                salt: salt, inputKey: inputKey, info: "Content-Encoding: nonce\0".utf8,
                length: AESGCM.nonceLength)
        }
    }
}

/// Why a push message cannot be made or read.
public enum WebPushError: Error, Hashable, Sendable {
    /// The subscription's secret or the salt is not 16 bytes long.
    case invalidSecret
    /// More plaintext than push services accept.
    case tooLong
    /// The body is not a single record of `aes128gcm`.
    case malformed
    /// The message was encrypted for another subscription, or changed in transit.
    case forged
    /// OpenSSL failed.
    case unavailable
}
