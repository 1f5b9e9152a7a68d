import TestSupport
import Testing

@testable import ChatWire

/// The opening handshake: each side against the other, against the standard's example, and against every possible
/// error.
@Suite struct WebSocketHandshakeTests {
    private func headers(_ pairs: [(String, String)]) throws -> HTTPHeaders {
        try HTTPHeaders(pairs.map { (name: $0.0, value: $0.1) })
    }

    private let good = [
        ("Host", "server.example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
    ]

    /// The valid fields with one replaced or removed.
    private func request(
        with name: String = "", _ value: String? = nil, method: HTTPMethod = .get,
        version: HTTPVersion = .http11
    ) throws -> HTTPRequest {
        var fields = try headers(good)
        if let value { try fields.replace(name, value) } else { fields.remove(name) }
        return HTTPRequest(method: method, target: "/chat", version: version, headers: fields)
    }

    @Test func theExampleOfTheStandard() throws {
        let response = try WebSocketServerHandshake.accept(request())
        #expect(response.status == 101)
        #expect(response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(
            response.serializedHead()
                == Array(
                    """
                    HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n
                    """.utf8))
    }

    @Test func theClientsRequest() throws {
        var generator = SeededGenerator(seed: 5)
        let own = try headers([
            ("Authorization", "Bearer t"), ("upgrade", "h2c"), ("Sec-WebSocket-Extensions", "x"),
        ])
        let handshake = try WebSocketClientHandshake(
            target: "/socket.io/?EIO=4", headers: own, subprotocols: ["chat", "superchat"], using: &generator)
        var again = SeededGenerator(seed: 5)
        let key = WebSocketHandshakeKey(using: &again).text
        #expect(WebSocketHandshakeKey(received: key) != nil)
        #expect(
            try handshake.request.serialized(authority: "example.org:8080")
                == Array(
                    """
                    GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: example.org:8080\r\nAuthorization: Bearer t\r\n\
                    Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: \(key)\r\n\
                    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, superchat\r\n\r\n
                    """.utf8))
        #expect(throws: WebSocketHandshakeError.invalidSubprotocol) {
            _ = try WebSocketClientHandshake(target: "/", subprotocols: ["a b"])
        }
    }

    @Test func keysDifferFromEachOther() throws {
        let one = try WebSocketClientHandshake(target: "/").request.headers["Sec-WebSocket-Key"]
        let other = try WebSocketClientHandshake(target: "/").request.headers["Sec-WebSocket-Key"]
        #expect(one != nil && one != other)
    }

    /// From the client's bytes to both open connections, with a first frame directly after the response.
    @Test(arguments: Feed.allCases)
    func bothSidesAgree(feed: Feed) throws {
        let client = try WebSocketClientHandshake(target: "/", subprotocols: ["b", "a"])
        var received = client.request
        try received.headers.add("Host", "x")
        let accepted = try WebSocketServerHandshake.accept(received, subprotocols: ["a", "b"])
        let bytes = accepted.serializedHead() + frame(from: .server, .text, "hi")

        var parser = HTTPResponseParser(method: .get)
        var connection = WebSocketConnection(role: .client)
        var events: [WebSocketEvent] = []
        var chosen: String?
        for piece in feed.cut(bytes) {
            if let response = try parser.receive(piece) { chosen = try client.check(response) }
            guard parser.progress == .complete else { continue }
            events += connection.events(receiving: parser.takeLeftover())
        }
        #expect(chosen == "b", "the client's first choice")
        #expect(events == [.text(Array("hi".utf8))])
        #expect(!parser.connectionIsReusable)
    }

    @Test func lenienciesOfTheServer() throws {
        _ = try WebSocketServerHandshake.accept(request(with: "Upgrade", "WebSocket"))
        _ = try WebSocketServerHandshake.accept(request(with: "Upgrade", "h2c, websocket"))
        _ = try WebSocketServerHandshake.accept(request(with: "Connection", "keep-alive, UPGRADE"))
        let plain = try WebSocketServerHandshake.accept(
            request(with: "Sec-WebSocket-Protocol", "soap, wamp"), subprotocols: ["chat"])
        #expect(plain.headers["Sec-WebSocket-Protocol"] == nil)
        let extended = try WebSocketServerHandshake.accept(
            request(with: "Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"))
        #expect(extended.headers["Sec-WebSocket-Extensions"] == nil)
        let further = try WebSocketServerHandshake.accept(
            request(), headers: headers([("Access-Control-Allow-Origin", "*"), ("Connection", "close")]))
        #expect(further.headers["Access-Control-Allow-Origin"] == "*")
        #expect(further.headers.values("Connection") == ["Upgrade"])
    }

    @Test func whatTheServerRefuses() throws {
        let cases: [(HTTPRequest, WebSocketHandshakeError, Int)] = try [
            (request(method: .post), .wrongMethod, 405),
            (request(version: .http10), .wrongHTTPVersion, 400),
            (request(with: "Host"), .missingHost, 400),
            (request(with: "Upgrade"), .missingUpgrade, 400),
            (request(with: "Upgrade", "h2c"), .missingUpgrade, 400),
            (request(with: "Connection"), .missingConnectionUpgrade, 400),
            (request(with: "Connection", "keep-alive"), .missingConnectionUpgrade, 400),
            (request(with: "Sec-WebSocket-Version"), .unsupportedVersion, 426),
            (request(with: "Sec-WebSocket-Version", "8"), .unsupportedVersion, 426),
            (request(with: "Sec-WebSocket-Key"), .invalidKey, 400),
            (request(with: "Sec-WebSocket-Key", ""), .invalidKey, 400),
            (request(with: "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ"), .invalidKey, 400),
            (request(with: "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR=="), .invalidKey, 400),
            (request(with: "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZY=="), .invalidKey, 400),
            (request(with: "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j*Q=="), .invalidKey, 400),
            (request(with: "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZWVl"), .invalidKey, 400),
        ]
        for (request, error, status) in cases {
            #expect(throws: error) { _ = try WebSocketServerHandshake.accept(request) }
            let refusal = WebSocketServerHandshake.refusal(for: error)
            #expect(refusal.status == status)
            #expect(refusal.headers["Connection"] == "close")
        }
        var twice = try request()
        try twice.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(throws: WebSocketHandshakeError.invalidKey) { _ = try WebSocketServerHandshake.accept(twice) }
        #expect(
            WebSocketServerHandshake.refusal(for: .unsupportedVersion).headers["Sec-WebSocket-Version"]
                == "13")
        #expect(WebSocketServerHandshake.refusal(for: .wrongMethod).headers["Allow"] == "GET")
    }

    @Test func isRequestedTellsUpgradesFromOtherRequests() throws {
        #expect(WebSocketServerHandshake.isRequested(by: try request()))
        #expect(!WebSocketServerHandshake.isRequested(by: try request(with: "Upgrade")))
    }

    @Test func whatTheClientRefuses() throws {
        let client = try WebSocketClientHandshake(target: "/", subprotocols: ["chat"])
        var asked = client.request
        try asked.headers.add("Host", "x")
        let good = try WebSocketServerHandshake.accept(asked, subprotocols: ["chat"])
        #expect(try client.check(good) == "chat")

        func altered(_ change: (inout HTTPResponse) throws -> Void) rethrows -> HTTPResponse {
            var response = good
            try change(&response)
            return response
        }
        let cases: [(HTTPResponse, WebSocketHandshakeError)] = try [
            (altered { $0.status = 200 }, .refused(status: 200)),
            (altered { $0.status = 400 }, .refused(status: 400)),
            (altered { $0.headers.remove("Upgrade") }, .missingUpgrade),
            (altered { try $0.headers.replace("Upgrade", "h2c") }, .missingUpgrade),
            (altered { $0.headers.remove("Connection") }, .missingConnectionUpgrade),
            (altered { try $0.headers.replace("Connection", "close") }, .missingConnectionUpgrade),
            (altered { $0.headers.remove("Sec-WebSocket-Accept") }, .wrongAccept),
            (
                altered { try $0.headers.replace("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") },
                .wrongAccept
            ),
            (altered { try $0.headers.add("Sec-WebSocket-Accept", "x") }, .wrongAccept),
            (altered { try $0.headers.add("Sec-WebSocket-Extensions", "x-y") }, .unexpectedExtension),
            (altered { try $0.headers.replace("Sec-WebSocket-Protocol", "Chat") }, .unexpectedSubprotocol),
            (altered { try $0.headers.add("Sec-WebSocket-Protocol", "chat") }, .unexpectedSubprotocol),
        ]
        for (response, error) in cases {
            #expect(throws: error) { _ = try client.check(response) }
        }
        let without = altered { $0.headers.remove("Sec-WebSocket-Protocol") }
        #expect(try client.check(without) == nil)
        let spelled = try altered { try $0.headers.replace("Upgrade", "WebSocket") }
        #expect(try client.check(spelled) == "chat")
    }
}
