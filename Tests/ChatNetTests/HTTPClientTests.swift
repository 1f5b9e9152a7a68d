import ChatNet
import ChatWire
import Testing

@Suite("The HTTP client", .timeLimit(.minutes(2)))
struct HTTPClientTests {
    private let thread = IOThread()

    private func client(_ configuration: NetConfiguration = .patient()) -> HTTPClient {
        HTTPClient(thread: thread, configuration: configuration)
    }

    private let get = HTTPRequest(method: .get, target: "/health")

    @Test func aRequestAndItsAnswer() async throws {
        let requests = Record<String>()
        let server = try LoopbackServer { peer, _ in
            requests.append(peer.readHead() ?? "")
            requests.append(String(decoding: peer.read(exactly: 7) ?? [], as: UTF8.self))
            peer.answer(#"{"ok":1}"#, status: "201 Created", headers: "X-Test: a\r\n")
        }
        var request = HTTPRequest(method: .post, target: "/api/x?y=1", body: Array(#"{"a":1}"#.utf8))
        try request.headers.add("Content-Type", "application/json")
        let response = try await client().execute(request, at: server.url())
        #expect(response.status == 201)
        #expect(response.headers["x-test"] == "a")
        #expect(response.body == Array(#"{"ok":1}"#.utf8))
        let head = try #require(requests.all.first)
        #expect(head.hasPrefix("POST /api/x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(head.contains("Content-Length: 7\r\n"))
        #expect(requests.all.last == #"{"a":1}"#)
    }

    @Test(
        "Any framing, in one-byte segments",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
        ])
    func framings(answer: String) async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.write(Array(answer.utf8), pieceLength: 1)
        }
        let response = try await client().execute(get, at: server.url())
        #expect(response.status == 200)
        #expect(response.body == Array("hello".utf8))
    }

    @Test("One connection serves one request after the other")
    func keepAlive() async throws {
        let server = try LoopbackServer { peer, number in
            while peer.readHead() != nil { peer.answer("connection \(number)") }
        }
        let client = client()
        for _ in 0..<5 {
            let response = try await client.execute(get, at: server.url())
            #expect(response.body == Array("connection 1".utf8))
        }
        #expect(server.connectionCount == 1)
        await client.closeIdleConnections()
        _ = try await client.execute(get, at: server.url())
        #expect(server.connectionCount == 2)
    }

    @Test(
        "A server that closes after each answer gets a new connection each time",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more than it said",
        ])
    func noKeepAlive(answer: String) async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.write(answer)
            _ = peer.readToEnd()
        }
        let client = client()
        for _ in 0..<3 {
            let response = try await client.execute(get, at: server.url())
            #expect(response.body == Array("ok".utf8))
        }
        #expect(server.connectionCount == 3)
    }

    @Test func requestsSideBySideHaveConnectionsOfTheirOwn() async throws {
        let allAreHere = Gate()
        let arrived = Counter()
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            if arrived.increment() == 3 { allAreHere.open() }
            allAreHere.block()
            peer.answer("ok")
            _ = peer.readToEnd()
        }
        let client = client()
        let url = try server.url()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<3 { group.addTask { [get] in try await client.execute(get, at: url).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == [200, 200, 200])
        #expect(server.connectionCount == 3)
    }

    @Test("A kept connection that the server has closed is noticed before it is used")
    func noticedStaleness() async throws {
        let hasClosed = Gate()
        let server = try LoopbackServer { peer, number in
            _ = peer.readHead()
            peer.answer("connection \(number)")
            if number == 1 {
                peer.endWriting()
                hasClosed.open()
            }
            _ = peer.readToEnd()
        }
        let client = client()
        _ = try await client.execute(get, at: server.url())
        await hasClosed.opened()
        // POST is not repeatable, and yet it works: nothing was sent on the dead connection.
        let post = HTTPRequest(method: .post, target: "/")
        let response = try await client.execute(post, at: server.url())
        #expect(response.body == Array("connection 2".utf8))
    }

    /// The first connection dies without an answer when its second request has arrived.
    private func serverThatDropsTheSecondRequest() throws -> LoopbackServer {
        try LoopbackServer { peer, number in
            _ = peer.readHead()
            peer.answer("connection \(number)")
            _ = peer.readHead()
        }
    }

    @Test func aRepeatableRequestIsSentAgainWhenAKeptConnectionDies() async throws {
        let server = try serverThatDropsTheSecondRequest()
        let client = client()
        _ = try await client.execute(get, at: server.url())
        let response = try await client.execute(get, at: server.url())
        #expect(response.body == Array("connection 2".utf8))
    }

    @Test func anotherRequestIsNot() async throws {
        let server = try serverThatDropsTheSecondRequest()
        let client = client()
        let url = try server.url()
        _ = try await client.execute(get, at: url)
        await expectError(.closed(endpoint: "127.0.0.1:\(server.port)")) { () async throws(NetError) in
            try await client.execute(HTTPRequest(method: .post, target: "/"), at: url)
        }
        #expect(server.connectionCount == 1)
    }

    @Test(
        "A new connection that dies is not tried again, nor is one that has begun to answer",
        arguments: [
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        ])
    func cutShort(answer: String) async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.write(answer)
        }
        let url = try server.url()
        let client = client()
        await expectError(.closed(endpoint: "127.0.0.1:\(server.port)")) { [get] () async throws(NetError) in
            try await client.execute(get, at: url)
        }
        #expect(server.connectionCount == 1)
    }

    @Test func redirectsAreFollowedAndKeepTheTokenAtHome() async throws {
        let elsewhere = Record<String>()
        let other = try LoopbackServer { peer, _ in
            elsewhere.append(peer.readHead() ?? "")
            peer.answer("there")
        }
        let here = Record<String>()
        let otherPort = other.port
        let server = try LoopbackServer { peer, _ in
            while let head = peer.readHead() {
                here.append(head)
                let place = head.hasPrefix("GET /one ") ? "/two" : "http://127.0.0.1:\(otherPort)/three?x"
                peer.answer("", status: "302 Found", headers: "Location: \(place)\r\n")
            }
        }
        var request = HTTPRequest(method: .get, target: "/one")
        try request.headers.add("Authorization", "Bearer token")
        let response = try await client().execute(request, at: server.url())
        #expect(response.body == Array("there".utf8))
        #expect(here.all.count == 2)
        #expect(here.all.allSatisfy { $0.contains("Authorization: Bearer token\r\n") })
        #expect(server.connectionCount == 1)
        #expect(elsewhere.all.count == 1)
        #expect(elsewhere.all[0].hasPrefix("GET /three?x HTTP/1.1\r\nHost: 127.0.0.1:\(otherPort)\r\n"))
        #expect(!elsewhere.all[0].contains("token"))
    }

    @Test func whoIsToStayAtTheOriginIsNotSentElsewhere() async throws {
        let other = try LoopbackServer { peer, _ in peer.answer("elsewhere") }
        let place = try other.url()
        let server = try LoopbackServer { peer, _ in
            while let head = peer.readHead() {
                let location = head.hasPrefix("GET /away") ? "\(place.origin)/x" : "/here"
                if head.hasPrefix("GET /here") {
                    peer.answer("here")
                } else {
                    peer.answer("", status: "302 Found", headers: "Location: \(location)\r\n")
                }
            }
        }
        let client = client()
        let url = try server.url()
        let stayed = try await client.execute(
            HTTPRequest(method: .get, target: "/a"), at: url, staysAtOrigin: true)
        #expect(stayed.body == Array("here".utf8))
        await expectError(.redirectRefused(location: place.origin)) { () async throws(NetError) in
            try await client.execute(
                HTTPRequest(method: .get, target: "/away"), at: url, staysAtOrigin: true)
        }
        #expect(other.connectionCount == 0)
    }

    @Test func redirectsInCirclesEnd() async throws {
        let server = try LoopbackServer { peer, _ in
            while peer.readHead() != nil {
                peer.answer("", status: "307 Temporary Redirect", headers: "Location: /\r\n")
            }
        }
        let url = try server.url()
        let client = client()
        await expectError(.tooManyRedirects(limit: 5)) { [get] () async throws(NetError) in
            try await client.execute(get, at: url)
        }
    }

    @Test(
        "A server that trickles its head, or its body, has a deadline",
        arguments: [
            ("HTTP/1.1 200 OK\r\nX: ", NetPhase.responseHead),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", .responseBody),
        ])
    func trickling(start: String, phase: NetPhase) async throws {
        let isOver = Gate()
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.write(start)
            // One byte after the other until the client leaves, at a pace that keeps the connection busy past the
            // deadline.
            while let byte = peer.readNothing(forMilliseconds: 5) { peer.write([byte]) }
            isOver.open()
        }
        var configuration = NetConfiguration.patient()
        configuration.timeouts.responseHead = .milliseconds(phase == .responseHead ? 60 : 60_000)
        configuration.timeouts.responseBody = .milliseconds(60)
        let client = client(configuration)
        let url = try server.url()
        await expectError(.timeout(phase: phase, endpoint: "127.0.0.1:\(server.port)")) {
            [get] () async throws(NetError) in try await client.execute(get, at: url)
        }
        await isOver.opened()
    }

    @Test func tooLongABodyIsRefusedBeforeItIsRead() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
            _ = peer.readToEnd()
        }
        var configuration = NetConfiguration.patient()
        configuration.limits.http.bodyLength = 1000
        let client = client(configuration)
        let url = try server.url()
        await expectError(.invalidResponse(.bodyTooLong(limit: 1000), endpoint: "127.0.0.1:\(server.port)")) {
            [get] () async throws(NetError) in try await client.execute(get, at: url)
        }
    }

    @Test func whatIsNoWebServerIsNamed() async throws {
        let server = try LoopbackServer { peer, _ in
            peer.write("220 mail.example ESMTP\r\n")
            _ = peer.readToEnd()
        }
        let client = client()
        let url = try server.url()
        let expected = NetError.invalidResponse(.invalidStatusLine, endpoint: "127.0.0.1:\(server.port)")
        await expectError(expected) { [get] () async throws(NetError) in
            try await client.execute(get, at: url)
        }
        #expect(expected.description == "what answers at 127.0.0.1:\(server.port) is no web server")
    }

    @Test("Cancelling a request closes its connection")
    func cancellation() async throws {
        let hasRequest = AsyncStream.makeStream(of: Void.self)
        let hasEnded = Gate()
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            hasRequest.continuation.yield()
            _ = peer.readToEnd()
            hasEnded.open()
        }
        let client = client()
        let url = try server.url()
        let request = Task { [get] () async -> NetError? in
            do throws(NetError) {
                _ = try await client.execute(get, at: url)
                return nil
            } catch {
                return error
            }
        }
        for await _ in hasRequest.stream { break }
        request.cancel()
        #expect(await request.value == .cancelled)
        await hasEnded.opened()
    }

    @Test func aRequestThatCannotBeWrittenIsNotSent() async throws {
        let server = try LoopbackServer { peer, _ in peer.answer("") }
        let client = client()
        let url = try server.url()
        await expectError(.invalidRequest(.invalidTarget)) { () async throws(NetError) in
            try await client.execute(HTTPRequest(method: .get, target: "/a b"), at: url)
        }
        #expect(server.connectionCount == 0)
    }

    @Test("An idle connection is let go after its time")
    func idleConnectionsExpire() async throws {
        let hasEnded = Gate()
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.answer("ok")
            _ = peer.readToEnd()
            hasEnded.open()
        }
        var configuration = NetConfiguration.patient()
        configuration.timeouts.keepAlive = .milliseconds(10)
        let client = client(configuration)
        _ = try await client.execute(get, at: server.url())
        await hasEnded.opened()
        _ = try await client.execute(get, at: server.url())
        #expect(server.connectionCount == 2)
    }
}
