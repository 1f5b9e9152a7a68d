import ChatCrypto

/// What a connection sends and receives through: its socket, and the TLS session on it.
struct ConnectionStream {
    let socket: SocketBox
    var tls: TLSSession?
    /// The task that waits for the end of the TLS handshake; nil before and after it.
    var handshake: OneShot<Result<Void, NetError>>?

    /// Tells the peer that nothing more will be sent; reading continues. Call it only after everything is sent.
    func endWriting() {
        if let tls {
            tls.close()
            _ = tls.takeCiphertext().withUnsafeBytes { bytes in try? socket.socket.write(bytes) }
        }
        socket.socket.endWriting()
    }
}
