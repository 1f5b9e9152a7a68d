import ChatWire
import Foundation
import Testing

/// A realtime connection over long polling for tests, with one HTTP connection for GETs and one for POSTs.
final class PollingTestClient {
    let handshake: JSONValue
    let target: String
    let gets: HTTPTestClient
    let posts: HTTPTestClient
    private var inbox: [String] = []

    var sid: String { handshake["sid"]?.stringValue ?? "" }

    init(port: Int, path: String = "/socket.io/") throws {
        gets = try HTTPTestClient(port: port)
        posts = try HTTPTestClient(port: port)
        // The server must know both connections before anything depends on their order.
        _ = try posts.get("/health")
        let opening = path + "?EIO=4&transport=polling"
        let answer = try gets.get(opening)
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix("0{"))
        handshake = try JSONValue(parsing: String(answer.text.dropFirst()))
        target = opening + "&sid=" + (try #require(handshake["sid"]?.stringValue))
    }

    /// Connects the namespace and waits for the answer.
    func signIn(_ token: String) throws {
        // The real server answers in capitals.
        #expect(try post(#"40{"token":"\#(token)"}"#).text.lowercased() == "ok")
        #expect(try next().hasPrefix("40{"))
    }

    /// Sends packets in one request.
    func post(_ packets: String...) throws -> HTTPTestClient.Answer {
        try posts.send(
            .post, target, headers: [("Content-Type", "text/plain;charset=UTF-8")],
            body: Array(packets.joined(separator: "\u{1E}").utf8))
    }

    /// Polls for packets and waits for the answer.
    func poll() throws -> HTTPTestClient.Answer { try gets.get(target) }

    /// Starts a poll; `gets.receive(answerTo: .get)` waits for the answer.
    func beginPoll() throws {
        try gets.sendRaw(Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
    }

    /// The next packet other than a ping. Pings are answered.
    func next() throws -> String {
        while true {
            if inbox.isEmpty {
                let answer = try poll()
                try #require(answer.status == 200)
                inbox = answer.text.split(separator: "\u{1E}").map(String.init)
            }
            let packet = inbox.removeFirst()
            guard packet == "2" else { return packet }
            _ = try post("3")
        }
    }

    /// Opens a websocket to which the session can be upgraded.
    func openWebSocket(port: Int) throws -> SocketTestClient {
        let target = target.replacing("transport=polling", with: "transport=websocket")
        return try SocketTestClient(port: port, target: target)
    }
}
