/// Why a proxy did not bring us to the server.
public enum ProxyFailure: Error, Hashable, Sendable {
    /// The proxy itself cannot be reached, for this reason in plain words.
    case unreachable(reason: String)
    case timeout
    /// It wants a user and a password, and none are configured.
    case credentialsRequired
    /// It does not accept the user and password that are configured.
    case credentialsRefused
    /// It answered CONNECT with this HTTP status.
    case refused(status: Int)
    /// It reports this over SOCKS.
    case socks(SOCKSRefusal)
    /// It broke the connection off.
    case closed
    /// It does not speak the protocol that it is said to.
    case invalidAnswer
    /// The variable that should name it holds no proxy's address.
    case unusable(ProxyAddressError)
}

/// The reasons that RFC 1928 section 6 knows.
public enum SOCKSRefusal: Hashable, Sendable {
    case generalFailure
    case notAllowed
    case networkUnreachable
    case hostUnreachable
    case connectionRefused
    case expired
    case commandNotSupported
    case addressNotSupported
    /// Another number.
    case unknown(UInt8)

    init(_ code: UInt8) {
        switch code {
        case 1: self = .generalFailure
        case 2: self = .notAllowed
        case 3: self = .networkUnreachable
        case 4: self = .hostUnreachable
        case 5: self = .connectionRefused
        case 6: self = .expired
        case 7: self = .commandNotSupported
        case 8: self = .addressNotSupported
        default: self = .unknown(code)
        }
    }
}

extension ProxyFailure: CustomStringConvertible {
    /// A clause whose subject is the proxy.
    public var description: String {
        switch self {
        case .unreachable(let reason): "cannot be reached: \(reason)"
        case .timeout: "did not answer in time"
        case .credentialsRequired: "wants a user and a password"
        case .credentialsRefused: "does not accept the user and password"
        case .refused(let status): "refused the connection with HTTP status \(status)"
        case .socks(let refusal): "\(refusal)"
        case .closed: "closed the connection"
        case .unusable(let error): "cannot be used: \(error)"
        case .invalidAnswer: "does not speak the protocol of a proxy"
        }
    }
}

extension SOCKSRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .generalFailure: "could not connect to the server"
        case .notAllowed: "does not allow connections to the server"
        case .networkUnreachable: "has no way to the server's network"
        case .hostUnreachable: "cannot reach the server"
        case .connectionRefused: "found that the server refuses connections"
        case .expired: "gave the connection up after some time"
        case .commandNotSupported, .addressNotSupported: "cannot make such a connection"
        case .unknown(let code): "refused the connection with code \(code)"
        }
    }
}
