/// Why a TLS connection could not be made, or broke. Names from certificates are escaped and shortened.
public enum TLSFailure: Error, Hashable, Sendable {
    case certificateExpired(notAfter: String)
    case certificateNotYetValid(notBefore: String)
    /// The certificate is for other names; `presented` are those names.
    case hostMismatch(host: String, presented: [String])
    /// The certificate is signed by an untrusted authority.
    case unknownIssuer(issuer: String, pin: PublicKeyPin?)
    /// The certificate is signed by itself, or by an untrusted root that the peer sent with it.
    case selfSigned(subject: String, pin: PublicKeyPin?)
    /// The key is not one of the pinned keys, whether the chain is valid or not.
    case pinMismatch(presented: PublicKeyPin?)
    /// Any other fault of the certificate, in OpenSSL's words.
    case certificateRejected(reason: String)
    /// There is no common protocol version: the peer offers less than TLS 1.2.
    case protocolVersion
    /// The peer does not speak TLS but, for example, plain HTTP.
    case notTLS
    /// The peer refused with this alert (RFC 8446 section 6), in OpenSSL's words.
    case refusedByPeer(alert: String)
    /// The peer's stream ended without close_notify: data may be missing.
    case truncated
    /// The peer violated the protocol, or the bytes were changed in transit.
    case protocolError(reason: String)
    /// The file with further authorities cannot be read or holds no certificate.
    case authorityFile(path: String, reason: String)
    /// OpenSSL could not be initialised.
    case setup(reason: String)
}

extension TLSFailure: CustomStringConvertible {
    /// What is wrong, for people: a clause without a full stop.
    public var description: String {
        switch self {
        case .certificateExpired(let notAfter): "the server's certificate expired on \(notAfter)"
        case .certificateNotYetValid(let notBefore):
            "the server's certificate is not valid before \(notBefore)"
        case .hostMismatch(let host, let presented):
            presented.isEmpty
                ? "the server's certificate is not for \(host)"
                : "the server's certificate is for \(presented.joined(separator: ", ")), not for \(host)"
        case .unknownIssuer(let issuer, _):
            "the server's certificate was signed by an unknown authority (\(issuer))"
        case .selfSigned(let subject, _): "the server's certificate is self-signed (\(subject))"
        case .pinMismatch(let presented):
            "the server's key is not the pinned one"
                + (presented.map { " (it shows \($0))" } ?? "")
        case .certificateRejected(let reason): "the server's certificate was rejected: \(reason)"
        case .protocolVersion: "the server does not speak TLS 1.2 or newer"
        case .notTLS: "what answers there does not speak TLS"
        case .refusedByPeer(let alert): "the server refused the TLS connection (\(alert))"
        case .truncated: "the TLS connection was cut off"
        case .protocolError(let reason): "the TLS connection broke: \(reason)"
        case .authorityFile(let path, let reason): "cannot use the authority file \(path): \(reason)"
        case .setup(let reason): "TLS could not be set up: \(reason)"
        }
    }

    /// What the person can do, as a sentence; nil when there is nothing.
    public var advice: String? {
        switch self {
        case .certificateExpired:
            "Check this machine's clock; otherwise the server's operator must renew the certificate."
        case .certificateNotYetValid: "Check this machine's clock."
        case .hostMismatch(_, let presented):
            presented.isEmpty ? nil : "Use a name that the certificate has, if that is the server you mean."
        case .unknownIssuer(_, let pin), .selfSigned(_, let pin):
            "If you know that this is the right server, trust its authority with an authority file (PEM)"
                + (pin.map { ", or pin its key: \($0)" } ?? "") + "."
        case .pinMismatch:
            "Someone may be in between, or the server has a new key; ask its operator before changing it."
        case .notTLS: "If the server has no TLS, write its address with http://."
        case .certificateRejected, .protocolVersion, .refusedByPeer, .truncated, .protocolError,
            .authorityFile, .setup:
            nil
        }
    }
}
