/// The SHA-256 digest of a certificate's public key (its SubjectPublicKeyInfo, as in RFC 7469). It stays the same
/// when the certificate is renewed with the same key.
public struct PublicKeyPin: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the digest.
    public let digest: [UInt8]

    /// `nil` when `digest` is not 32 bytes long.
    public init?(digest: some Collection<UInt8>) {
        guard digest.count == HashAlgorithm.sha256.digestLength else { return nil }
        self.digest = Array(digest)
    }

    /// Reads the usual notations: `sha256/BASE64`, `sha256//BASE64` (curl's form), and BASE64 alone.
    public init(_ text: String) throws(PublicKeyPinError) {
        var encoded = Array(text.utf8)
        let prefix = "sha256/".utf8
        if encoded.starts(with: prefix) {
            encoded.removeFirst(prefix.count)
            // Base64 comes in groups of four and can itself begin with a slash, so only one too many is curl's.
            if encoded.count % 4 == 1, encoded.first == UInt8(ascii: "/") { encoded.removeFirst() }
        }
        let digest: [UInt8]
        do {
            digest = try Base64.decode(encoded)
        } catch {
            throw .notBase64(error)
        }
        guard let pin = PublicKeyPin(digest: digest) else { throw .wrongLength(digest.count) }
        self = pin
    }

    /// `sha256/BASE64`: the form that ``init(_:)`` and the configuration file take.
    public var description: String { "sha256/" + Base64.encode(digest) }
}

/// Why a text is not a pin.
public enum PublicKeyPinError: Error, Hashable, Sendable, CustomStringConvertible {
    case notBase64(Base64Error)
    /// This many bytes instead of 32.
    case wrongLength(Int)

    public var description: String {
        switch self {
        case .notBase64: "a pin is sha256/ and 44 characters of Base64"
        case .wrongLength(let count): "a pin holds 32 bytes, not \(count)"
        }
    }
}
