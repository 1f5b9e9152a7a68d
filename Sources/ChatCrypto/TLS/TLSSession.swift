import COpenSSL

/// One end of a TLS connection, without a socket: ciphertext and plaintext go in and out as bytes.
///
/// The driver passes in what arrives with ``receive(_:)``, sends the result of ``takeCiphertext()`` after every call,
/// and reads with ``readPlaintext()``. Write only after ``isEstablished``. After an error, send what
/// ``takeCiphertext()`` still holds (the alert) before you close. A session is not Sendable: it lives in one actor.
public final class TLSSession {
    /// The host that a client expects.
    private let verification: PeerVerification?
    private let context: TLSContext
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private var sawFirstByte = false

    /// Whether the handshake is complete, so that plaintext can flow.
    public private(set) var isEstablished = false

    /// Whether the peer has said that it will send nothing more (close_notify).
    public private(set) var isClosedByPeer = false

    /// A client session towards `host`, a name or an IP address that the certificate must be for. The first
    /// ciphertext is ready at once. Fails when the policy's authority file cannot be used.
    public convenience init(
        clientTo host: String, trusting policy: TrustPolicy, applicationProtocols: [String] = []
    ) throws(TLSFailure) {
        try self.init(
            context: TLSContext.client(trusting: policy),
            verification: PeerVerification(host: host, pins: policy.pins))
        try expect(host: host)
        try offer(applicationProtocols)
        SSL_set_connect_state(ssl)
        try advanceHandshake()
    }

    /// A server session with the certificate of `context`, which must be made for servers.
    public convenience init(serverWith context: TLSContext) throws(TLSFailure) {
        try self.init(context: context, verification: nil)
        SSL_set_accept_state(ssl)
    }

    private init(context: TLSContext, verification: PeerVerification?) throws(TLSFailure) {
        OpenSSLError.clear()
        guard let ssl = SSL_new(context.handle) else {
            throw .setup(reason: OpenSSLError.text(otherwise: "no session"))
        }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw .setup(reason: "out of memory")
        }
        SSL_set_bio(ssl, incoming, outgoing)
        if let verification {
            SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(verification).toOpaque())
        }
        self.context = context
        self.verification = verification
        self.ssl = ssl
        self.incoming = incoming
        self.outgoing = outgoing
    }

    deinit {
        // This frees both BIOs too.
        SSL_free(ssl)
    }

    /// Takes ciphertext from the network. An empty one has no effect.
    public func receive(_ ciphertext: some Collection<UInt8>) throws(TLSFailure) {
        let bytes = Array(ciphertext)
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(TLSFailure) in try receive(bytes: bytes) }
        }.get()
    }

    /// Takes ciphertext from the network without an array around it.
    public func receive(bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
        guard let first = bytes.first, let start = bytes.baseAddress else { return }
        if !sawFirstByte {
            sawFirstByte = true
            // A handshake record or an alert (RFC 8446 section 5.1); plain HTTP would start with a letter.
            guard (0x15...0x16).contains(first) else { throw .notTLS }
        }
        var offset = 0
        while offset < bytes.count {
            let written = BIO_write(incoming, start + offset, Int32(clamping: bytes.count - offset))
            guard written > 0 else { throw .setup(reason: "out of memory") }
            offset += Int(written)
        }
        if !isEstablished { try advanceHandshake() }
    }

    /// Tells the session that the network stream has ended. Throws when TLS has not ended before.
    public func receiveEnd() throws(TLSFailure) {
        guard isClosedByPeer else { throw .truncated }
    }

    /// All plaintext that is ready; empty when more ciphertext is needed or the peer has finished.
    public func readPlaintext() throws(TLSFailure) -> [UInt8] {
        var plaintext: [UInt8] = []
        while true {
            var result: Result<Int, TLSFailure> = .success(0)
            let record = [UInt8](unsafeUninitializedCapacity: Self.recordLengthMax) { buffer, count in
                result = Result { () throws(TLSFailure) in
                    try read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                count = (try? result.get()) ?? 0
            }
            guard try result.get() > 0 else { return plaintext }
            if plaintext.isEmpty { plaintext = record } else { plaintext += record }
        }
    }

    /// Puts plaintext that is ready into `buffer`, at most one record of it.
    ///
    /// - Returns: the number of bytes; 0 when more ciphertext is needed or the peer has finished.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSFailure) -> Int {
        guard isEstablished, !isClosedByPeer else { return 0 }
        OpenSSLError.clear()
        let result = SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        if result > 0 { return Int(result) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return 0
        case SSL_ERROR_ZERO_RETURN:
            isClosedByPeer = true
            return 0
        default: throw currentFailure()
        }
    }

    /// Encrypts `plaintext`. Call it only when ``isEstablished``.
    public func write(_ plaintext: some Collection<UInt8>) throws(TLSFailure) {
        let bytes = Array(plaintext)
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(TLSFailure) in try write(bytes: bytes) }
        }.get()
    }

    /// Encrypts plaintext without an array around it. Call it only when ``isEstablished``.
    public func write(bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
        precondition(isEstablished, "plaintext was written before the TLS handshake was complete")
        guard let start = bytes.baseAddress else { return }
        var offset = 0
        while offset < bytes.count {
            OpenSSLError.clear()
            let written = SSL_write(ssl, start + offset, Int32(clamping: bytes.count - offset))
            // A memory BIO always has room, so a refusal is a failure.
            guard written > 0 else { throw currentFailure() }
            offset += Int(written)
        }
    }

    /// Sends close_notify: nothing may be written afterwards, but reading may continue.
    public func close() {
        guard isEstablished else { return }
        OpenSSLError.clear()
        SSL_shutdown(ssl)
    }

    /// How many bytes of ciphertext wait to be sent.
    public var ciphertextCount: Int { BIO_ctrl_pending(outgoing) }

    /// The ciphertext to send, in order. It is returned once.
    public func takeCiphertext() -> [UInt8] {
        let pending = ciphertextCount
        guard pending > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: pending) { buffer, count in
            count = takeCiphertext(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Moves ciphertext to send into `buffer`.
    ///
    /// - Returns: the number of bytes, all of them when `buffer` has room for ``ciphertextCount``.
    public func takeCiphertext(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        Int(max(0, BIO_read(outgoing, buffer.baseAddress, Int32(clamping: buffer.count))))
    }

    /// "TLSv1.2" or "TLSv1.3" once established.
    public var protocolVersion: String { String(cString: SSL_get_version(ssl)) }

    /// The protocol that both ends agreed on (ALPN, RFC 7301); nil when the client offered none.
    public var applicationProtocol: String? {
        var start: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &start, &length)
        guard let start, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(length)), as: UTF8.self)
    }

    /// Lends the session's handle for questions to OpenSSL.
    func withHandle<Result>(_ body: (OpaquePointer) -> Result) -> Result { body(ssl) }

    private static let recordLengthMax = Int(SSL3_RT_MAX_PLAIN_LENGTH)

    private func expect(host: String) throws(TLSFailure) {
        let parameters = SSL_get0_param(ssl)
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1 { return }
        X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        // A trailing dot is valid in DNS, but not in certificates or in SNI (RFC 6066 section 3).
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        guard X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count) == 1,
            chat_ssl_set_server_name(ssl, name) == 1
        else { throw .setup(reason: "the host name is not usable") }
    }

    private func offer(_ protocols: [String]) throws(TLSFailure) {
        guard !protocols.isEmpty else { return }
        let list = protocols.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) }
        guard SSL_set_alpn_protos(ssl, list, UInt32(clamping: list.count)) == 0 else {
            throw .setup(reason: "the application protocols are not usable")
        }
    }

    private func advanceHandshake() throws(TLSFailure) {
        OpenSSLError.clear()
        let result = SSL_do_handshake(ssl)
        guard result != 1 else {
            isEstablished = true
            return
        }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
        default: throw currentFailure()
        }
    }

    /// The cause of the last refusal, from the verification or from OpenSSL's error queue.
    private func currentFailure() -> TLSFailure {
        if let failure = verification?.failure { return failure }
        let reason = OpenSSLError.reason(of: OpenSSLError.code)
        let alert = reason - SSL_AD_REASON_OFFSET
        switch reason {
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_VERSION_NUMBER, SSL_R_WRONG_SSL_VERSION,
            SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
            return .protocolVersion
        case SSL_R_HTTP_REQUEST:
            return .notTLS
        case _ where (1...255).contains(alert):
            return .refusedByPeer(alert: String(cString: SSL_alert_desc_string_long(alert)))
        default:
            return .protocolError(reason: OpenSSLError.text(otherwise: "unknown error"))
        }
    }
}
