import Glibc

/// An errno of a system call.
struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    let code: Int32

    init(_ code: Int32) {
        self.code = code
    }

    /// The errno of this thread's last system call.
    static var last: SystemError { SystemError(errno) }

    /// Whether a call on a non-blocking descriptor only came too early.
    var isWouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }

    /// Whether the peer has ended the connection.
    var isDisconnect: Bool { code == ECONNRESET || code == EPIPE || code == ECONNABORTED || code == ENOTCONN }

    /// The system's text in English, beginning in lower case.
    var description: String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET: "connection reset"
        case EPIPE: "broken pipe"
        case ETIMEDOUT: "timed out"
        case ENETUNREACH: "network is unreachable"
        case EHOSTUNREACH: "no route to host"
        case ENETDOWN: "network is down"
        case EADDRNOTAVAIL: "address not available"
        case EAFNOSUPPORT: "address family not supported"
        case EACCES, EPERM: "not permitted"
        case EMFILE, ENFILE: "too many open files"
        case ENOBUFS, ENOMEM: "out of memory"
        default: "system error \(code)"
        }
    }
}

extension SystemError {
    /// How much it says about why a host cannot be reached, for choosing among several attempts.
    var weight: Int {
        switch code {
        case ECONNREFUSED: 3
        case ECONNRESET, ETIMEDOUT: 2
        case EAFNOSUPPORT, EADDRNOTAVAIL: 0
        default: 1
        }
    }

    /// The error for the caller that wanted a connection.
    func connectFailure(endpoint: String) -> NetError {
        switch code {
        case ECONNREFUSED: .refused(endpoint: endpoint)
        case ETIMEDOUT: .timeout(phase: .connect, endpoint: endpoint)
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: .localResources(reason: description)
        default: .unreachable(endpoint: endpoint, reason: description)
        }
    }
}
