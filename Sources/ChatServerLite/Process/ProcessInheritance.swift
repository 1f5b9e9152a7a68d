import Glibc
import NIOCore
import NIOPosix

/// What child processes inherit.
enum ProcessInheritance {
    /// Keeps a socket, connected or listening, from being inherited by child processes. A child would hold
    /// the port or a peer's connection for as long as it lives.
    static func close(_ channel: any Channel) throws {
        _ = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            socket in
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        }
    }
}
