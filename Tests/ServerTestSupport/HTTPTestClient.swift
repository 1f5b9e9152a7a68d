import ChatCrypto
import ChatWire
import Foundation
import Testing

/// A keep-alive HTTP connection for tests.
final class HTTPTestClient {
    struct Answer {
        let response: HTTPResponse
        var status: Int { response.status }
        var json: JSONValue? { try? JSONValue(parsing: response.body) }
        var message: String? { json?["message"]?.stringValue }
        var text: String { String(decoding: response.body, as: UTF8.self) }
    }

    let connection: TCPTestConnection
    /// Bytes that arrived together with the end of an answer.
    private var leftover: [UInt8] = []

    init(port: Int, receiveBuffer: Int32? = nil, trust: TrustPolicy? = nil) throws {
        connection = try TCPTestConnection(port: port, receiveBuffer: receiveBuffer, trust: trust)
    }

    func get(_ target: String, token: String? = nil) throws -> Answer {
        try send(.get, target, headers: Self.authorization(token))
    }

    func post(_ target: String, _ body: JSONValue, token: String? = nil) throws -> Answer {
        try send(.post, target, headers: Self.json(token), body: body.serialized())
    }

    func put(_ target: String, _ body: JSONValue? = nil, token: String? = nil) throws -> Answer {
        try send(.put, target, headers: Self.json(token), body: body?.serialized() ?? [])
    }

    func delete(_ target: String, token: String? = nil) throws -> Answer {
        try send(.delete, target, headers: Self.authorization(token))
    }

    private static func authorization(_ token: String?) -> [(String, String)] {
        token.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    private static func json(_ token: String?) -> [(String, String)] {
        [("Content-Type", "application/json")] + authorization(token)
    }

    /// Sends a request and waits for its answer.
    func send(
        _ method: HTTPMethod, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) throws -> Answer {
        var head = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || method == .post || method == .put { head += "Content-Length: \(body.count)\r\n" }
        try connection.send(Array((head + "\r\n").utf8) + body)
        return try receive(answerTo: method)
    }

    func sendRaw(_ bytes: [UInt8]) throws { try connection.send(bytes) }

    func receive(answerTo method: HTTPMethod) throws -> Answer {
        var parser = HTTPResponseParser(method: method)
        var bytes = leftover
        leftover = []
        while true {
            if !bytes.isEmpty, let response = try parser.receive(bytes) {
                leftover = Array(parser.takeLeftover())
                return Answer(response: response)
            }
            bytes = try connection.receive()
            if bytes.isEmpty {
                return Answer(response: try #require(try parser.receiveEndOfInput()))
            }
        }
    }

    /// Whether the server has closed the connection.
    func isEnded() throws -> Bool { try connection.receive().isEmpty }
}
