import ChatCrypto
import ChatWire
import Foundation
import Testing

/// A realtime connection for tests: a websocket whose frames are Engine.IO packets, seen as text.
final class SocketTestClient {
    enum Frame: Equatable {
        case text(String)
        case pong
        case closed(code: UInt16?)
    }

    let connection: TCPTestConnection
    private var webSocket: WebSocketConnection
    private var nextAcknowledgement = 0

    /// The reason in the received close frame.
    private(set) var closeReason = ""

    /// Opens the websocket. The first frame is the Engine.IO handshake.
    init(
        port: Int, target: String = "/socket.io/?EIO=4&transport=websocket",
        headers: [(String, String)] = [], pieceLength: Int = .max, receiveBuffer: Int32? = nil,
        trust: TrustPolicy? = nil
    ) throws {
        connection = try TCPTestConnection(
            port: port, pieceLength: pieceLength, receiveBuffer: receiveBuffer, trust: trust)
        let handshake = try WebSocketClientHandshake(target: target, headers: HTTPHeaders(headers))
        try connection.send(try handshake.request.serialized(authority: "localhost"))
        var parser = HTTPResponseParser(method: .get)
        var response: HTTPResponse?
        while response == nil {
            let bytes = try connection.receive()
            response = bytes.isEmpty ? try parser.receiveEndOfInput() : try parser.receive(bytes)
        }
        _ = try handshake.check(try #require(response))
        webSocket = WebSocketConnection(role: .client)
        webSocket.receive(parser.takeLeftover())
    }

    /// Connects the namespace and waits for the answer.
    func signIn(_ token: String) throws {
        #expect(try next().hasPrefix("0{"))
        try send("40" + text(["token": .string(token)]))
        #expect(try next().hasPrefix("40{"))
    }

    func send(_ text: String) throws {
        webSocket.send(text: text)
        try connection.send(webSocket.takeOutput())
    }

    /// Sends a WebSocket ping. It is answered after everything sent before.
    func ping() throws {
        webSocket.ping([])
        try connection.send(webSocket.takeOutput())
    }

    func send(binary bytes: [UInt8]) throws {
        webSocket.send(binary: bytes)
        try connection.send(webSocket.takeOutput())
    }

    /// Sends several frames in one write.
    func send(together texts: [String]) throws {
        for text in texts { webSocket.send(text: text) }
        try connection.send(webSocket.takeOutput())
    }

    /// Sends an event.
    ///
    /// - Returns: its acknowledgement id.
    @discardableResult
    func emit(_ name: String, _ payload: JSONValue, acknowledged: Bool = true) throws -> Int {
        nextAcknowledgement += 1
        let id = acknowledged ? "\(nextAcknowledgement)" : ""
        try send("42\(id)" + text([.string(name), payload]))
        return nextAcknowledgement
    }

    /// The next frame of any kind.
    func frame() throws -> Frame {
        while true {
            switch webSocket.nextEvent() {
            case .text(let bytes): return .text(String(decoding: bytes, as: UTF8.self))
            case .close(let code, let reason):
                closeReason = reason
                return .closed(code: code?.rawValue)
            case .failure: return .closed(code: nil)
            case .pong: return .pong
            case .binary, .ping: continue
            case nil: break
            }
            let bytes = try connection.receive()
            if bytes.isEmpty { webSocket.receiveEndOfInput() } else { webSocket.receive(bytes) }
        }
    }

    /// The next text frame other than a ping. Pings are answered.
    func next() throws -> String {
        while true {
            guard case .text(let text) = try frame() else {
                Issue.record("the connection ended")
                throw TCPTestConnection.Failure.timeout
            }
            guard text == "2" else { return text }
            try send("3")
        }
    }

    /// The next event: its name and payload.
    func event() throws -> (name: String, payload: JSONValue) {
        let frame = try next()
        #expect(frame.hasPrefix("42"))
        let array = try JSONValue(parsing: String(frame.dropFirst(2)))
        return (try #require(array[0]?.stringValue), try #require(array[1]))
    }

    /// The names of the next frames: the event's name, or for other frames the part before the payload.
    func names(_ count: Int) throws -> [String] {
        try (0..<count).map { _ in
            let frame = try next()
            guard frame.hasPrefix("42[") else { return String(frame.prefix { $0 != "[" && $0 != "{" }) }
            return try #require(try JSONValue(parsing: String(frame.dropFirst(2)))[0]?.stringValue)
        }
    }

    /// Waits until the server has handled everything sent before; returns what arrived meanwhile.
    func settle() throws -> [String] {
        let id = try emit("leave_conversation", ["contact_user_id": 999_999_999])
        var frames: [String] = []
        while true {
            let frame = try next()
            if frame == "43\(id)[]" { return frames }
            frames.append(frame)
        }
    }

    func closeTransport() throws {
        webSocket.close()
        try connection.send(webSocket.takeOutput())
    }

    private func text(_ value: JSONValue) -> String { String(decoding: value.serialized(), as: UTF8.self) }
}
