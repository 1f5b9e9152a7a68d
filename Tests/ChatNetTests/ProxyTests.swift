import ChatCrypto
import ChatWire
import TestSupport
import Testing

@testable import ChatNet

@Suite("What names a proxy, and which hosts are excepted")
struct ProxySettingsTests {
    @Test(arguments: [
        ("proxy.example", ProxyServer(.http, host: "proxy.example", port: 1080)),
        ("http://Proxy.Example:3128/", ProxyServer(.http, host: "proxy.example", port: 3128)),
        ("socks5://127.0.0.1", ProxyServer(.socks5(resolvesLocally: true), host: "127.0.0.1", port: 1080)),
        (
            "SOCKS5H://ana:p%40ss%3A@[::1]:9050",
            ProxyServer(
                .socks5(resolvesLocally: false), host: "::1", port: 9050,
                credentials: .init(user: "ana", password: "p@ss:"))
        ),
        (
            "socks://127.0.0.1:1080/",
            ProxyServer(.socks5(resolvesLocally: true), host: "127.0.0.1", port: 1080)
        ),
        ("bücher.example", ProxyServer(.http, host: "xn--bcher-kva.example", port: 1080)),
        (
            "ana@proxy:8080",
            ProxyServer(.http, host: "proxy", port: 8080, credentials: .init(user: "ana", password: ""))
        ),
    ])
    func addresses(text: String, proxy: ProxyServer) throws {
        #expect(try ProxyServer(text) == proxy)
    }

    @Test(arguments: [
        ("https://proxy:443", ProxyAddressError.unsupportedScheme("https")),
        ("socks4://proxy", .unsupportedScheme("socks4")), ("", .invalidHost), ("http://:80", .invalidHost),
        ("http://a:b:c", .invalidHost), ("http://a/path", .invalidHost), ("http://[::1", .invalidHost),
        ("http://a b", .invalidHost), ("http://a:0", .invalidPort), ("http://a:65536", .invalidPort),
        ("http://a:99999999999999999999", .invalidPort), ("http://u:%4@a", .invalidCredentials),
        ("http://u:%0d%0a@a", .invalidCredentials), ("http://u:%ff@a", .invalidCredentials),
    ])
    func wrongAddresses(text: String, error: ProxyAddressError) {
        #expect(throws: error) { try ProxyServer(text) }
    }

    @Test("The variables, as curl reads them")
    func variables() throws {
        let http = try ServerURL("http://chat.example")
        let https = try ServerURL("https://chat.example")
        func hosts(_ environment: [String: String]) throws -> [String?] {
            let policy = ProxyPolicy(environment: environment)
            return [policy.proxy(for: http)?.host, policy.proxy(for: https)?.host]
        }
        #expect(try hosts([:]) == [nil, nil])
        #expect(try hosts(["http_proxy": "a", "https_proxy": "b"]) == ["a", "b"])
        #expect(try hosts(["HTTP_PROXY": "a", "HTTPS_PROXY": "b"]) == [nil, "b"], "HTTP_PROXY is not read")
        #expect(try hosts(["https_proxy": "a", "HTTPS_PROXY": "b"]) == [nil, "a"])
        #expect(try hosts(["ALL_PROXY": "a", "https_proxy": ""]) == ["a", "a"])
        #expect(try hosts(["all_proxy": "a", "https_proxy": "b"]) == ["a", "b"])
        #expect(try hosts(["all_proxy": "a", "NO_PROXY": "chat.example"]) == [nil, nil])
        #expect(try hosts(["all_proxy": "a", "no_proxy": "other", "NO_PROXY": "*"]) == ["a", "a"])
        let policy = ProxyPolicy(environment: ["all_proxy": "a"])
        #expect(try policy.proxy(for: ServerURL("http://127.0.0.1:5000")) == nil, "the demo is never proxied")
        #expect(try policy.proxy(for: ServerURL("http://localhost:5000")) == nil)
    }

    @Test("A variable that names no proxy matters to the servers that it would be for")
    func unusableVariables() async throws {
        let (http, https) = (try ServerURL("http://chat.example"), try ServerURL("https://chat.example"))
        let general = ProxyPolicy(environment: [
            "ALL_PROXY": "ftp://a", "http_proxy": "b", "no_proxy": "other",
        ])
        let problem = ProxyVariableError(name: "ALL_PROXY", error: .unsupportedScheme("ftp"))
        #expect(general.problem(for: https) == problem)
        #expect(general.problem(for: http) == nil)
        #expect(general.proxy(for: http)?.host == "b")
        for direct in ["https://127.0.0.1", "https://localhost", "https://other", "https://a.other"] {
            #expect(general.problem(for: try ServerURL(direct)) == nil, "\(direct)")
        }
        await #expect(
            throws: NetError.proxy(.unusable(.unsupportedScheme("ftp")), proxy: "of the variable ALL_PROXY")
        ) {
            try await ConnectionOpener(
                configuration: NetConfiguration(trust: TrustPolicy(), proxy: general), thread: IOThread()
            ).open(to: https)
        }
    }

    @Test(arguments: [
        ("example.org", "example.org", true), ("example.org", "chat.example.org", true),
        (".example.org", "example.org", true), ("example.org", "badexample.org", false),
        ("EXAMPLE.org.", "chat.Example.ORG", true), ("a, b\texample.org", "example.org", true),
        ("*", "anything", true), ("*.org", "example.org", false), ("", "example.org", false),
        ("example.org:443", "example.org", true), ("example.org:80", "example.org", false),
        ("192.168.0.0/16", "192.168.7.1", true), ("192.168.0.0/16", "192.169.0.1", false),
        ("10.0.0.0/9", "10.128.0.1", false), ("10.0.0.0/33", "10.0.0.1", false),
        ("0.0.0.0/0", "9.9.9.9", true),
        ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false), ("::1", "::1", true),
        ("[::1]:443", "::1", true), ("1.2.3.4", "1.2.3.4", true), ("3.4", "1.2.3.4", false),
    ])
    func exceptions(list: String, host: String, isExcepted: Bool) {
        #expect(ProxyExceptions(list).contain(host: host, port: 443) == isExcepted)
    }
}

@Suite("The talk with a proxy")
struct ProxyHandshakeTests {
    private static let target = ProxyHandshake.Target.name("chat.example", port: 443)

    /// Feeds the proxy's bytes in pieces; returns everything that was sent, and the leftover.
    private func talk(
        _ proxy: ProxyServer, to target: ProxyHandshake.Target = Self.target, _ answers: [UInt8],
        pieceLength: Int = .max
    ) throws(ProxyFailure) -> (sent: [[UInt8]], leftover: [UInt8], isOpen: Bool) {
        var handshake = ProxyHandshake(proxy, to: target)
        var sent = [try handshake.start()]
        var rest = answers[...]
        while !rest.isEmpty && !handshake.isOpen {
            let answer = try handshake.receive(Array(rest.prefix(pieceLength)))
            if !answer.isEmpty { sent.append(answer) }
            rest = rest.dropFirst(pieceLength)
        }
        return (sent, handshake.leftover + rest, handshake.isOpen)
    }

    private let http = ProxyServer(.http, host: "p", port: 1)
    private let socks = ProxyServer(.socks5(resolvesLocally: false), host: "p", port: 1)
    private let name = [UInt8]([3, 12]) + Array("chat.example".utf8) + [1, 187]

    @Test(arguments: [1, 3, .max]) func connect(pieceLength: Int) throws {
        var proxy = http
        proxy.credentials = .init(user: "Aladdin", password: "open sesame")
        let answer = Array("HTTP/1.1 200 Connection established\r\nVia: p\r\n\r\nhello".utf8)
        let (sent, leftover, isOpen) = try talk(proxy, answer, pieceLength: pieceLength)
        #expect(isOpen)
        #expect(leftover == Array("hello".utf8))
        #expect(
            sent == [
                Array(
                    ("CONNECT chat.example:443 HTTP/1.1\r\nHost: chat.example:443\r\n"
                        + "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n").utf8)
            ])
    }

    @Test func connectRefused() throws {
        let forbidden = Array("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno".utf8)
        #expect(throws: ProxyFailure.refused(status: 403)) { try talk(http, forbidden) }
        let wanted = Array("HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n".utf8)
        #expect(throws: ProxyFailure.credentialsRequired) { try talk(http, wanted) }
        var proxy = http
        proxy.credentials = .init(user: "a", password: "b")
        #expect(throws: ProxyFailure.credentialsRefused) { try talk(proxy, wanted) }
        #expect(throws: ProxyFailure.invalidAnswer) { try talk(http, Array("SSH-2.0-peer\r\n".utf8)) }
    }

    @Test(arguments: [1, .max]) func socksWithoutAuthentication(pieceLength: Int) throws {
        let answers: [UInt8] = [5, 0] + [5, 0, 0, 1, 127, 0, 0, 1, 0, 80] + [42]
        let (sent, leftover, isOpen) = try talk(socks, answers, pieceLength: pieceLength)
        #expect(isOpen)
        #expect(leftover == [42])
        #expect(sent == [[5, 1, 0], [5, 1, 0] + name])
    }

    @Test(arguments: [1, .max]) func socksWithUserAndPassword(pieceLength: Int) throws {
        var proxy = socks
        proxy.credentials = .init(user: "ana", password: "x")
        let answers: [UInt8] = [5, 2] + [1, 0] + [5, 0, 0, 3, 1, 65, 0, 80]
        let (sent, _, isOpen) = try talk(proxy, answers, pieceLength: pieceLength)
        #expect(isOpen)
        let expected: [UInt8] = [5, 2, 0, 2] + [1, 3, 97, 110, 97, 1, 120] + [5, 1, 0]
        #expect(sent.flatMap(\.self) == expected + name)
        #expect(throws: ProxyFailure.credentialsRefused) { try talk(proxy, [5, 2, 1, 1]) }
        #expect(throws: ProxyFailure.credentialsRefused) { try talk(proxy, [5, 0xFF]) }
        #expect(throws: ProxyFailure.credentialsRequired) { try talk(socks, [5, 0xFF]) }
    }

    @Test func socksWithAddresses() throws {
        let v4 = ProxyHandshake.Target.address(.ipv4(bytes: [10, 0, 0, 1], port: 80))
        #expect(try talk(socks, to: v4, [5, 0]).sent.last == [5, 1, 0, 1, 10, 0, 0, 1, 0, 80])
        let v6 = ProxyHandshake.Target.address(.loopback6(port: 80))
        #expect(try talk(socks, to: v6, [5, 0]).sent.last?.count == 4 + 16 + 2)
    }

    @Test(arguments: [
        (UInt8(1), SOCKSRefusal.generalFailure), (2, .notAllowed), (3, .networkUnreachable),
        (4, .hostUnreachable), (5, .connectionRefused), (6, .expired), (7, .commandNotSupported),
        (8, .addressNotSupported), (99, .unknown(99)),
    ])
    func socksRefusals(code: UInt8, refusal: SOCKSRefusal) {
        #expect(throws: ProxyFailure.socks(refusal)) { try talk(socks, [5, 0, 5, code]) }
    }

    @Test(arguments: [[4], [72, 84], [5, 9], [5, 2], [5, 0, 4], [5, 0, 5, 0, 0, 7, 0]] as [[UInt8]])
    func noSOCKS(bytes: [UInt8]) {
        #expect(throws: ProxyFailure.invalidAnswer) { try talk(socks, bytes) }
    }

    @Test func randomBytesNeverCrash() {
        for seed in 0..<2000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { index in
                index == 0
                    ? 5
                    : UInt8.random(in: 0...255, using: &generator)
                        & (Bool.random(using: &generator) ? 7 : 255)
            }
            for proxy in [http, socks] {
                let whole = try? talk(proxy, bytes)
                let pieces = try? talk(proxy, bytes, pieceLength: 1)
                #expect(whole?.isOpen == pieces?.isOpen, "seed \(seed)")
                #expect(whole?.leftover == pieces?.leftover, "seed \(seed)")
            }
        }
    }
}

/// Connects through proxies on loopback, which stand for every host and answer for it.
@Suite("Connections through proxies", .timeLimit(.minutes(2)))
struct ProxyConnectionTests {
    private let thread = IOThread()

    private func configuration(_ proxy: ProxyServer) -> NetConfiguration {
        var configuration = NetConfiguration.patient()
        configuration.proxy = ProxyPolicy(http: proxy, https: proxy)
        return configuration
    }

    private func get(_ url: String, _ configuration: NetConfiguration) async throws(NetError) -> HTTPResponse
    {
        let client = HTTPClient(thread: thread, configuration: configuration)
        guard let server = try? ServerURL(url) else { throw .cancelled }
        return try await client.execute(HTTPRequest(method: .get, target: "/x"), at: server)
    }

    /// The proxy's side of SOCKS, for a name.
    private static func acceptSOCKS(_ peer: Peer) -> (host: String, port: Int)? {
        guard let greeting = peer.read(exactly: 2), peer.read(exactly: Int(greeting[1])) != nil else {
            return nil
        }
        peer.write([5, 0])
        guard let head = peer.read(exactly: 5), head[3] == 3, let name = peer.read(exactly: Int(head[4])),
            let port = peer.read(exactly: 2)
        else { return nil }
        peer.write([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        return (String(decoding: name, as: UTF8.self), Int(port[0]) << 8 | Int(port[1]))
    }

    @Test func requestsGoThroughSOCKSWithTheName() async throws {
        let seen = Record<String>()
        let server = try LoopbackServer { peer, _ in
            guard let (host, port) = Self.acceptSOCKS(peer) else { return }
            seen.append("\(host):\(port)")
            while let head = peer.readHead() {
                seen.append(String(head.prefix { $0 != "\r" && $0 != "\r\n" }))
                peer.answer("ok")
            }
        }
        let proxy = ProxyServer(.socks5(resolvesLocally: false), host: "127.0.0.1", port: server.port)
        let client = HTTPClient(thread: thread, configuration: configuration(proxy))
        for _ in 0..<2 {
            let response = try await client.execute(
                HTTPRequest(method: .get, target: "/x"), at: ServerURL("http://chat.invalid:81"))
            #expect(response.body == Array("ok".utf8))
        }
        #expect(
            seen.all == ["chat.invalid:81", "GET /x HTTP/1.1", "GET /x HTTP/1.1"], "one connection is kept")
    }

    @Test func plainRequestsGoWholeToAnHTTPProxy() async throws {
        let heads = Record<String>()
        let server = try LoopbackServer { peer, _ in
            while let head = peer.readHead() {
                heads.append(head)
                peer.answer("ok")
            }
        }
        let proxy = ProxyServer(
            .http, host: "127.0.0.1", port: server.port, credentials: .init(user: "a", password: "b"))
        #expect(try await get("http://chat.invalid", configuration(proxy)).body == Array("ok".utf8))
        let head = try #require(heads.all.first)
        #expect(head.hasPrefix("GET http://chat.invalid/x HTTP/1.1\r\nHost: chat.invalid\r\n"))
        #expect(head.contains("Proxy-Authorization: Basic YTpi\r\n"))
    }

    @Test func aWebSocketGoesThroughCONNECT() async throws {
        let heads = Record<String>()
        let server = try LoopbackServer { peer, _ in
            guard let head = peer.readHead() else { return }
            heads.append(head)
            peer.write("HTTP/1.1 200 OK\r\n\r\n")
            _ = WebSocketPeer(peer)?.echo()
        }
        let url = try ServerURL("http://chat.invalid:81")
        let socket = try await WebSocketClient.connect(
            to: url, path: url.webSocketTarget(),
            configuration: configuration(ProxyServer(.http, host: "127.0.0.1", port: server.port)),
            thread: thread)
        try await socket.send(text: Array("olá".utf8))
        #expect(await socket.nextEvent() == .text(Array("olá".utf8)))
        await socket.close()
        #expect(heads.all == ["CONNECT chat.invalid:81 HTTP/1.1\r\nHost: chat.invalid:81\r\n\r\n"])
    }

    @Test func refusalsNameTheProxy() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            // Without a length, the end of the connection ends the answer.
            peer.write("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\n\r\nsay who you are")
        }
        let proxy = ProxyServer(.http, host: "127.0.0.1", port: server.port)
        let name = "127.0.0.1:\(server.port)"
        for url in ["http://chat.invalid", "https://chat.invalid"] {
            await expectError(.proxy(.credentialsRequired, proxy: name)) { () throws(NetError) in
                try await get(url, configuration(proxy))
            }
        }
    }

    @Test func aProxyThatHangsUpOrIsNotThere() async throws {
        let server = try LoopbackServer { peer, _ in _ = peer.readHead() }
        let proxy = ProxyServer(.http, host: "127.0.0.1", port: server.port)
        await expectError(.proxy(.closed, proxy: proxy.endpoint)) { () throws(NetError) in
            try await get("https://chat.invalid", configuration(proxy))
        }
        let (descriptor, port) = try LoopbackServer.bind()
        defer { _ = descriptor }
        let absent = ProxyServer(.socks5(resolvesLocally: false), host: "127.0.0.1", port: port)
        await expectError(.proxy(.unreachable(reason: "connection refused"), proxy: absent.endpoint)) {
            () throws(NetError) in
            try await get("https://chat.invalid", configuration(absent))
        }
    }

    @Test func aSilentProxyIsGivenUp() async throws {
        let server = try LoopbackServer { peer, _ in _ = peer.readToEnd() }
        let proxy = ProxyServer(.socks5(resolvesLocally: false), host: "127.0.0.1", port: server.port)
        var impatient = configuration(proxy)
        impatient.timeouts.connect = .milliseconds(300)
        await expectError(.proxy(.timeout, proxy: proxy.endpoint)) { [impatient] () throws(NetError) in
            try await get("https://chat.invalid", impatient)
        }
    }

    @Test func exceptionsGoStraight() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.answer("straight")
        }
        let (_, port) = try LoopbackServer.bind()
        var configuration = configuration(ProxyServer(.http, host: "127.0.0.1", port: port))
        configuration.proxy.includesLoopback = true
        configuration.proxy.exceptions = ProxyExceptions("127.0.0.0/8")
        let response = try await get("http://127.0.0.1:\(server.port)", configuration)
        #expect(response.body == Array("straight".utf8))
    }
}
