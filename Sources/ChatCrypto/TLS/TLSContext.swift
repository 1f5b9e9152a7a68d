import COpenSSL
import Synchronization

/// The settings that TLS sessions share: versions, authorities, a server's certificate. A context never changes after
/// it was made.
public final class TLSContext: Sendable {
    // OpenSSL reference-counts and locks SSL_CTX itself. Sharing it between threads is safe as long as nobody
    // configures it any more, and only init does.
    nonisolated(unsafe) let handle: OpaquePointer

    /// For clients that trust the authorities of `policy`; its pins belong to each session. Reads the authority file.
    init(trusting policy: TrustPolicy) throws(TLSFailure) {
        OpenSSLLibrary.prepare()
        handle = try Self.makeHandle(method: TLS_client_method())
        SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(handle, { store, _ in PeerVerification.verify(store) }, nil)
        if policy.usesSystemAuthorities {
            // A machine without the default places is not an error here: the peer will be unknown.
            SSL_CTX_set_default_verify_paths(handle)
        }
        if let path = policy.authorityFile {
            OpenSSLError.clear()
            guard SSL_CTX_load_verify_file(handle, path) == 1 else {
                throw .authorityFile(path: path, reason: OpenSSLError.text(otherwise: "no certificate in it"))
            }
        }
    }

    /// For servers that speak HTTP/1.1, with a certificate, those above it, and its key. OpenSSL counts its own
    /// references to them.
    init(
        serverWith certificate: OpaquePointer, chain: [OpaquePointer], key: OpaquePointer
    ) throws(TLSFailure) {
        handle = try Self.makeHandle(method: TLS_server_method())
        // 112 bits: RSA and DH from 2048 bits, elliptic curves from 224, no SHA-1 signatures.
        SSL_CTX_set_security_level(handle, 2)
        guard SSL_CTX_set_cipher_list(handle, Self.serverCiphers) == 1,
            chat_ssl_ctx_set_groups(handle, "X25519:P-256:P-384") == 1
        else { throw .setup(reason: OpenSSLError.text(otherwise: "no ciphers")) }
        SSL_CTX_set_alpn_select_cb(
            handle,
            { _, out, length, offer, count, _ in
                TLSContext.selectProtocol(out, length, offer, count)
            }, nil)
        guard SSL_CTX_use_certificate(handle, certificate) == 1 else {
            throw .setup(reason: OpenSSLError.text(otherwise: "the certificate is not usable"))
        }
        for further in chain {
            X509_up_ref(further)
            guard chat_ssl_ctx_add_chain_certificate(handle, further) == 1 else {
                X509_free(further)
                throw .setup(reason: OpenSSLError.text(otherwise: "the chain is not usable"))
            }
        }
        guard SSL_CTX_use_PrivateKey(handle, key) == 1 else {
            throw .setup(reason: OpenSSLError.text(otherwise: "the key is not usable"))
        }
    }

    /// The ciphers of TLS 1.2: forward secret and authenticated, as Mozilla's "intermediate" profile has them, without
    /// the finite-field ones. TLS 1.3 has no others. The client chooses, since it knows what is fast on its machine.
    private static let serverCiphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """

    /// Chooses http/1.1 among the protocols that a client offers. A client that offers only others is refused (RFC 7301
    /// section 3.2); one that offers none never gets here.
    private static func selectProtocol(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ length: UnsafeMutablePointer<UInt8>?,
        _ offer: UnsafePointer<UInt8>?, _ count: UInt32
    ) -> Int32 {
        guard let chosen, let length, let offer else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        let wanted = Array("http/1.1".utf8)
        var rest = UnsafeBufferPointer(start: offer, count: Int(count))[...]
        while let size = rest.popFirst(), rest.count >= Int(size) {
            let name = rest.prefix(Int(size))
            if name.elementsEqual(wanted) {
                chosen.pointee = offer + name.startIndex
                length.pointee = size
                return SSL_TLSEXT_ERR_OK
            }
            rest = rest.dropFirst(Int(size))
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }

    deinit {
        SSL_CTX_free(handle)
    }

    private static let clients = Mutex<[TrustPolicy: TLSContext]>([:])

    /// The context for clients under `policy`. The first call makes it, and the process keeps it: a program has one
    /// policy or a few. A failure is not kept.
    static func client(trusting policy: TrustPolicy) throws(TLSFailure) -> TLSContext {
        var shared = policy
        shared.pins = []
        let key = shared
        if let context = clients.withLock({ $0[key] }) { return context }
        let context = try TLSContext(trusting: key)
        clients.withLock { $0[key] = context }
        return context
    }

    private static func makeHandle(method: OpaquePointer?) throws(TLSFailure) -> OpaquePointer {
        OpenSSLError.clear()
        guard let handle = SSL_CTX_new(method) else {
            throw .setup(reason: OpenSSLError.text(otherwise: "no context"))
        }
        guard chat_ssl_ctx_set_min_version(handle, TLS1_2_VERSION) == 1 else {
            SSL_CTX_free(handle)
            throw .setup(reason: "TLS 1.2 is not available")
        }
        chat_ssl_ctx_set_safe_options(handle)
        chat_ssl_ctx_set_session_cache_mode(handle, Int(SSL_SESS_CACHE_OFF))
        // This makes idle connections release their record buffers.
        chat_ssl_ctx_set_mode(
            handle, Int(bitPattern: UInt(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE)))
        return handle
    }
}
