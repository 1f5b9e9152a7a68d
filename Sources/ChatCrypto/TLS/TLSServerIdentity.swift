import COpenSSL

/// A server's certificate and key, checked and ready for sessions.
public struct TLSServerIdentity: Sendable {
    /// The settings for ``TLSSession/init(serverWith:)``.
    public let context: TLSContext
    public let certificate: ServerCertificate

    /// Reads both from PEM texts, which may be the same text.
    ///
    /// - Parameters:
    ///   - certificate: the server's own certificate, followed by those that signed it, if any.
    ///   - privateKey: its key, which must not be encrypted.
    public init(certificate: [UInt8], privateKey: [UInt8]) throws(TLSIdentityProblem) {
        OpenSSLLibrary.prepare()
        let chain = try Self.certificates(in: certificate)
        defer { for certificate in chain { X509_free(certificate) } }
        let key = try Self.key(in: privateKey)
        OpenSSLError.clear()
        guard X509_check_private_key(chain[0], key.handle) == 1 else { throw .keyMismatch }
        do {
            context = try TLSContext(serverWith: chain[0], chain: Array(chain.dropFirst()), key: key.handle)
        } catch {
            guard case .setup(let reason) = error else { throw .unusable(reason: error.description) }
            throw .unusable(reason: reason)
        }
        self.certificate = ServerCertificate(CertificateFacts(chain[0]))
    }

    /// All certificates in a PEM text, at least one. The caller frees them.
    private static func certificates(in pem: [UInt8]) throws(TLSIdentityProblem) -> [OpaquePointer] {
        var certificates: [OpaquePointer] = []
        OpenSSLError.clear()
        let isWhole = PEMText.reading(pem) { input in
            while let certificate = PEM_read_bio_X509(input, nil, nil, nil) {
                certificates.append(certificate)
            }
            return chat_is_end_of_pem(ERR_peek_last_error()) == 1
        }
        let reason = OpenSSLError.text(otherwise: "out of memory")
        OpenSSLError.clear()
        guard isWhole == true, !certificates.isEmpty else {
            for certificate in certificates { X509_free(certificate) }
            throw isWhole == true ? .noCertificate : .brokenCertificate(reason: reason)
        }
        return certificates
    }

    private static func key(in pem: [UInt8]) throws(TLSIdentityProblem) -> OwnedKey {
        OpenSSLError.clear()
        var isEncrypted = false
        let handle = withUnsafeMutablePointer(to: &isEncrypted) { flag in
            PEMText.reading(pem) { input in
                // Without a callback OpenSSL would ask for the password on the terminal.
                PEM_read_bio_PrivateKey(
                    input, nil,
                    { _, _, _, flag in
                        flag?.assumingMemoryBound(to: Bool.self).pointee = true
                        return -1
                    }, flag)
            }
        }
        defer { OpenSSLError.clear() }
        if let handle = handle ?? nil { return OwnedKey(handle: handle) }
        if isEncrypted { throw .keyEncrypted }
        // OpenSSL 3 reports a text without a key and a key that it cannot read by the same number.
        guard pem.firstRange(of: Array("PRIVATE KEY-----".utf8)) != nil else { throw .noKey }
        throw .brokenKey(reason: OpenSSLError.text(otherwise: "out of memory"))
    }
}

/// What a server's certificate says. The texts are bounded and contain no control characters.
public struct ServerCertificate: Hashable, Sendable {
    /// The first few names and addresses that it is for.
    public let names: [String]
    /// When it begins and ends, in seconds since 1970.
    public let validity: ClosedRange<Int64>
    /// When it ends, as OpenSSL prints it: `Nov 22 14:00:00 2027 GMT`.
    public let notAfter: String
    /// The pin of its public key, in the form of ``TrustPolicy/pins``.
    public let pin: PublicKeyPin?

    init(_ facts: borrowing CertificateFacts) {
        names = facts.names
        let beginning = facts.beginning ?? 0
        validity = beginning...max(beginning, facts.end ?? 0)
        notAfter = facts.notAfter
        pin = facts.pin
    }
}

/// Why a certificate and a key cannot be used by a server.
public enum TLSIdentityProblem: Error, Hashable, Sendable {
    /// The text holds no certificate.
    case noCertificate
    case brokenCertificate(reason: String)
    /// The text holds no key.
    case noKey
    case brokenKey(reason: String)
    case keyEncrypted
    /// The key belongs to another certificate.
    case keyMismatch
    /// OpenSSL refuses them, because the key is too short, for example.
    case unusable(reason: String)

    /// Whether the text of the key is at fault rather than that of the certificate.
    public var concernsKey: Bool {
        switch self {
        case .noKey, .brokenKey, .keyEncrypted, .keyMismatch: true
        case .noCertificate, .brokenCertificate, .unusable: false
        }
    }
}

extension TLSIdentityProblem: CustomStringConvertible {
    /// What is wrong, for people: a clause without a full stop.
    public var description: String {
        switch self {
        case .noCertificate: "there is no certificate in it (PEM, with BEGIN CERTIFICATE)"
        case .brokenCertificate(let reason): "the certificate in it is broken: \(reason)"
        case .noKey: "there is no private key in it (PEM, with BEGIN PRIVATE KEY)"
        case .brokenKey(let reason): "the private key in it is broken: \(reason)"
        case .keyEncrypted:
            "the private key in it is encrypted; decrypt it first (openssl pkey -in KEY -out PLAIN)"
        case .keyMismatch: "the private key in it does not belong to the certificate"
        case .unusable(let reason): "it cannot be used: \(reason)"
        }
    }
}

/// Owns an EVP_PKEY of any kind.
private struct OwnedKey: ~Copyable {
    let handle: OpaquePointer

    deinit { EVP_PKEY_free(handle) }
}

/// Reads PEM texts that are in memory.
enum PEMText {
    /// Lends OpenSSL the text as an input; nil when memory is short.
    static func reading<Value>(_ text: [UInt8], _ body: (OpaquePointer) -> Value) -> Value? {
        // OpenSSL refuses an empty text, which is a text without any entry.
        let text = text.isEmpty ? [0x0A] : text
        return text.withUnsafeBytes { bytes in
            guard let input = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
                return nil
            }
            defer { BIO_free(input) }
            return body(input)
        }
    }
}
