import COpenSSL

/// Owns an EVP_PKEY.
struct P256Key: ~Copyable {
    let handle: OpaquePointer

    /// Takes over a reference.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    /// `publicPoint` must be 65 bytes long.
    init(publicPoint: [UInt8]) throws(P256Error) {
        precondition(publicPoint.count == 65, "a P-256 point has 65 bytes")
        OpenSSLLibrary.prepare()
        guard let handle = chat_p256_public_key(publicPoint) else { throw .invalidPublicKey }
        self.handle = handle
    }

    deinit {
        EVP_PKEY_free(handle)
    }
}
