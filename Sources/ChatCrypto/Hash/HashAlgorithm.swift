import COpenSSL

/// The hash functions of FIPS 180-4 that our protocols need.
public enum HashAlgorithm: Hashable, Sendable, CaseIterable {
    /// Only where a protocol prescribes it (the WebSocket handshake): it no longer resists collisions.
    case sha1
    case sha256
    case sha384
    case sha512

    /// The length of a digest in bytes.
    public var digestLength: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    var evp: OpaquePointer {
        OpenSSLLibrary.prepare()
        // These constructors return static objects of OpenSSL and never fail.
        return switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
