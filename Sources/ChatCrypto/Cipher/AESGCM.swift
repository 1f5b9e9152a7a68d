import COpenSSL

/// Authenticated encryption with AES-128 in Galois/Counter Mode (NIST SP 800-38D), with 96-bit nonces and
/// 128-bit tags. A nonce must never be used twice with one key.
public enum AESGCM {
    /// In bytes.
    public static let keyLength = 16
    /// In bytes.
    public static let nonceLength = 12
    /// In bytes.
    public static let tagLength = 16

    /// Encrypts `plaintext` and returns it followed by the tag. The tag also covers `authenticated`, which is not
    /// part of the result.
    public static func seal(
        _ plaintext: some Collection<UInt8>, key: [UInt8], nonce: [UInt8],
        authenticating authenticated: [UInt8] = []
    ) throws(AESGCMError) -> [UInt8] {
        let context = try CipherContext(key: key, nonce: nonce, encrypts: true)
        try context.authenticate(authenticated)
        let ciphertext = try context.update(Array(plaintext))
        guard context.finish() else { throw .unavailable }
        return ciphertext + (try context.tag())
    }

    /// Decrypts the result of ``seal(_:key:nonce:authenticating:)``. Throws `.forged` when anything differs: the key,
    /// the nonce, a bit of the text.
    public static func open(
        _ sealed: some Collection<UInt8>, key: [UInt8], nonce: [UInt8],
        authenticating authenticated: [UInt8] = []
    ) throws(AESGCMError) -> [UInt8] {
        guard sealed.count >= tagLength else { throw .forged }
        let bytes = Array(sealed)
        let context = try CipherContext(key: key, nonce: nonce, encrypts: false)
        try context.authenticate(authenticated)
        let plaintext = try context.update(Array(bytes.dropLast(tagLength)))
        try context.expect(tag: Array(bytes.suffix(tagLength)))
        guard context.finish() else { throw .forged }
        return plaintext
    }
}

/// Why encryption or decryption failed.
public enum AESGCMError: Error, Hashable, Sendable {
    /// The key has this many bytes instead of 16.
    case invalidKeyLength(Int)
    /// The nonce has this many bytes instead of 12.
    case invalidNonceLength(Int)
    /// More than 2³¹ - 1 bytes in one call.
    case tooLong
    /// The text to decrypt is not what was encrypted.
    case forged
    /// OpenSSL failed: it is out of memory, or has no AES.
    case unavailable
}

/// One run of the cipher.
private struct CipherContext: ~Copyable {
    private let handle: OpaquePointer

    init(key: [UInt8], nonce: [UInt8], encrypts: Bool) throws(AESGCMError) {
        guard key.count == AESGCM.keyLength else { throw .invalidKeyLength(key.count) }
        guard nonce.count == AESGCM.nonceLength else { throw .invalidNonceLength(nonce.count) }
        OpenSSLLibrary.prepare()
        guard let handle = EVP_CIPHER_CTX_new() else { throw .unavailable }
        guard EVP_CipherInit_ex(handle, EVP_aes_128_gcm(), nil, key, nonce, encrypts ? 1 : 0) == 1 else {
            EVP_CIPHER_CTX_free(handle)
            throw .unavailable
        }
        self.handle = handle
    }

    deinit {
        EVP_CIPHER_CTX_free(handle)
    }

    borrowing func authenticate(_ bytes: [UInt8]) throws(AESGCMError) {
        guard !bytes.isEmpty else { return }
        guard let length = Int32(exactly: bytes.count) else { throw .tooLong }
        var count: Int32 = 0
        guard EVP_CipherUpdate(handle, nil, &count, bytes, length) == 1 else { throw .unavailable }
    }

    borrowing func update(_ bytes: [UInt8]) throws(AESGCMError) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        guard let length = Int32(exactly: bytes.count) else { throw .tooLong }
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            var written: Int32 = 0
            isDone = EVP_CipherUpdate(handle, buffer.baseAddress, &written, bytes, length) == 1
            count = Int(max(0, written))
        }
        guard isDone, output.count == bytes.count else { throw .unavailable }
        return output
    }

    borrowing func expect(tag: [UInt8]) throws(AESGCMError) {
        guard chat_gcm_set_tag(handle, tag, Int32(tag.count)) == 1 else { throw .unavailable }
    }

    /// When decrypting, whether the tag is valid.
    borrowing func finish() -> Bool {
        // This mode buffers nothing, so nothing is written here.
        var nothing: UInt8 = 0
        var count: Int32 = 0
        return EVP_CipherFinal_ex(handle, &nothing, &count) == 1
    }

    borrowing func tag() throws(AESGCMError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: AESGCM.tagLength)
        guard EVP_CIPHER_CTX_ctrl(handle, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1 else {
            throw .unavailable
        }
        return tag
    }
}
