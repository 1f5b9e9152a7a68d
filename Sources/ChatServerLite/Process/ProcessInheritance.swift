import Glibc
import NIOCore
import NIOPosix

/// What programs get that this one starts.
enum ProcessInheritance {
    /// Keeps a connection, or what listens for them, out of every program that is started: it would hold the port, or
    /// a peer's connection, for as long as it lives.
    static func close(_ channel: any Channel) throws {
        _ = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            socket in
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        }
    }
}
