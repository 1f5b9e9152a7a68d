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

    /// For servers. Both files are PEM; the certificate file may hold the chain, the server's own first.
    public init(certificateFile: String, privateKeyFile: String) throws(TLSFailure) {
        OpenSSLLibrary.prepare()
        handle = try Self.makeHandle(method: TLS_server_method())
        OpenSSLError.clear()
        guard SSL_CTX_use_certificate_chain_file(handle, certificateFile) == 1 else {
            throw .identity(path: certificateFile, reason: OpenSSLError.text(otherwise: "not usable"))
        }
        // This also fails when the key does not belong to the certificate.
        guard SSL_CTX_use_PrivateKey_file(handle, privateKeyFile, SSL_FILETYPE_PEM) == 1 else {
            throw .identity(path: privateKeyFile, reason: OpenSSLError.text(otherwise: "not usable"))
        }
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
