import ChatCrypto
import ChatServerLite
import ChatWire
import Foundation

/// A blocking TCP connection to the loopback address, with TLS if a test wants it. Every wait has a timeout.
final class TCPTestConnection {
    enum Failure: Error, Equatable {
        case connect(Int32)
        case send(Int32)
        case timeout
        /// The peer ended the connection during the handshake.
        case ended
    }

    let descriptor: Int32
    private let pieceLength: Int
    /// The client's end of TLS; nil for a plain connection.
    let session: TLSSession?

    /// - Parameters:
    ///   - pieceLength: the most bytes per segment.
    ///   - receiveBuffer: the size of the kernel's receive buffer in bytes, for a test that does not read;
    ///     nil for the default.
    ///   - trust: whom to trust with TLS; nil for a plain connection. The handshake is complete afterwards.
    init(
        port: Int, pieceLength: Int = .max, receiveBuffer: Int32? = nil, trust: TrustPolicy? = nil
    ) throws {
        self.pieceLength = pieceLength
        session = try trust.map {
            try TLSSession(clientTo: "127.0.0.1", trusting: $0, applicationProtocols: ["http/1.1"])
        }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // All properties have their values, so `deinit` closes the descriptor when this initialiser throws.
        guard code == 0 else { throw Failure.connect(errno) }
        var enabled: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
        if let session { try shakeHands(session) }
    }

    private func shakeHands(_ session: TLSSession) throws {
        while true {
            try sendRaw(session.takeCiphertext())
            if session.isEstablished { return }
            let bytes = try receiveRaw(within: .seconds(60))
            guard !bytes.isEmpty else { throw Failure.ended }
            try session.receive(bytes)
        }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        guard let session else { return try sendRaw(bytes) }
        try session.write(bytes)
        try sendRaw(session.takeCiphertext())
    }

    /// Sends bytes past TLS.
    func sendRaw(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.prefix(pieceLength).withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.send(errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// The bytes that have arrived. Empty after the connection has ended or was reset.
    func receive(within timeout: Duration = .seconds(60)) throws -> [UInt8] {
        guard let session else { return try receiveRaw(within: timeout) }
        while true {
            let plaintext = try session.readPlaintext()
            if !plaintext.isEmpty || session.isClosedByPeer { return plaintext }
            let bytes = try receiveRaw(within: timeout)
            guard !bytes.isEmpty else { return [] }
            try session.receive(bytes)
        }
    }

    /// Receives bytes past TLS.
    func receiveRaw(within timeout: Duration = .seconds(60)) throws -> [UInt8] {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(timeout.nanoseconds / 1_000_000)) > 0 else { throw Failure.timeout }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count <= 0 ? [] : Array(bytes[..<count])
    }
}
