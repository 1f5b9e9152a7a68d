import ChatWire
import Logging
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct ProxyHintTests {
    private static let forwarded: [(String, String)] = [("x-forwarded-for", "198.51.100.1")]

    private func lines(_ peer: String, _ fields: [(String, String)], trusting list: String = "") throws
        -> [String]
    {
        let records = LogRecords()
        let hint = ProxyHint(records.logger)
        let proxies = try TrustedProxies(parsing: list)
        let headers = try HTTPHeaders(fields)
        for _ in 0..<3 { hint.note(peer, headers, proxies) }
        return records.lines
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("10.1.2.3", "10.1.2.3"), ("172.31.0.1", "172.31.0.1"),
        ("::ffff:192.168.0.9", "::ffff:192.168.0.9"), ("fd00::1", "fd00::1"), ("", "unix"),
    ])
    func aNearProxyThatIsNotTrustedIsNamedOnce(peer: String, entry: String) throws {
        let expected = "warning a proxy passes on requests, and its word on their addresses is not believed"
        let found = try lines(peer, Self.forwarded)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(expected) == true)
        #expect(found.first?.contains("advice=set TRUSTED_PROXIES=\(entry) ") == true)
        #expect(try lines(peer, [("Forwarded", "for=198.51.100.1")]).count == 1)
        // What the advice says helps.
        #expect(try lines(peer, Self.forwarded, trusting: entry).isEmpty)
        #expect(try lines(peer, Self.forwarded, trusting: "203.0.113.1").count == 1)
    }

    @Test(
        arguments: [
            ("127.0.0.1", []), ("10.1.2.3", [("X-Forwarded-Proto", "https")]),
            // Anybody can write the field. From far away it means nothing.
            ("203.0.113.5", forwarded), ("172.32.0.1", forwarded), ("2001:db8::1", forwarded),
        ] as [(String, [(String, String)])])
    func othersAreNotMentioned(peer: String, fields: [(String, String)]) throws {
        #expect(try lines(peer, fields).isEmpty)
    }

    @Test func theServerSaysItOnce() async throws {
        let records = LogRecords()
        try await TestServer.run(logger: records.logger) { server in
            for _ in 0..<3 {
                let answer = try server.http().send(.get, "/health", headers: Self.forwarded)
                #expect(answer.status == 200)
            }
        }
        #expect(records.lines.filter { $0.contains("a proxy passes on requests") }.count == 1)
    }
}
