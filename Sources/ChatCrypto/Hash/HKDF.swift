/// The key derivation function of RFC 5869.
public enum HKDF {
    /// Concentrates the entropy of `inputKey` into one pseudorandom key of the algorithm's digest length.
    public static func extract(
        salt: some Collection<UInt8>, inputKey: some Collection<UInt8>,
        using algorithm: HashAlgorithm = .sha256
    ) -> [UInt8] {
        HMAC.authenticate(inputKey, key: salt, using: algorithm)
    }

    /// Expands a pseudorandom key to `length` bytes, at most 255 digests long, for the purpose in `info`.
    public static func expand(
        _ pseudorandomKey: some Collection<UInt8>, info: some Collection<UInt8>, length: Int,
        using algorithm: HashAlgorithm = .sha256
    ) -> [UInt8] {
        precondition((0...255 * algorithm.digestLength).contains(length), "HKDF can't make \(length) bytes")
        let key = Array(pseudorandomKey)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 0
        while output.count < length {
            counter += 1
            block = HMAC.authenticate(block + Array(info) + [counter], key: key, using: algorithm)
            output += block
        }
        return Array(output.prefix(length))
    }

    /// Both steps in one.
    public static func derive(
        salt: some Collection<UInt8>, inputKey: some Collection<UInt8>, info: some Collection<UInt8>,
        length: Int,
        using algorithm: HashAlgorithm = .sha256
    ) -> [UInt8] {
        expand(
            extract(salt: salt, inputKey: inputKey, using: algorithm), info: info, length: length,
            using: algorithm)
    }
}
