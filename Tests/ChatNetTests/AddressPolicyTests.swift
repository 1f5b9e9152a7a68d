import ChatWire
import Testing

@testable import ChatNet

@Suite struct AddressPolicyTests {
    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.64.0.2", "100.65.0.0", "100.100.100.100", "100.127.255.255",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::",
        "::1",
        "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:db8::1", "2001::1", "::127.0.0.1",
    ])
    func notPublic(_ host: String) throws {
        #expect(try #require(SocketAddress(numericHost: host, port: 443)).isPublic == false)
    }

    @Test(arguments: [
        "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "223.255.255.255",
        "2606:4700::1111",
        "::ffff:8.8.8.8", "64:ff9b::808:808",
    ])
    func isPublic(_ host: String) throws {
        #expect(try #require(SocketAddress(numericHost: host, port: 443)).isPublic)
    }

    /// Only the proxy knows what a name means; numeric addresses are judged here.
    @Test(arguments: [
        ProxyServer.Kind.http, .socks5(resolvesLocally: false), .socks5(resolvesLocally: true),
    ])
    func aProxyIsAskedForNoPrivateAddress(_ kind: ProxyServer.Kind) async throws {
        let asked = Counter()
        let server = try LoopbackServer { peer, _ in
            asked.increment()
            _ = peer.read()
            peer.resetWhenClosed()
        }
        let proxy = ProxyServer(kind, host: "127.0.0.1", port: server.port)
        var configuration = NetConfiguration.patient()
        configuration.addresses = .publicOnly
        configuration.proxy = ProxyPolicy(http: proxy, https: proxy, includesLoopback: true)
        let client = HTTPClient(thread: IOThread(), configuration: configuration)
        for host in ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[fd12::1]"] {
            for scheme in ["http", "https"] {
                let server = try ServerURL("\(scheme)://\(host)")
                do {
                    _ = try await client.execute(HTTPRequest(method: .get, target: "/"), at: server)
                    Issue.record("\(server) was let through")
                } catch {
                    guard case .unreachable(_, let reason) = error, reason.contains("public") else {
                        Issue.record("\(server): \(error)")
                        continue
                    }
                }
            }
        }
        #expect(asked.value == 0)
        guard kind != .socks5(resolvesLocally: true) else { return }
        // The proxy itself is reachable, and it looks the name up.
        await #expect(throws: NetError.self) {
            try await client.execute(
                HTTPRequest(method: .get, target: "/"), at: ServerURL("https://push.invalid"))
        }
        #expect(asked.value == 1)
    }

    /// The check follows the resolver: `localhost` is a name like any other.
    @Test func connectionsGoNowhereElse() async throws {
        let client = HTTPClient(thread: IOThread(), configuration: NetConfiguration(addresses: .publicOnly))
        for url in ["http://localhost:9", "http://127.0.0.1:9", "http://[::1]:9"] {
            let server = try ServerURL(url)
            await #expect(throws: NetError.self) {
                try await client.execute(HTTPRequest(method: .get, target: "/"), at: server)
            }
            do {
                _ = try await client.execute(HTTPRequest(method: .get, target: "/"), at: server)
            } catch {
                guard case NetError.unreachable(_, let reason) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(reason.contains("public"))
            }
        }
    }
}
