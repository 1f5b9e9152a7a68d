import ChatCrypto
import ChatWire
import Glibc

/// Makes a certificate that signs itself, and the files of it and of its key.
public struct CertificateMaker: Sendable {
    /// Where the files go.
    public var files: TLSFiles
    /// Whether files that are there are replaced.
    public var replaces = false
    /// Whether the key in the file of the key is used again, so that its pin stays the same.
    public var keepsKey = false

    public init(files: TLSFiles) { self.files = files }

    /// What was made.
    public struct Report: Sendable {
        /// The pin of the key, as a client's configuration takes it.
        public let pin: String
        /// When the certificate ends.
        public let notAfter: String
    }

    /// Writes the certificate (mode 0644) and its key (mode 0600).
    ///
    /// - Parameters:
    ///   - names: host names and addresses that the certificate is for; at least one.
    ///   - days: how long it is valid.
    public func make(for names: [String], days: Int) throws(CertificateMakerError) -> Report {
        var parsed: [SelfSignedCertificate.Name] = []
        for name in names {
            guard let name = SelfSignedCertificate.Name(name) else { throw .name(name) }
            parsed.append(name)
        }
        guard !parsed.isEmpty else { throw .noName }
        if !replaces {
            let isInTheWay = keepsKey ? [files.certificate] : [files.certificate, files.key]
            for path in isInTheWay where access(path, F_OK) == 0 { throw .fileExists(path) }
        }
        let key = keepsKey ? try keptKey() : P256PrivateKey()
        let now = ServerClock.now().microseconds / 1_000_000
        let text: String
        let secret: String
        let identity: TLSServerIdentity
        do {
            // It begins a little earlier, for clients whose clock is late.
            text = try SelfSignedCertificate.pem(
                for: parsed, key: key, validity: now - 3600...now + Int64(days) * 24 * 3600)
            secret = try key.pem()
            identity = try TLSServerIdentity(certificate: Array(text.utf8), privateKey: Array(secret.utf8))
        } catch {
            throw .failed("\(error)")
        }
        if !keepsKey { try write(secret, to: files.key, mode: 0o600) }
        try write(text, to: files.certificate, mode: 0o644)
        return Report(
            pin: identity.certificate.pin?.description ?? "", notAfter: identity.certificate.notAfter)
    }

    private func keptKey() throws(CertificateMakerError) -> P256PrivateKey {
        let text: [UInt8]?
        do {
            text = try PrivateFile.contents(files.key, limit: 1 << 20)
        } catch {
            throw .file(files.key, error.reason)
        }
        guard let text else { throw .file(files.key, "there is no such file") }
        guard let key = try? P256PrivateKey(pem: String(decoding: text, as: UTF8.self)) else {
            throw .file(files.key, "it holds no unencrypted key on the curve P-256")
        }
        return key
    }

    private func write(_ text: String, to path: String, mode: UInt32) throws(CertificateMakerError) {
        do {
            try PrivateFile.replace(path, contents: Array(text.utf8), mode: mode)
        } catch {
            throw .file(path, error.reason)
        }
    }
}

/// Why no certificate was made. The description says what to do about it.
public enum CertificateMakerError: Error, Equatable, Sendable, CustomStringConvertible {
    case noName
    /// Neither a host name nor an address.
    case name(String)
    case fileExists(String)
    case file(String, String)
    case failed(String)

    public var description: String {
        switch self {
        case .noName: "name the host names and addresses that the certificate is for"
        case .name(let text):
            "\"\(text)\" is neither a host name in ASCII nor an address, as chat.example.org or 192.0.2.1"
        case .fileExists(let path):
            "\(path) is there already; replace it with --force, or choose another with --cert and --key"
        case .file(let path, let reason): "cannot use \(path): \(reason)"
        case .failed(let reason): "the certificate could not be made: \(reason)"
        }
    }
}
