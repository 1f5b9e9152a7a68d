import ChatCrypto
import ChatWire

/// Why a network operation failed. `endpoint` is the requested host and port, such as `example.org:443`. No case
/// carries content, tokens or uncleaned text of the peer.
public enum NetError: Error, Hashable, Sendable {
    /// The name service does not know the name.
    case hostNotFound(host: String)
    /// The name service could not be reached; without a network this is the usual failure.
    case resolverFailed(host: String, reason: String)
    /// Nobody listens on the port at any address of the host.
    case refused(endpoint: String)
    /// No address of the host is reachable; the reason is in the system's words.
    case unreachable(endpoint: String, reason: String)
    case timeout(phase: NetPhase, endpoint: String)
    case tls(TLSFailure, endpoint: String)
    /// The proxy, named by host and port, did not connect us to the server.
    case proxy(ProxyFailure, proxy: String)
    /// The connection ended or broke before its purpose was fulfilled.
    case closed(endpoint: String)
    /// More than the limit (in bytes) waits to be sent: the peer accepts nothing.
    case sendBufferFull(limit: Int, endpoint: String)
    /// The request cannot be put on the wire.
    case invalidRequest(HTTPRequestError)
    /// The peer does not speak valid HTTP.
    case invalidResponse(HTTPParseError, endpoint: String)
    /// The server redirects us to a place where this request must not or cannot go.
    case redirectRefused(location: String)
    case tooManyRedirects(limit: Int)
    /// The server answered with this HTTP status instead of opening the realtime connection, by the WebSocket
    /// protocol or by polling.
    case webSocketRefused(status: Int, endpoint: String)
    /// The server's switch to the WebSocket protocol was invalid.
    case webSocketHandshake(WebSocketHandshakeError, endpoint: String)
    /// The peer violated the WebSocket protocol, or the connection was lost.
    case webSocket(WebSocketError, endpoint: String)
    /// This machine is out of sockets, ports or memory.
    case localResources(reason: String)
    /// The caller's task was cancelled, or the caller has closed the connection itself.
    case cancelled
}

extension NetError {
    /// What a caller can do about an error.
    public enum Kind: Hashable, Sendable {
        /// It may work later: keep the work and try again with backoff.
        case transient
        /// It will fail in the same way until somebody changes the address or the request.
        case permanent
        /// The peer could not be trusted: stop and tell the person. Never continue without TLS.
        case untrusted
        case cancelled
    }

    public var kind: Kind {
        switch self {
        case .hostNotFound, .resolverFailed, .refused, .unreachable, .timeout, .closed, .sendBufferFull,
            .invalidResponse, .webSocketRefused, .webSocketHandshake, .webSocket, .localResources:
            .transient
        case .tls: .untrusted
        case .proxy(.credentialsRequired, _), .proxy(.credentialsRefused, _), .proxy(.unusable, _): .permanent
        case .proxy: .transient
        case .invalidRequest, .redirectRefused, .tooManyRedirects: .permanent
        case .cancelled: .cancelled
        }
    }

    /// What a person can do, as a sentence; `nil` when the description says everything.
    public var advice: String? {
        switch self {
        case .tls(let failure, _): failure.advice
        case .hostNotFound: "Check the server's name."
        case .resolverFailed: "Check the network connection."
        case .refused: "Is the server running, and is the port right?"
        case .unreachable: "Check the network connection."
        case .proxy(.credentialsRequired, _), .proxy(.credentialsRefused, _):
            "Put them into the proxy's address: http://USER:PASSWORD@HOST:PORT"
        case .proxy: "Check the proxy that is configured, or named by the environment."
        case .redirectRefused(let location): "If that is the server you mean, use its address: \(location)"
        default: nil
        }
    }
}

extension NetError: CustomStringConvertible {
    /// What happened, for a command line or a status line: a clause without a full stop.
    public var description: String {
        switch self {
        case .hostNotFound(let host): "there is no host named \(host)"
        case .resolverFailed(let host, let reason): "cannot look up \(host): \(reason)"
        case .refused(let endpoint): "connection refused by \(endpoint); is the server running?"
        case .unreachable(let endpoint, let reason): "cannot reach \(endpoint): \(reason)"
        case .timeout(let phase, let endpoint): Self.describe(timeoutIn: phase, at: endpoint)
        case .tls(let failure, let endpoint): "no secure connection to \(endpoint): \(failure)"
        case .proxy(let failure, let proxy): "the proxy \(proxy) \(failure)"
        case .closed(let endpoint): "\(endpoint) closed the connection"
        case .sendBufferFull(_, let endpoint): "\(endpoint) takes no data: too much is waiting to be sent"
        case .invalidRequest: "the request cannot be sent: a character in it is not allowed"
        case .invalidResponse(let error, let endpoint): Self.describe(error, from: endpoint)
        case .redirectRefused(let location): "the server sends this request elsewhere: \(location)"
        case .tooManyRedirects(let limit): "the server redirected more than \(limit) times"
        case .webSocketRefused(let status, let endpoint):
            "\(endpoint) refused the realtime connection with HTTP status \(status)"
        case .webSocketHandshake(_, let endpoint): "\(endpoint) answered the WebSocket handshake wrongly"
        case .webSocket(.connectionLost, let endpoint): "the realtime connection to \(endpoint) was lost"
        case .webSocket(_, let endpoint): "\(endpoint) broke the WebSocket protocol"
        case .localResources(let reason): "this machine cannot open a connection: \(reason)"
        case .cancelled: "cancelled"
        }
    }

    private static func describe(timeoutIn phase: NetPhase, at endpoint: String) -> String {
        switch phase {
        case .resolve: "looking up \(endpoint) took too long"
        case .connect: "\(endpoint) does not answer"
        case .secure: "\(endpoint) did not complete the TLS handshake in time"
        case .send: "\(endpoint) stopped taking data"
        case .responseHead, .responseBody: "\(endpoint) did not answer the request in time"
        case .webSocketHandshake: "\(endpoint) did not open the realtime connection in time"
        case .close: "\(endpoint) did not close the realtime connection in time"
        }
    }

    private static func describe(_ error: HTTPParseError, from endpoint: String) -> String {
        switch error {
        case .bodyTooLong(let limit): "the answer of \(endpoint) is longer than \(limit) bytes"
        case .invalidStatusLine: "what answers at \(endpoint) is no web server"
        default: "the answer of \(endpoint) is no valid HTTP"
        }
    }
}
