import Glibc

/// A TCP socket. It never blocks, is not inherited by child processes, raises no signal, and is closed with its
/// owner.
struct TCPSocket: ~Copyable {
    enum ReadResult: Equatable {
        case bytes(Int)
        case wouldBlock
        /// The peer has sent everything.
        case end
    }

    let descriptor: Int32

    /// A new socket for addresses of this family.
    init(family: Int32) throws(SystemError) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(family, type, Int32(IPPROTO_TCP))
        guard descriptor >= 0 else { throw SystemError.last }
        sendAtOnce()
    }

    /// Takes ownership of a connected, non-blocking socket.
    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        sendAtOnce()
    }

    /// Chat messages are small and somebody waits for each: none may wait for the next. The connection works even if
    /// this fails.
    private borrowing func sendAtOnce() {
        var enabled: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Has the kernel forget what was written and is not delivered when the socket is closed, and reset the connection.
    /// Without it the kernel goes on delivering for minutes, although the program has given the connection up (tcp(7),
    /// `tcp_orphan_retries`).
    borrowing func discardUndelivered() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Starts to connect. Returns whether the connection is already made; otherwise wait until the socket is writable
    /// and call ``connectionError()``.
    borrowing func connect(to address: SocketAddress) throws(SystemError) -> Bool {
        let result = address.withSystemAddress { Glibc.connect(descriptor, $0, $1) }
        guard result != 0 else { return true }
        let error = SystemError.last
        // After an interruption, too, connecting continues.
        guard error.code == EINPROGRESS || error.code == EINTR else { throw error }
        return false
    }

    /// The result of connecting: `nil` when it succeeded.
    borrowing func connectionError() -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return .last }
        return code == 0 ? nil : SystemError(code)
    }

    /// Reads the available bytes into `buffer`, which must not be empty.
    borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> ReadResult {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            let error = SystemError.last
            if error.isWouldBlock { return .wouldBlock }
            guard error.code == EINTR else { throw error }
        }
    }

    /// Sends as much of `bytes` as the system accepts now, and returns the number of bytes.
    borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        guard !bytes.isEmpty else { return 0 }
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return count }
            let error = SystemError.last
            if error.isWouldBlock { return 0 }
            guard error.code == EINTR else { throw error }
        }
    }

    /// Announces that no more will be sent; reading continues.
    borrowing func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }
}

/// Holds a socket where collections, closures and optionals need something copyable.
final class SocketBox: Sendable {
    let socket: TCPSocket

    init(_ socket: consuming TCPSocket) {
        self.socket = socket
    }

    /// Reads at most 64 KiB: the outcome, and the bytes when there are any.
    func read() -> (Result<TCPSocket.ReadResult, SystemError>, [UInt8]) {
        var outcome = Result<TCPSocket.ReadResult, SystemError>.success(.wouldBlock)
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
            outcome = Result { () throws(SystemError) in
                try socket.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if case .success(.bytes(let read)) = outcome { count = read }
        }
        return (outcome, bytes)
    }
}
