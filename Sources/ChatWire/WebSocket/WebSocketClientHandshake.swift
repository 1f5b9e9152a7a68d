/// The client's side of the opening handshake (RFC 6455 section 4.1).
///
/// Send ``request``, read the response with an ``HTTPResponseParser`` and give it to
/// ``check(_:)``; the parser's leftover is the first input of the connection.
public struct WebSocketClientHandshake: Sendable {
    /// A GET of the target. Serialise it with the authority of the URL.
    public let request: HTTPRequest

    private let key: WebSocketHandshakeKey
    private let subprotocols: [String]

    /// - Parameters:
    ///   - target: path and query.
    ///   - headers: further fields, such as `Authorization`; the fields of the handshake itself are replaced.
    ///   - subprotocols: the subprotocols to offer, the preferred one first.
    public init(
        target: String, headers: HTTPHeaders = HTTPHeaders(), subprotocols: [String] = []
    ) throws(WebSocketHandshakeError) {
        var generator = SystemRandomNumberGenerator()
        try self.init(target: target, headers: headers, subprotocols: subprotocols, using: &generator)
    }

    /// As above, with the key drawn from `generator`.
    public init(
        target: String, headers: HTTPHeaders = HTTPHeaders(), subprotocols: [String] = [],
        using generator: inout some RandomNumberGenerator
    ) throws(WebSocketHandshakeError) {
        guard subprotocols.allSatisfy({ HTTPSyntax.isToken($0.utf8) }) else { throw .invalidSubprotocol }
        let key = WebSocketHandshakeKey(using: &generator)
        var own = [
            HTTPHeaders.Field(fixedName: "Upgrade", value: "websocket"),
            HTTPHeaders.Field(fixedName: "Connection", value: "Upgrade"),
            HTTPHeaders.Field(fixedName: "Sec-WebSocket-Key", value: key.text),
            HTTPHeaders.Field(fixedName: "Sec-WebSocket-Version", value: "13"),
        ]
        if !subprotocols.isEmpty {
            own.append(
                HTTPHeaders.Field(
                    fixedName: "Sec-WebSocket-Protocol", value: subprotocols.joined(separator: ", ")))
        }
        var all = headers
        for name in own.map(\.name) + ["Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"] {
            all.remove(name)
        }
        for field in own { all.append(field) }
        self.key = key
        self.subprotocols = subprotocols
        request = HTTPRequest(method: .get, target: target, headers: all)
    }

    /// Checks the server's answer. Returns the subprotocol that it chose, if any.
    public func check(_ response: HTTPResponse) throws(WebSocketHandshakeError) -> String? {
        let headers = response.headers
        guard response.status == 101 else { throw .refused(status: response.status) }
        guard headers.hasListMember("Upgrade", "websocket") else { throw .missingUpgrade }
        guard headers.hasListMember("Connection", "upgrade") else { throw .missingConnectionUpgrade }
        guard headers.values("Sec-WebSocket-Accept") == [key.accept] else { throw .wrongAccept }
        guard headers.listMembers("Sec-WebSocket-Extensions").isEmpty else { throw .unexpectedExtension }
        let chosen = headers.values("Sec-WebSocket-Protocol")
        guard chosen.count <= 1, chosen.allSatisfy(subprotocols.contains) else {
            throw .unexpectedSubprotocol
        }
        return chosen.first
    }
}
