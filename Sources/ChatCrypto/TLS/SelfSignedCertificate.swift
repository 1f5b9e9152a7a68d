import COpenSSL

/// Makes a certificate that is signed by its own key. A client trusts it by the pin of that key.
public enum SelfSignedCertificate {
    /// A name that a certificate can be for.
    public enum Name: Hashable, Sendable {
        /// A host name in ASCII; its first label may be `*`.
        case host(String)
        /// An address of IPv4 or IPv6.
        case address(String)
    }

    /// The certificate as PEM text.
    ///
    /// - Parameters:
    ///   - names: what it is for; at least one. The first host name is also the subject.
    ///   - validity: when it begins and ends, in seconds since 1970.
    public static func pem(
        for names: [Name], key: P256PrivateKey, validity: ClosedRange<Int64>
    ) throws(P256Error) -> String {
        var point: [UInt8] = []
        let pair = try P256PrivateKey.key(key.secret, point: &point)
        guard !names.isEmpty, let certificate = X509_new() else { throw .unavailable }
        defer { X509_free(certificate) }
        guard X509_set_version(certificate, 2) == 1, setSerialNumber(certificate),
            ASN1_TIME_set(X509_getm_notBefore(certificate), Int(validity.lowerBound)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(certificate), Int(validity.upperBound)) != nil,
            X509_set_pubkey(certificate, pair.handle) == 1, setSubject(certificate, names[0]),
            addExtensions(certificate, names),
            X509_sign(certificate, pair.handle, EVP_sha256()) > 0, let output = BIO_new(BIO_s_mem())
        else { throw .unavailable }
        defer { BIO_free(output) }
        guard PEM_write_bio_X509(output, certificate) == 1 else { throw .unavailable }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(output))
        let count = BIO_read(output, &bytes, Int32(clamping: bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }

    /// 127 random bits: positive, and never the same twice (RFC 5280 section 4.1.2.2).
    private static func setSerialNumber(_ certificate: OpaquePointer) -> Bool {
        var bytes = RandomBytes.generate(16)
        bytes[0] = bytes[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return false }
        defer { BN_free(number) }
        return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
    }

    private static func setSubject(_ certificate: OpaquePointer, _ name: Name) -> Bool {
        let text =
            switch name {
            case .host(let text), .address(let text): text
            }
        // A common name has at most 64 characters; the names that count are in an extension.
        let bytes = Array(text.utf8.prefix(64))
        let subject = X509_get_subject_name(certificate)
        return X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_FLAG | 1, bytes, Int32(bytes.count), -1, 0) == 1
            && X509_set_issuer_name(certificate, subject) == 1
    }

    private static func addExtensions(_ certificate: OpaquePointer, _ names: [Name]) -> Bool {
        let list = names.map { name in
            switch name {
            case .host(let text): "DNS:" + text
            case .address(let text): "IP:" + text
            }
        }
        let extensions = [
            (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
            (NID_ext_key_usage, "serverAuth"), (NID_subject_alt_name, list.joined(separator: ",")),
            (NID_subject_key_identifier, "hash"),
        ]
        return extensions.allSatisfy { chat_x509_add_extension(certificate, $0.0, $0.1) == 1 }
    }
}

extension SelfSignedCertificate.Name {
    /// Nil when the text is neither an address nor a host name in ASCII.
    public init?(_ text: String) {
        if Self.isAddress(text) {
            self = .address(text)
            return
        }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.enumerated().allSatisfy { index, label in
            label == "*" && index == 0 && labels.count > 1 || Self.isLabel(label)
        }
        guard isName, text.utf8.count <= 253 else { return nil }
        self = .host(text)
    }

    private static func isAddress(_ text: String) -> Bool {
        guard let parsed = a2i_IPADDRESS(text) else { return false }
        ASN1_OCTET_STRING_free(parsed)
        return true
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x5F
            }
    }
}
