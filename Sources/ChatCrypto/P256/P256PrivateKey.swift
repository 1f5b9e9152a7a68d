import COpenSSL

/// A private key on the curve P-256, with its public key: for Web Push and its server identification.
public struct P256PrivateKey: Sendable {
    /// The secret number, 32 bytes, big-endian. Handle it like a password.
    public let secret: [UInt8]

    public let publicKey: P256PublicKey

    /// A new key.
    public init() {
        // A random number is out of range about once in 2³² attempts.
        while true {
            if let key = try? P256PrivateKey(secret: RandomBytes.generate(32)) {
                self = key
                return
            }
        }
    }

    /// The key with this secret number, 32 bytes, big-endian.
    public init(secret: some Collection<UInt8>) throws(P256Error) {
        let bytes = Array(secret)
        guard bytes.count == 32 else { throw .invalidPrivateKey }
        var point: [UInt8] = []
        _ = try Self.key(bytes, point: &point)
        self.secret = bytes
        publicKey = P256PublicKey(computed: point)
    }

    /// The key in a PEM text (PKCS #8 or SEC 1), which must not be encrypted.
    public init(pem: String) throws(P256Error) {
        OpenSSLLibrary.prepare()
        let text = Array(pem.utf8)
        guard let input = BIO_new_mem_buf(text, Int32(clamping: text.count)) else { throw .unavailable }
        defer { BIO_free(input) }
        // Without a callback OpenSSL would ask for the password of an encrypted key on the terminal.
        guard let handle = PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in -1 }, nil) else {
            throw .invalidPEM
        }
        let key = P256Key(owning: handle)
        var secret = [UInt8](repeating: 0, count: 32)
        guard chat_p256_secret(key.handle, &secret) == 1 else { throw .invalidPEM }
        try self.init(secret: secret)
    }

    /// The key as PEM text (PKCS #8), unencrypted.
    public func pem() throws(P256Error) -> String {
        var point: [UInt8] = []
        let key = try Self.key(secret, point: &point)
        guard let output = BIO_new(BIO_s_mem()) else { throw .unavailable }
        defer { BIO_free(output) }
        guard PEM_write_bio_PrivateKey(output, key.handle, nil, nil, 0, nil, nil) == 1 else {
            throw .unavailable
        }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(output))
        let count = BIO_read(output, &bytes, Int32(clamping: bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }

    /// The secret shared with the owner of another key (ECDH): the x coordinate of the shared point, 32 bytes. It is
    /// not a key until it has gone through ``HKDF``.
    public func sharedSecret(with other: P256PublicKey) throws(P256Error) -> [UInt8] {
        var point: [UInt8] = []
        let key = try Self.key(secret, point: &point)
        let peer = try P256Key(publicPoint: other.point)
        guard let context = EVP_PKEY_CTX_new(key.handle, nil) else { throw .unavailable }
        defer { EVP_PKEY_CTX_free(context) }
        var shared = [UInt8](repeating: 0, count: 32)
        var length = shared.count
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, peer.handle) == 1,
            EVP_PKEY_derive(context, &shared, &length) == 1, length == shared.count
        else { throw .unavailable }
        return shared
    }

    /// A signature of `message` by ECDSA with SHA-256: 64 bytes, r and then s (RFC 7518 section 3.4). Each call
    /// returns a different one.
    public func signature(for message: some Collection<UInt8>) throws(P256Error) -> [UInt8] {
        var point: [UInt8] = []
        let key = try Self.key(secret, point: &point)
        guard let context = EVP_MD_CTX_new() else { throw .unavailable }
        defer { EVP_MD_CTX_free(context) }
        let bytes = Array(message)
        var encoded = [UInt8](repeating: 0, count: 80)
        var length = encoded.count
        guard EVP_DigestSignInit(context, nil, HashAlgorithm.sha256.evp, nil, key.handle) == 1,
            EVP_DigestSign(context, &encoded, &length, bytes, bytes.count) == 1,
            let signature = P256Signature.raw(Array(encoded.prefix(length)))
        else { throw .unavailable }
        return signature
    }

    /// The key pair of a secret number in OpenSSL's form; its public point is put into `point`.
    static func key(_ secret: [UInt8], point: inout [UInt8]) throws(P256Error) -> P256Key {
        OpenSSLLibrary.prepare()
        point = [UInt8](repeating: 0, count: 65)
        guard let handle = chat_p256_private_key(secret, &point) else { throw .invalidPrivateKey }
        return P256Key(owning: handle)
    }
}
