import COpenSSL

/// What a peer's certificate says about the peer. The texts are bounded and contain no control characters.
public struct PeerCertificate: Hashable, Sendable {
    public let subject: String
    public let issuer: String
    /// The first few names and addresses that the certificate is for.
    public let names: [String]
    /// When it expires, as OpenSSL prints it: `Nov 22 14:00:00 2027 GMT`.
    public let notAfter: String
    /// The pin of its public key, in the form of ``TrustPolicy/pins``.
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
    /// The peer's certificate, once the handshake is complete; nil when the peer presented none.
    public var peerCertificate: PeerCertificate? {
        withHandle { ssl in
            guard isEstablished, let certificate = SSL_get1_peer_certificate(ssl) else { return nil }
            defer { X509_free(certificate) }
            return PeerCertificate(CertificateFacts(certificate))
        }
    }
}
