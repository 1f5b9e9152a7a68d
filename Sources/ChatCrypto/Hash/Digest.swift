import COpenSSL

/// Digests of whole byte strings.
public enum Digest {
    /// The digest of `bytes`, `algorithm.digestLength` bytes long.
    public static func compute(_ bytes: some Collection<UInt8>, using algorithm: HashAlgorithm) -> [UInt8] {
        let input = Array(bytes)
        return [UInt8](unsafeUninitializedCapacity: algorithm.digestLength) { output, count in
            let done = EVP_Digest(input, input.count, output.baseAddress, nil, algorithm.evp, nil)
            precondition(done == 1, "OpenSSL refused to compute a \(algorithm) digest")
            count = algorithm.digestLength
        }
    }

    /// SHA-1, 20 bytes: for protocols that prescribe it, never for security.
    public static func sha1(_ bytes: some Collection<UInt8>) -> [UInt8] {
        compute(bytes, using: .sha1)
    }

    /// SHA-256, 32 bytes.
    public static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        compute(bytes, using: .sha256)
    }
}
