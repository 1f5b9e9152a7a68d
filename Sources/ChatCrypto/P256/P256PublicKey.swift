import COpenSSL

/// A public key on the curve P-256 (secp256r1, FIPS 186-5).
public struct P256PublicKey: Hashable, Sendable {
    /// The uncompressed point: 0x04, then both coordinates of 32 bytes (SEC 1 section 2.3.3). It is always on the
    /// curve.
    public let point: [UInt8]

    /// Throws `.invalidPublicKey` unless `point` is the uncompressed form of a point on the curve.
    public init(point: some Collection<UInt8>) throws(P256Error) {
        let bytes = Array(point)
        guard bytes.count == 65, bytes[0] == 0x04 else { throw .invalidPublicKey }
        _ = try P256Key(publicPoint: bytes)
        self.point = bytes
    }

    /// For points that OpenSSL has computed.
    init(computed point: [UInt8]) {
        self.point = point
    }

    /// Whether `signature` (64 bytes: r, then s, as in RFC 7518 section 3.4) is a valid signature of `message` by
    /// ECDSA with SHA-256 under this key.
    public func isValidSignature(_ signature: some Collection<UInt8>, for message: some Collection<UInt8>)
        -> Bool
    {
        guard let encoded = P256Signature.encoded(Array(signature)),
            let key = try? P256Key(publicPoint: point),
            let context = EVP_MD_CTX_new()
        else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, HashAlgorithm.sha256.evp, nil, key.handle) == 1 else {
            return false
        }
        let bytes = Array(message)
        return EVP_DigestVerify(context, encoded, encoded.count, bytes, bytes.count) == 1
    }
}

/// Why an operation with a key failed.
public enum P256Error: Error, Hashable, Sendable {
    /// Not 32 bytes, or a number that is 0 or not below the order of the curve.
    case invalidPrivateKey
    /// Not 65 bytes beginning with 0x04, or a point that is not on the curve.
    case invalidPublicKey
    /// A PEM text that does not contain a private key on this curve.
    case invalidPEM
    /// OpenSSL failed: it is out of memory or of entropy.
    case unavailable
}
