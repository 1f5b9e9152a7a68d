/// The server's side of the opening handshake (RFC 6455 section 4.2). Extensions are never chosen.
public enum WebSocketServerHandshake {
    /// Whether a request asks for an upgrade to WebSocket. If so, answer it with ``accept(_:subprotocols:headers:)``
    /// or, when that throws, with ``refusal(for:)``.
    public static func isRequested(by request: HTTPRequest) -> Bool {
        request.headers.hasListMember("Upgrade", "websocket")
    }

    /// The response that accepts the request. After it the connection speaks WebSocket.
    ///
    /// - Parameters:
    ///   - subprotocols: those that this server speaks. The server takes the client's first choice among them;
    ///     without a common one, the connection continues without a subprotocol.
    ///   - headers: further fields for the response.
    public static func accept(
        _ request: HTTPRequest, subprotocols: [String] = [], headers: HTTPHeaders = HTTPHeaders()
    ) throws(WebSocketHandshakeError) -> HTTPResponse {
        let key = try check(request)
        var all = headers
        for name in ["Upgrade", "Connection", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"] {
            all.remove(name)
        }
        all.append(HTTPHeaders.Field(fixedName: "Upgrade", value: "websocket"))
        all.append(HTTPHeaders.Field(fixedName: "Connection", value: "Upgrade"))
        all.append(HTTPHeaders.Field(fixedName: "Sec-WebSocket-Accept", value: key.accept))
        let offered = request.headers.listMembers("Sec-WebSocket-Protocol")
        if let chosen = offered.first(where: subprotocols.contains) {
            guard HTTPSyntax.isToken(chosen.utf8) else { throw .invalidSubprotocol }
            all.append(HTTPHeaders.Field(fixedName: "Sec-WebSocket-Protocol", value: chosen))
        }
        return HTTPResponse(status: 101, reason: "Switching Protocols", headers: all)
    }

    /// The response to a request that ``accept(_:subprotocols:headers:)`` refused: 405 for the method, 426 with the
    /// supported version, otherwise 400. It has no body and ends the connection.
    public static func refusal(for error: WebSocketHandshakeError) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers.append(HTTPHeaders.Field(fixedName: "Connection", value: "close"))
        headers.append(HTTPHeaders.Field(fixedName: "Content-Length", value: "0"))
        switch error {
        case .wrongMethod:
            headers.append(HTTPHeaders.Field(fixedName: "Allow", value: "GET"))
            return HTTPResponse(status: 405, reason: "Method Not Allowed", headers: headers)
        case .unsupportedVersion:
            headers.append(HTTPHeaders.Field(fixedName: "Sec-WebSocket-Version", value: "13"))
            return HTTPResponse(status: 426, reason: "Upgrade Required", headers: headers)
        default:
            return HTTPResponse(status: 400, reason: "Bad Request", headers: headers)
        }
    }

    private static func check(_ request: HTTPRequest) throws(WebSocketHandshakeError) -> WebSocketHandshakeKey
    {
        let headers = request.headers
        guard request.method == .get else { throw .wrongMethod }
        guard request.version >= .http11 else { throw .wrongHTTPVersion }
        guard headers["Host"] != nil else { throw .missingHost }
        guard headers.hasListMember("Upgrade", "websocket") else { throw .missingUpgrade }
        guard headers.hasListMember("Connection", "upgrade") else { throw .missingConnectionUpgrade }
        guard headers.values("Sec-WebSocket-Version") == ["13"] else { throw .unsupportedVersion }
        let keys = headers.values("Sec-WebSocket-Key")
        guard keys.count == 1, let key = WebSocketHandshakeKey(received: keys[0]) else { throw .invalidKey }
        return key
    }
}
