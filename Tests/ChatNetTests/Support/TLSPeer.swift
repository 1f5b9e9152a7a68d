import ChatCrypto

/// The server's end of a TLS connection over a ``Peer``, for scripts that s_server cannot play.
final class TLSPeer {
    let peer: Peer
    private let session: TLSSession
    private let pieceLength: Int
    private var pending: [UInt8] = []

    /// Completes the handshake; its output goes out in pieces of this length.
    init(_ peer: Peer, _ context: TLSContext, pieceLength: Int = .max) throws {
        self.peer = peer
        self.pieceLength = pieceLength
        session = try TLSSession(serverWith: context)
        while !session.isEstablished {
            guard let bytes = peer.read() else { throw TLSFailure.truncated }
            defer { flush() }
            try session.receive(bytes)
        }
        pending = try session.readPlaintext()
    }

    func read() throws -> [UInt8]? {
        while pending.isEmpty && !session.isClosedByPeer {
            guard let bytes = peer.read() else { return nil }
            try session.receive(bytes)
            pending = try session.readPlaintext()
        }
        defer { pending = [] }
        return pending.isEmpty ? nil : pending
    }

    func readHead() throws -> String? {
        var head = ""
        while !head.hasSuffix("\r\n\r\n") {
            guard let bytes = try read() else { return nil }
            head += String(decoding: bytes, as: UTF8.self)
        }
        return head
    }

    func write(_ text: String) throws {
        try write(bytes: Array(text.utf8))
    }

    func write(bytes: [UInt8]) throws {
        try session.write(bytes)
        flush()
    }

    func sayGoodbye() {
        session.close()
        flush()
    }

    private func flush() {
        peer.write(session.takeCiphertext(), pieceLength: pieceLength)
    }
}
