import Glibc

/// Tries the addresses that the server would listen on.
struct AddressCheck {
    let configuration: ServerConfiguration
    /// Whether a server has the database. Then it also has the addresses.
    let isInUse: Bool

    var lines: [CheckLine] {
        var lines = [line(host: configuration.host, port: configuration.port, option: "--port")]
        if let address = configuration.metrics?.address {
            lines.append(line(host: address.host, port: address.port, option: "--metrics"))
        }
        return lines
    }

    private func line(host: String, port: Int, option: String) -> CheckLine {
        guard let code = Self.failure(host: host, port: port) else {
            return CheckLine(.addresses, .ok, "port \(port) on \(host) is free")
        }
        let text = "cannot listen on \(host), port \(port): \(code.reason)"
        switch code.number {
        case EADDRINUSE where isInUse:
            return CheckLine(.addresses, .ok, "port \(port) on \(host) is in use, as the database is")
        case EADDRINUSE:
            return CheckLine(
                .addresses, .wrong, text,
                advice: "choose another port with \(option), or stop the program that has it (ss -ltnp)")
        case EACCES, EPERM:
            return CheckLine(
                .addresses, .wrong, text,
                advice: "choose a port from 1024 with \(option), or grant CAP_NET_BIND_SERVICE")
        default:
            return CheckLine(
                .addresses, .wrong, text, advice: "choose an address of this machine, as 127.0.0.1 or 0.0.0.0"
            )
        }
    }

    /// Whether only this machine reaches the address.
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || AddressBytes(host)?.isLoopback == true
    }

    private struct Failure {
        /// The error number; 0 when the name has no address.
        let number: Int32
        let reason: String
    }

    /// Why nothing can listen there; nil when it is free. The socket is closed again before anybody can connect.
    private static func failure(host: String, port: Int) -> Failure? {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, "\(port)", &hints, &found)
        guard code == 0, let address = found else {
            return Failure(number: 0, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(found) }
        let info = address.pointee
        let descriptor = socket(
            info.ai_family, info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), info.ai_protocol)
        guard descriptor >= 0 else { return systemFailure() }
        defer { close(descriptor) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0 else { return systemFailure() }
        // Two sockets may be bound to one address as long as neither listens.
        return listen(descriptor, 1) == 0 ? nil : systemFailure()
    }

    private static func systemFailure() -> Failure {
        let code = errno
        return Failure(number: code, reason: String(cString: strerror(code)))
    }
}
