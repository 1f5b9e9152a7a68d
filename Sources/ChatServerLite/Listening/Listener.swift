import Glibc
import NIOCore
import NIOPosix

/// An open listening socket.
struct Listener: Sendable {
    let channel: any Channel
    /// Whether connections begin with TLS.
    let isSecure: Bool
    /// The file to remove at the end.
    private let file: UnixSocketFile?

    /// Where it listens, as the server announces it: `https://ADDRESS:PORT` or `unix:PATH`.
    var url: String {
        let address = channel.localAddress
        guard let host = address?.ipAddress, let port = address?.port else {
            return "unix:" + (address?.pathname ?? "")
        }
        return (isSecure ? "https://" : "http://") + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    }

    func close() async {
        try? await channel.close()
        file?.remove()
    }

    /// How many connections may wait to be accepted.
    static let backlog: Int32 = 4096

    /// Listens at an address.
    static func open(
        _ address: ListenAddress, _ bootstrap: ServerBootstrap
    ) async throws(ServerStartError) -> Listener {
        switch address {
        case .tcp(let host, let port, let isSecure):
            do {
                let channel = try await bootstrap.bind(host: host, port: port).get()
                return Listener(channel: channel, isSecure: isSecure, file: nil)
            } catch {
                throw startError(error, host: host, port: port)
            }
        case .unix(let path, let mode):
            let (descriptor, file) = try UnixSocketFile.listen(path, mode: mode, backlog: backlog)
            do {
                let channel = try await bootstrap.withBoundSocket(descriptor).get()
                return Listener(channel: channel, isSecure: false, file: file)
            } catch {
                file.remove()
                throw .cannotListenAt(address: "unix:" + path, reason: "\(error)")
            }
        }
    }

    /// Takes over a socket that was handed to the process.
    static func adopt(
        _ socket: HandedSocket, isSecure: Bool, _ bootstrap: ServerBootstrap
    ) async throws(ServerStartError) -> Listener {
        let name = "the socket that was handed over (\(socket.descriptor))"
        // systemd has done this already; the others may not have. It does no harm.
        guard isStream(socket.descriptor), Glibc.listen(socket.descriptor, backlog) == 0 else {
            throw .cannotListenAt(address: name, reason: "it is no stream socket that can listen")
        }
        do {
            let channel = try await bootstrap.withBoundSocket(socket.descriptor).get()
            return Listener(channel: channel, isSecure: isSecure, file: nil)
        } catch {
            throw .cannotListenAt(address: name, reason: "\(error)")
        }
    }

    private static func isStream(_ descriptor: Int32) -> Bool {
        var kind: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &length) == 0
            && kind == Int32(SOCK_STREAM.rawValue)
    }

    private static func startError(_ error: any Error, host: String, port: Int) -> ServerStartError {
        if let error = error as? IOError {
            switch error.errnoCode {
            case EADDRINUSE: return .portInUse(host: host, port: port)
            case EACCES, EPERM: return .portNotPermitted(port: port)
            case EADDRNOTAVAIL: return .addressNotHere(host: host)
            default:
                return .cannotListen(
                    host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
            }
        }
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return .unknownHost(host: host)
        }
        return .cannotListen(host: host, port: port, reason: "\(error)")
    }
}

extension HandedSocket {
    /// Whether only this machine reaches it.
    var isLoopback: Bool {
        var address = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
        var length = socklen_t(address.count)
        let code = address.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) }
        }
        guard code == 0 else { return false }
        // The family is the first two bytes. sockaddr_in has its address at 4, sockaddr_in6 at 8.
        let family = Int32(address[0]) | Int32(address[1]) << 8
        switch family {
        case AF_INET: return AddressBytes(address[4..<8]).isLoopback
        case AF_INET6: return AddressBytes(address[8..<24]).isLoopback
        default: return false
        }
    }

    /// Whether its connections are those of the Internet protocol rather than of a Unix socket.
    var isInternet: Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return code == 0 && [AF_INET, AF_INET6].contains(Int32(address.ss_family))
    }
}
