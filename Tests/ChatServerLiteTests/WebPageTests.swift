import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The server as web clients use it: from a page of another origin, with polling first and then an upgrade to
/// a websocket.
@Suite struct WebPageTests {
    private static let origin = "http://localhost:8000"
    private static let json = ("Content-Type", "application/json")

    private static func bearer(_ token: String) -> (String, String) { ("Authorization", "Bearer \(token)") }

    private func configure(_ manner: Manner) -> (inout ServerConfiguration) -> Void {
        { $0.behaviour = manner == .recorded ? .original : .extended }
    }

    /// A page's socket, opened as the usual library does it.
    private final class PageSocket {
        let page: WebPage
        let target: String
        private var inbox: [String] = []
        private(set) var socket: SocketTestClient?

        init(_ page: WebPage) throws {
            self.page = page
            let opening = "/socket.io/?EIO=4&transport=polling"
            let handshake = try page.fetch(.get, opening + "&t=p1").text
            let sid = try #require(try JSONValue(parsing: String(handshake.dropFirst()))["sid"]?.stringValue)
            target = opening + "&sid=" + sid
        }

        func send(_ packet: String) throws {
            if let socket { return try socket.send(packet) }
            let answer = try page.fetch(
                .post, target, headers: [("Content-Type", "text/plain;charset=UTF-8")], body: packet)
            #expect(answer.text.lowercased() == "ok")
        }

        func next() throws -> String {
            if let socket { return try socket.next() }
            while inbox.isEmpty {
                inbox = try page.fetch(.get, target).text.split(separator: "\u{1E}").map(String.init)
            }
            return inbox.removeFirst()
        }

        /// The next frame of this event or acknowledgement.
        func wait(for beginning: String) throws -> String {
            while true {
                let packet = try next()
                if packet.hasPrefix(beginning) { return packet }
            }
        }

        func signIn(_ token: String) throws {
            try send(#"40{"token":"\#(token)"}"#)
            #expect(try wait(for: "40").hasPrefix("40{\"sid\""))
        }

        func upgrade() throws {
            let candidate = try SocketTestClient(
                port: page.port, target: target.replacing("transport=polling", with: "transport=websocket"),
                headers: [("Origin", page.origin)])
            try candidate.send("2probe")
            #expect(try candidate.next() == "3probe")
            // The remaining packets are polled before the upgrade. Then the poll gets a noop.
            while inbox.last != "6" {
                inbox += try page.fetch(.get, target).text.split(separator: "\u{1E}").map(String.init)
            }
            try candidate.send("5")
            socket = candidate
        }
    }

    @Test(arguments: [Manner.recorded, .extended], [false, true])
    func aPageChats(manner: Manner, sendsCredentials: Bool) async throws {
        try await TestServer.run(configure: configure(manner)) { server in
            let page = WebPage(origin: Self.origin, port: server.server.port)
            var people: [(id: Int64, token: String)] = []
            for name in ["Ana", "Bia"] {
                let body =
                    #"{"name":"\#(name)","email":"\#(name)@ex.com","password":"secret1"}"#
                let answer = try page.fetch(.post, "/api/auth/register", headers: [Self.json], body: body)
                #expect(answer.status == 201)
                let data = try #require(answer.json?["data"])
                people.append(
                    (
                        try #require(data["user"]?["id"]?.integerValue),
                        try #require(data["token"]?.stringValue)
                    ))
            }
            let (ana, bia) = (people[0], people[1])
            var realtime = page
            realtime.sendsCredentials = sendsCredentials
            let first = try PageSocket(realtime)
            try first.signIn(ana.token)
            let second = try PageSocket(realtime)
            try second.signIn(bia.token)
            try first.upgrade()
            for (text, from, to, receiver) in [
                ("olá", first, second, bia.id), ("oi 👋", second, first, ana.id),
            ] {
                try from.send(
                    #"427["send_message",{"receiver_id":\#(receiver),"content":"\#(text)","temp_id":"t"}]"#)
                #expect(try from.wait(for: #"42["message_confirmed""#).contains(text))
                #expect(try from.wait(for: "437").hasPrefix("437["))
                #expect(try to.wait(for: #"42["message_notification""#).contains(text))
            }

            let target = "/api/messages/conversation/\(bia.id)"
            let conversation = try page.fetch(.get, target, headers: [Self.bearer(ana.token)])
            #expect(conversation.json?["data"]?["messages"]?.arrayValue?.count == 2)
            let read = try page.fetch(
                .put, "/api/messages/mark-read/\(bia.id)", headers: [Self.bearer(ana.token)])
            #expect(read.status == 200)
            let gone = try page.fetch(.delete, target, headers: [Self.bearer(ana.token)])
            #expect(gone.json?["data"]?["deleted_count"] == 2)
            // Pages can read errors too.
            #expect(try page.fetch(.get, "/api/auth/me").status == 401)
        }
    }

    @Test(arguments: [Manner.recorded, .extended])
    func pagesOfOtherOriginsAreKeptOut(manner: Manner) async throws {
        try await TestServer.run(configure: {
            configure(manner)(&$0)
            $0.allowedOrigins = .only(["https://chat.example", Self.origin])
        }) { server in
            for origin in ["https://chat.example", Self.origin] {
                let page = WebPage(origin: origin, port: server.server.port)
                #expect(try page.fetch(.get, "/health").status == 200)
                _ = try PageSocket(page)
            }
            let foreign = WebPage(origin: "https://evil.example", port: server.server.port)
            let blocked = WebPage.Blocked(reason: "the origin")
            #expect(throws: blocked) { try foreign.fetch(.get, "/health") }
            #expect(throws: blocked) {
                try foreign.fetch(.post, "/api/auth/login", headers: [Self.json], body: "{}")
            }
            #expect(throws: blocked) { try PageSocket(foreign) }
            #expect(throws: WebSocketHandshakeError.refused(status: 400)) {
                try SocketTestClient(port: server.server.port, headers: [("Origin", foreign.origin)])
            }
        }
    }
}
