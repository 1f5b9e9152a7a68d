import COpenSSL

/// What the certificate of a peer says of it. The texts are bounded and without control characters.
public struct PeerCertificate: Hashable, Sendable {
    public let subject: String
    public let issuer: String
    /// The first few names and addresses that it is for.
    public let names: [String]
    /// Its end, as OpenSSL prints it: `Nov 22 14:00:00 2027 GMT`.
    public let notAfter: String
    /// The pin of its public key, as ``TrustPolicy/pins`` takes it.
    public let pin: PublicKeyPin?

    init(_ facts: borrowing CertificateFacts) {
        subject = facts.subject
        issuer = facts.issuer
        names = facts.names
        notAfter = facts.notAfter
        pin = facts.pin
    }
}

extension TLSSession {
    /// The peer's certificate, once the handshake is complete; nil when it showed none.
    public var peerCertificate: PeerCertificate? {
        withHandle { ssl in
            guard isEstablished, let certificate = SSL_get1_peer_certificate(ssl) else { return nil }
            defer { X509_free(certificate) }
            return PeerCertificate(CertificateFacts(certificate))
        }
    }
}
