import Glibc

/// The file of a Unix socket that this process has made.
struct UnixSocketFile: Equatable, Sendable {
    let path: String
    private let device: UInt
    private let inode: UInt

    /// Binds a socket to the path and listens. A socket file that no process listens at is removed first.
    ///
    /// - Returns: the socket and its file.
    static func listen(
        _ path: String, mode: UInt32, backlog: Int32
    ) throws(ServerStartError) -> (socket: Int32, file: UnixSocketFile) {
        let name = "unix:" + path
        try removeStale(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw refusal(name) }
        // The file gets the mode of the socket, so that nobody else can connect before its own mode is set.
        guard fchmod(descriptor, 0o600) == 0, withAddress(path, { bind(descriptor, $0, $1) }) == 0 else {
            defer { close(descriptor) }
            throw errno == EADDRINUSE ? .socketInUse(path: path) : refusal(name)
        }
        var status = stat()
        guard stat(path, &status) == 0, chmod(path, mode) == 0, Glibc.listen(descriptor, backlog) == 0 else {
            let failure = refusal(name)
            unlink(path)
            close(descriptor)
            throw failure
        }
        let file = UnixSocketFile(path: path, device: UInt(status.st_dev), inode: UInt(status.st_ino))
        return (descriptor, file)
    }

    /// Removes the file, unless another process has put its own in its place.
    func remove() {
        var status = stat()
        guard lstat(path, &status) == 0, UInt(status.st_dev) == device, UInt(status.st_ino) == inode else {
            return
        }
        unlink(path)
    }

    private static func refusal(_ name: String) -> ServerStartError {
        .cannotListenAt(address: name, reason: String(cString: strerror(errno)))
    }

    /// A process that was killed leaves its file behind. Connecting tells whether anybody listens.
    private static func removeStale(_ path: String) throws(ServerStartError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw .cannotListenAt(address: "unix:" + path, reason: "the file there is no socket")
        }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw refusal("unix:" + path) }
        defer { close(probe) }
        guard withAddress(path, { connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED else {
            throw .socketInUse(path: path)
        }
        unlink(path)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = UnixAddress.make(path: Array(path.utf8))
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Addresses of Unix sockets.
enum UnixAddress {
    /// The address with this path, of which at most 107 bytes are taken.
    static func make(path: [UInt8]) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.prefix(107)) }
        return address
    }
}
