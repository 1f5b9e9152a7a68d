import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Limits on a real server, to one request, by a clock that stands still.
@Suite struct RequestLimitTests {
    private let proxied = [("X-Forwarded-For", "198.51.100.1")]

    private func post(
        _ http: HTTPTestClient, _ path: String, _ body: JSONValue, from address: String, token: String? = nil
    ) throws -> HTTPTestClient.Answer {
        var headers = [("Content-Type", "application/json"), ("X-Forwarded-For", address)]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        return try http.send(.post, path, headers: headers, body: body.serialized())
    }

    private func limited(
        _ action: LimitedAction, address: Rate? = nil, account: Rate? = nil,
        _ configure: @escaping (inout ServerConfiguration) -> Void = { _ in },
        _ body: (TestServer, VirtualClock) async throws -> Void
    ) async throws {
        let clock = VirtualClock()
        let proxies = try TrustedProxies(parsing: "loopback")
        try await TestServer.run(
            configure: {
                $0.requestRates[action] = RequestRates.Rates(address: address, account: account)
                $0.trustedProxies = proxies
                $0.requestRates.countsLoopback = true
                configure(&$0)
            }, clock: clock.limitClock
        ) { try await body($0, clock) }
    }

    /// `#expect` takes no closure that throws.
    private func expectEqual(
        _ statuses: [Int], _ expected: [Int], at location: SourceLocation = #_sourceLocation
    ) {
        #expect(statuses == expected, sourceLocation: location)
    }

    private let login: JSONValue = ["email": "nobody@example.com", "password": "secret1"]

    @Test func anAddressMaySignInSoOften() async throws {
        try await limited(.signIn, address: Rate(burst: 3, period: .seconds(60))) { server, clock in
            let http = try server.http()
            func status(_ address: String) throws -> Int {
                try post(http, "/api/auth/login", login, from: address).status
            }
            expectEqual(try (0..<3).map { _ in try status("198.51.100.1") }, [400, 400, 400])
            let refused = try post(http, "/api/auth/login", login, from: "198.51.100.1")
            #expect(refused.status == 429)
            #expect(refused.response.headers["Retry-After"] == "20")
            #expect(
                refused.json
                    == ["success": false, "message": "Muitas requisições, tente novamente em instantes"])
            #expect(try status("198.51.100.2") == 400)
            clock.pass(.seconds(20) - .nanoseconds(1))
            #expect(try status("198.51.100.1") == 429)
            clock.pass(.nanoseconds(1))
            expectEqual(try (0..<2).map { _ in try status("198.51.100.1") }, [400, 429])
        }
    }

    @Test func aNetworkOfIPv6IsOneAddress() async throws {
        try await limited(.signUp, address: Rate(burst: 1, period: .seconds(60))) { server, _ in
            let http = try server.http()
            func status(_ address: String) throws -> Int {
                try post(http, "/api/auth/register", [:], from: address).status
            }
            #expect(try status("2001:db8:0:1::1") == 400)
            #expect(try status("2001:db8:0:1:ffff::2") == 429)
            #expect(try status("2001:db8:0:2::1") == 400)
        }
    }

    /// Its accounts are exempt too: on the REST API and on sockets.
    @Test func theAccountsOfThisMachineAreExemptUnlessToldOtherwise() async throws {
        for countsLoopback in [false, true] {
            try await limited(
                .events, account: Rate(burst: 1, period: .seconds(60)),
                {
                    $0.requestRates[.search].account = Rate(burst: 1, period: .seconds(60))
                    $0.requestRates.countsLoopback = countsLoopback
                }
            ) { server, _ in
                let ana = try server.register("Ana")
                let (http, socket) = (try server.http(), try server.socket(ana))
                let statuses = try (0..<2).map { _ in
                    try http.get("/api/contacts/search?q=zz", token: ana.token).status
                }
                #expect(statuses == (countsLoopback ? [200, 429] : [200, 200]))
                for _ in 0..<2 { _ = try socket.emit("message_read", ["sender_id": 1_000_000]) }
                let answers = try (0..<2).map { _ in try socket.next() }
                #expect(answers.contains { $0.contains("Muitas") } == countsLoopback, "\(answers)")
            }
        }
    }

    @Test func thisMachineIsExemptUnlessToldOtherwise() async throws {
        for countsLoopback in [false, true] {
            try await limited(
                .signIn, address: Rate(burst: 1, period: .seconds(60)),
                { $0.requestRates.countsLoopback = countsLoopback }
            ) { server, _ in
                let http = try server.http()
                let statuses = try (0..<3).map { _ in try http.post("/api/auth/login", login).status }
                #expect(statuses == (countsLoopback ? [400, 429, 429] : [400, 400, 400]))
            }
        }
    }

    /// All that a proxy without a name in the settings sends comes from its own address, which is not exempt.
    @Test func nobodyElseIsBelieved() async throws {
        try await limited(
            .signIn, address: Rate(burst: 1, period: .seconds(60)), { $0.trustedProxies = TrustedProxies() }
        ) { server, _ in
            let http = try server.http()
            let statuses = try (1...3).map { number in
                try post(http, "/api/auth/login", login, from: "198.51.100.\(number)").status
            }
            #expect(statuses == [400, 429, 429])
        }
    }

    @Test func theOriginalHasNoLimits() async throws {
        try await limited(
            .search, address: Rate(burst: 1, period: .seconds(60)),
            account: Rate(burst: 1, period: .seconds(60)),
            { $0.behaviour = .original }
        ) { server, _ in
            let ana = try server.register("Ana")
            let http = try server.http()
            for _ in 0..<3 {
                #expect(try http.get("/api/contacts/search?q=zz", token: ana.token).status == 200)
            }
        }
    }

    @Test func anAccountMaySearchAndSubscribeSoOften() async throws {
        for (action, path) in [(LimitedAction.search, "search"), (.subscriptions, "subscribe")] {
            try await limited(action, account: Rate(burst: 2, period: .seconds(10))) { server, clock in
                let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
                let http = try server.http()
                func status(_ account: Account) throws -> Int {
                    path == "search"
                        ? try http.get("/api/contacts/search?q=zz", token: account.token).status
                        : try http.post("/api/push/subscribe", [:], token: account.token).status
                }
                let good = path == "search" ? 200 : 400
                expectEqual(try (0..<3).map { _ in try status(ana) }, [good, good, 429])
                #expect(try status(bia) == good)
                clock.pass(.seconds(5))
                expectEqual(try (0..<2).map { _ in try status(ana) }, [good, 429])
            }
        }
    }

    /// Sends by REST and by socket count together, and nothing is stored beyond the limit.
    @Test func anAccountMaySendSoOften() async throws {
        try await limited(.send, account: Rate(burst: 2, period: .seconds(10))) { server, clock in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let (http, socket) = (try server.http(), try server.socket(ana))
            let receiver = JSONValue.integer(bia.id.rawValue)
            func send(_ name: String) throws -> HTTPTestClient.Answer {
                try http.post(
                    "/api/messages/send",
                    ["receiver_id": receiver, "content": "oi", "temp_id": .string(name)],
                    token: ana.token)
            }
            #expect(try send("a").status == 201)
            try socket.emit("send_message", ["receiver_id": receiver, "content": "oi", "temp_id": "b"])
            // A further write is acknowledged after everything that the message causes.
            let written = try socket.emit("message_read", ["sender_id": receiver])
            while try !socket.next().hasPrefix("43\(written)[") {}
            try socket.emit("send_message", ["receiver_id": receiver, "content": "oi", "temp_id": "c"])
            let reason = "Muitas requisições, tente novamente em instantes"
            #expect(try socket.next() == #"42["error",{"message":"\#(reason)"}]"#)
            #expect(
                try socket.next().drop { $0 != "[" }
                    == #"[{"success":false,"message":"\#(reason)","temp_id":"c","retry_after":5}]"#)
            let refused = try send("d")
            #expect(refused.status == 429 && refused.response.headers["Retry-After"] == "5")
            clock.pass(.seconds(5))
            #expect(try send("d").status == 201)
            let page = try http.get("/api/messages/conversation/\(bia.id)", token: ana.token)
            #expect(page.json?["data"]?["messages"]?.arrayValue?.count == 3)
        }
    }

    @Test func anAddressMayBeginSoManySessions() async throws {
        try await limited(.connections, address: Rate(burst: 2, period: .seconds(10))) { server, clock in
            let http = try server.http()
            func handshake() throws -> HTTPTestClient.Answer {
                try http.send(.get, "/socket.io/?EIO=4&transport=polling", headers: proxied)
            }
            expectEqual(try (0..<3).map { _ in try handshake().status }, [200, 200, 429])
            clock.pass(.seconds(5))
            expectEqual(try (0..<2).map { _ in try handshake().status }, [200, 429])
            let upgrade = try server.http().send(
                .get, "/socket.io/?EIO=4&transport=websocket",
                headers: proxied + [
                    ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
                    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ])
            #expect(upgrade.status == 429 && upgrade.response.headers["Retry-After"] == "5")
        }
    }

    @Test func anAccountMayConnectSoOften() async throws {
        try await limited(.connections, account: Rate(burst: 1, period: .seconds(10))) { server, clock in
            let ana = try server.register("Ana")
            _ = try server.socket(ana)
            let second = try SocketTestClient(port: server.server.port)
            _ = try second.next()
            try second.send(#"40{"token":"\#(ana.token)"}"#)
            #expect(try second.frame() == .closed(code: 1013))
            clock.pass(.seconds(10))
            _ = try server.socket(ana)
        }
    }

    @Test func refusalsAreCounted() throws {
        let counters = Counters()
        var rates = RequestRates()
        rates[.search] = RequestRates.Rates(
            address: Rate(burst: 2, period: .seconds(1)), account: Rate(burst: 1, period: .seconds(1)))
        let limiter = RequestLimiter(rates, clock: VirtualClock().limitClock, counters: counters)
        let client = ClientAddress(peer: "192.0.2.1")
        for user in [1, 1, 2, 3] as [Int64] {
            try? limiter.take(.search, account: UserID(user), from: client)
        }
        #expect(counters.snapshot == [.limited(.search, .account): 1, .limited(.search, .address): 1])
    }

    @Test func settingsNameTheirMistakes() throws {
        func rates(_ environment: [String: String]) throws -> RequestRates {
            try SettingsReader(settings: ServerSettings(environment: environment)).requestRates()
        }
        #expect(try rates([:]) == .standard)
        let set = try rates([
            "LIMIT_SIGN_IN_ADDRESS": "5/60", "LIMIT_SEND_ACCOUNT": "off", "LIMIT_LOOPBACK": "true",
        ])
        #expect(set[.signIn].address == Rate(burst: 5, period: .seconds(60)))
        #expect(set[.send].account == nil && set.countsLoopback)
        #expect(set[.search] == RequestRates.standard[.search])
        #expect(throws: ConfigurationError.self) { try rates(["LIMIT_SEARCH_ADDRESS": "many"]) }
        #expect(throws: ConfigurationError.self) {
            try SettingsReader(settings: ServerSettings(environment: ["TRUSTED_PROXIES": "10.0.0.0/99"]))
                .trustedProxies()
        }
    }
}
