import ChatWire
import NIOHTTP1

/// Decides what becomes of a request to `/socket.io/`.
enum RealtimeGateway {
    enum Verdict: Equatable, Sendable {
        /// Answer with this and change to the websocket protocol.
        case upgrade(HTTPResponse)
        /// Answer as to any request.
        case respond(RouteResponse)
    }

    static let path = "/socket.io"

    /// The answers are the recorded ones: JSON strings in plain words.
    static func verdict(
        on head: HTTPRequestHead, query: QueryItems, origins: AllowedOrigins
    ) -> Verdict {
        switch head.method {
        case .OPTIONS: return .respond(text("OK", status: 200))
        case .GET, .POST: break
        default: return .respond(text("Method Not Found", status: 405))
        }
        guard query["EIO"] == "4" else {
            return refusal(
                "The client is using an unsupported version of the Socket.IO or Engine.IO protocols")
        }
        if let sid = query["sid"] { return refusal("Invalid session \(sid.prefix(64))") }
        // Long polling has no transport here yet: a client goes on to the websocket.
        guard query["transport"] == "websocket", head.method == .GET else {
            return refusal("Invalid transport")
        }
        guard origins.allows(head.headers.first(name: "Origin")) else {
            return refusal("Not an accepted origin")
        }
        return upgrade(head)
    }

    private static func upgrade(_ head: HTTPRequestHead) -> Verdict {
        var headers = ChatWire.HTTPHeaders()
        for (name, value) in head.headers {
            // A field that HTTP does not allow is no part of the handshake.
            try? headers.add(name, value)
        }
        let request = HTTPRequest(
            method: .get, target: head.uri, version: head.version == .http1_1 ? .http11 : .http10,
            headers: headers)
        do throws(WebSocketHandshakeError) {
            return .upgrade(try WebSocketServerHandshake.accept(request))
        } catch {
            return refusal("Invalid websocket upgrade")
        }
    }

    private static func refusal(_ reason: String) -> Verdict {
        var response = RouteResponse(status: 400, body: JSONValue.string(reason).serialized())
        response.contentType = "text/plain"
        response.closesConnection = true
        return .respond(response)
    }

    private static func text(_ text: String, status: Int) -> RouteResponse {
        var response = RouteResponse(status: status, body: Array(text.utf8))
        response.contentType = "text/plain"
        return response
    }
}
