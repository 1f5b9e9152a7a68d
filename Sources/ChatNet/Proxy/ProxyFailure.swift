/// Why a proxy did not connect us to the server.
public enum ProxyFailure: Error, Hashable, Sendable {
    /// The proxy itself cannot be reached, for this reason in plain words.
    case unreachable(reason: String)
    case timeout
    /// The proxy requires a user and a password, and none are configured.
    case credentialsRequired
    /// The proxy rejects the configured user and password.
    case credentialsRefused
    /// The proxy answered CONNECT with this HTTP status.
    case refused(status: Int)
    /// The proxy reports this over SOCKS.
    case socks(SOCKSRefusal)
    /// The proxy closed the connection.
    case closed
    /// The proxy does not speak the configured protocol.
    case invalidAnswer
    /// The environment variable for the proxy does not contain a proxy's address.
    case unusable(ProxyAddressError)
}

/// The reasons in RFC 1928 section 6.
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
