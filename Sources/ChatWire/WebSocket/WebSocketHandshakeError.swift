/// Why an opening handshake did not produce a WebSocket connection (RFC 6455 sections 4.1 and 4.2).
public enum WebSocketHandshakeError: Error, Hashable, Sendable {
    /// The server answered with a status other than 101: a refusal, a redirect, a demand to sign in.
    case refused(status: Int)
    /// `Upgrade` is missing or names another protocol.
    case missingUpgrade
    /// `Connection` is missing or has no member `upgrade`.
    case missingConnectionUpgrade
    /// `Sec-WebSocket-Accept` is missing or does not belong to the key that was sent.
    case wrongAccept
    /// The server chose an extension that was not offered.
    case unexpectedExtension
    /// The server chose a subprotocol that was not offered, or more than one.
    case unexpectedSubprotocol
    /// A subprotocol to offer or to choose is not a token.
    case invalidSubprotocol

    /// The request is not GET.
    case wrongMethod
    /// The request is older than HTTP/1.1.
    case wrongHTTPVersion
    case missingHost
    /// `Sec-WebSocket-Key` is missing, given twice, or not the Base64 of 16 bytes.
    case invalidKey
    /// `Sec-WebSocket-Version` is missing or not 13.
    case unsupportedVersion
}
