import COpenSSL

/// The two forms of an ECDSA signature: the two numbers concatenated, and ASN.1, which OpenSSL uses.
enum P256Signature {
    private static let numberLength: Int32 = 32

    /// ASN.1 from 64 bytes; `nil` for another length.
    static func encoded(_ raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 2 * Int(numberLength), let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        let r = BN_bin2bn(Array(raw.prefix(Int(numberLength))), numberLength, nil)
        let s = BN_bin2bn(Array(raw.suffix(Int(numberLength))), numberLength, nil)
        guard r != nil, s != nil, ECDSA_SIG_set0(signature, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = i2d_ECDSA_SIG(signature, &bytes)
        guard length > 0, let bytes else { return nil }
        defer { CRYPTO_free(bytes, #file, #line) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }

    /// 64 bytes from ASN.1; `nil` when it is not a signature.
    static func raw(_ encoded: [UInt8]) -> [UInt8]? {
        encoded.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let signature = d2i_ECDSA_SIG(nil, &cursor, buffer.count) else { return nil }
            defer { ECDSA_SIG_free(signature) }
            return [ECDSA_SIG_get0_r(signature), ECDSA_SIG_get0_s(signature)].reduce(into: [UInt8]?([])) {
                raw, number in
                var bytes = [UInt8](repeating: 0, count: Int(numberLength))
                if BN_bn2binpad(number, &bytes, numberLength) == numberLength {
                    raw? += bytes
                } else {
                    raw = nil
                }
            }
        }
    }
}
