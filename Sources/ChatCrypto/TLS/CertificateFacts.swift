import COpenSSL
import Glibc

/// Reads facts for error messages from the peer's certificate. The results are escaped and bounded, because they come
/// from the peer.
struct CertificateFacts: ~Copyable {
    private static let textLengthMax = 200
    private static let namesMax = 5

    private let certificate: OpaquePointer

    /// The caller keeps ownership of `certificate` (X509 *), which must outlive this value.
    init(_ certificate: OpaquePointer) {
        self.certificate = certificate
    }

    /// The pin of its public key; `nil` if OpenSSL cannot encode the key.
    var pin: PublicKeyPin? {
        guard let key = X509_get_X509_PUBKEY(certificate) else { return nil }
        var encoding: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509_PUBKEY(key, &encoding)
        guard length > 0, let encoding else { return nil }
        defer { CRYPTO_free(encoding, #file, #line) }
        return PublicKeyPin(
            digest: Digest.sha256(UnsafeBufferPointer(start: encoding, count: Int(length))))
    }

    var subject: String { name(X509_get_subject_name(certificate)) }

    var issuer: String { name(X509_get_issuer_name(certificate)) }

    var notBefore: String { time(X509_get0_notBefore(certificate)) }

    var notAfter: String { time(X509_get0_notAfter(certificate)) }

    /// The first few names and addresses of the certificate, from its subjectAltName extension.
    var names: [String] {
        guard let extensionValue = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let stack = OpaquePointer(extensionValue)
        defer { GENERAL_NAMES_free(stack) }
        var names: [String] = []
        for index in 0..<max(0, OPENSSL_sk_num(stack)) {
            guard let element = OPENSSL_sk_value(stack, index) else { continue }
            let name = UnsafePointer<GENERAL_NAME>(element.assumingMemoryBound(to: GENERAL_NAME.self))
            if let text = text(of: name.pointee) { names.append(text) }
            if names.count == Self.namesMax { break }
        }
        return names
    }

    /// Its last second, in seconds since 1970; nil when the certificate's time makes no sense.
    var end: Int64? { seconds(X509_get0_notAfter(certificate)) }

    /// Its first second, in seconds since 1970; nil when the certificate's time makes no sense.
    var beginning: Int64? { seconds(X509_get0_notBefore(certificate)) }

    private func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var fields = tm()
        guard let time, ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
        return Int64(timegm(&fields))
    }

    private func text(of name: GENERAL_NAME) -> String? {
        switch name.type {
        case GEN_DNS:
            let bytes = Self.bytes(of: name.d.dNSName)
            return bytes.isEmpty ? nil : Self.plain(bytes)
        case GEN_IPADD:
            return Self.address(Self.bytes(of: name.d.iPAddress))
        default:
            return nil
        }
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4:
            return bytes.map(String.init).joined(separator: ".")
        case 16:
            let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
            return groups.map { String($0, radix: 16) }.joined(separator: ":")
        default:
            return nil
        }
    }

    private static func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: Int(max(0, ASN1_STRING_length(string)))))
    }

    /// ASCII unchanged, everything else as a question mark: valid names here contain only ASCII.
    private static func plain(_ bytes: [UInt8]) -> String {
        let visible = bytes.prefix(textLengthMax).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: visible, as: UTF8.self)
    }

    private func name(_ name: OpaquePointer?) -> String {
        guard let name else { return "" }
        return Self.printed { chat_x509_name_print($0, name) }
    }

    private func time(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        guard let time else { return "" }
        return Self.printed { ASN1_TIME_print($0, time) }
    }

    /// The output of one of OpenSSL's printing functions, which writes into a memory BIO.
    private static func printed(_ print: (OpaquePointer) -> Int32) -> String {
        guard let output = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(output) }
        guard print(output) >= 0 else { return "" }
        var bytes = [UInt8](repeating: 0, count: textLengthMax)
        let count = BIO_read(output, &bytes, Int32(bytes.count))
        let text = String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
        // OpenSSL has escaped control characters, but not those beyond ASCII (C1, bidirectional overrides).
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: "?"
                    default: scalar
                    }
                }))
    }
}
