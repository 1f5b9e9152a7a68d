import COpenSSL

/// Keyed message authentication (RFC 2104).
public enum HMAC {
    /// The authentication code of `message` under `key`, `algorithm.digestLength` bytes long. The key may have any
    /// length, including zero.
    public static func authenticate(
        _ message: some Collection<UInt8>, key: some Collection<UInt8>,
        using algorithm: HashAlgorithm = .sha256
    ) -> [UInt8] {
        let input = Array(message)
        // OpenSSL reads a null key as "the key of the previous call", so an empty key gets an address: one zero byte,
        // of which none is used.
        let secret = Array(key)
        let secretBytes = secret.isEmpty ? [0] : secret
        return [UInt8](unsafeUninitializedCapacity: algorithm.digestLength) { output, count in
            var length: UInt32 = 0
            let code = COpenSSL.HMAC(
                algorithm.evp, secretBytes, Int32(clamping: secret.count), input, input.count,
                output.baseAddress,
                &length)
            precondition(code != nil, "OpenSSL refused to compute an HMAC with \(algorithm)")
            count = Int(length)
        }
    }

    /// Whether `code` authenticates `message` under `key`. The comparison takes constant time.
    public static func isValid(
        _ code: some Collection<UInt8>, for message: some Collection<UInt8>, key: some Collection<UInt8>,
        using algorithm: HashAlgorithm = .sha256
    ) -> Bool {
        constantTimeEqual(code, authenticate(message, key: key, using: algorithm))
    }
}
