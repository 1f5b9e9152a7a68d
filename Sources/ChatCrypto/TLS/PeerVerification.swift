import COpenSSL

/// Judges the peer's certificate for a client session, and keeps the result. OpenSSL calls ``verify(_:)`` during the
/// handshake. The session is attached to its SSL object, so the result reaches the right session.
final class PeerVerification {
    let host: String
    let pins: Set<PublicKeyPin>
    private(set) var failure: TLSFailure?

    init(host: String, pins: Set<PublicKeyPin>) {
        self.host = host
        self.pins = pins
    }

    /// The callback for SSL_CTX_set_cert_verify_callback: 1 continues the handshake, 0 stops it.
    static func verify(_ store: OpaquePointer?) -> Int32 {
        guard let store,
            let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
            let data = SSL_get_ex_data(OpaquePointer(ssl), 0)
        else { return 0 }
        let verification = Unmanaged<PeerVerification>.fromOpaque(data).takeUnretainedValue()
        return verification.judge(store) ? 1 : 0
    }

    private func judge(_ store: OpaquePointer) -> Bool {
        guard let certificate = X509_STORE_CTX_get0_cert(store) else {
            return reject(store, .certificateRejected(reason: "there is none"))
        }
        let facts = CertificateFacts(certificate)
        guard pins.isEmpty else { return judgePinned(store, certificate, facts) }
        return X509_verify_cert(store) == 1 || rejectAsFound(store, facts)
    }

    /// A pinned key is its own authority. It becomes the only trusted certificate, so the same code still checks
    /// dates, purpose and name.
    private func judgePinned(
        _ store: OpaquePointer, _ certificate: OpaquePointer, _ facts: borrowing CertificateFacts
    ) -> Bool {
        guard let pin = facts.pin, pins.contains(pin) else {
            return reject(store, .pinMismatch(presented: facts.pin))
        }
        guard let trusted = OPENSSL_sk_new_null() else {
            return reject(store, .setup(reason: "out of memory"))
        }
        // The stack borrows the certificate, and the store uses both only during verification.
        defer { OPENSSL_sk_free(trusted) }
        OPENSSL_sk_push(trusted, UnsafeRawPointer(certificate))
        X509_STORE_CTX_set0_trusted_stack(store, trusted)
        X509_STORE_CTX_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        return X509_verify_cert(store) == 1 || rejectAsFound(store, facts)
    }

    private func reject(_ store: OpaquePointer, _ failure: TLSFailure) -> Bool {
        self.failure = failure
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION)
        return false
    }

    private func rejectAsFound(_ store: OpaquePointer, _ leaf: borrowing CertificateFacts) -> Bool {
        let code = X509_STORE_CTX_get_error(store)
        // The wrong dates may belong to a certificate higher up in the chain.
        if let culprit = X509_STORE_CTX_get_current_cert(store) {
            failure = failure(code, leaf: leaf, culprit: CertificateFacts(culprit))
        } else {
            failure = failure(code, leaf: leaf, culprit: leaf)
        }
        return false
    }

    private func failure(
        _ code: Int32, leaf: borrowing CertificateFacts, culprit: borrowing CertificateFacts
    ) -> TLSFailure {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            .certificateExpired(notAfter: culprit.notAfter)
        case X509_V_ERR_CERT_NOT_YET_VALID:
            .certificateNotYetValid(notBefore: culprit.notBefore)
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            .hostMismatch(host: host, presented: leaf.names)
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            .selfSigned(subject: culprit.subject, pin: leaf.pin)
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            .unknownIssuer(issuer: culprit.issuer, pin: leaf.pin)
        default:
            .certificateRejected(reason: String(cString: X509_verify_cert_error_string(Int(code))))
        }
    }
}
