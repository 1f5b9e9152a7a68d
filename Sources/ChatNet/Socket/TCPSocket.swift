import Glibc

/// A TCP socket: never blocks, is not inherited by child processes, raises no signal, and is closed with
/// its owner.
struct TCPSocket: ~Copyable {
    enum ReadResult: Equatable {
        case bytes(Int)
        case wouldBlock
        /// The peer has sent all that it is going to.
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

    /// Owns a connected socket from now on, which must not block.
    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        sendAtOnce()
    }

    /// Chat messages are small and each is awaited by someone: none may wait for the next. If this fails the
    /// connection works all the same.
    private borrowing func sendAtOnce() {
        var enabled: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Begins to connect. Returns whether that is done already; else wait until the socket is writable
    /// and ask ``connectionError()``.
    borrowing func connect(to address: SocketAddress) throws(SystemError) -> Bool {
        let result = address.withSystemAddress { Glibc.connect(descriptor, $0, $1) }
        guard result != 0 else { return true }
        let error = SystemError.last
        // After an interruption, too, the connection goes on being made.
        guard error.code == EINPROGRESS || error.code == EINTR else { throw error }
        return false
    }

    /// How connecting ended: `nil` when it succeeded.
    borrowing func connectionError() -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return .last }
        return code == 0 ? nil : SystemError(code)
    }

    /// Reads what is there into `buffer`, which must not be empty.
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

    /// Sends as much of `bytes` as the system takes now, and returns how much that was.
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

    /// Says that no more will be sent; reading goes on.
    borrowing func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }
}

/// Gives a socket a place in collections, closures and optionals, which want something that can be copied.
final class SocketBox: Sendable {
    let socket: TCPSocket

    init(_ socket: consuming TCPSocket) {
        self.socket = socket
    }
}
