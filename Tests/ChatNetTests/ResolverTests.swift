import Glibc
import Testing

@testable import ChatNet

@Suite("Addresses and names")
struct ResolverTests {
    @Test(
        "Addresses in digits and localhost are known without asking",
        arguments: [
            ("127.0.0.1", ["127.0.0.1:80"]),
            ("::1", ["[::1]:80"]),
            ("2001:db8::5", ["[2001:db8::5]:80"]),
            ("localhost", ["[::1]:80", "127.0.0.1:80"]),
            ("LOCALHOST.", ["[::1]:80", "127.0.0.1:80"]),
            ("chat.localhost", ["[::1]:80", "127.0.0.1:80"]),
        ])
    func knownHosts(host: String, expected: [String]) async throws {
        #expect(Resolver.knownAddresses(of: host, port: 80)?.map(\.description) == expected)
        let found = try await Resolver.addresses(
            of: host, port: 80, timeout: .seconds(30), thread: IOThread())
        #expect(found.map(\.description) == expected)
    }

    @Test func otherNamesAreNotKnown() {
        #expect(Resolver.knownAddresses(of: "example.org", port: 80) == nil)
        #expect(Resolver.knownAddresses(of: "localhost.example.org", port: 80) == nil)
        #expect(Resolver.knownAddresses(of: "notlocalhost", port: 80) == nil)
    }

    @Test("A name that cannot exist (RFC 6761) is an error that names it")
    func unknownName() async {
        do {
            let found = try await Resolver.addresses(
                of: "no-such-host.invalid", port: 80, timeout: .seconds(30), thread: IOThread())
            Issue.record("it was found: \(found)")
        } catch {
            switch error {
            // The second and third occur without a network, or with a name service that refuses.
            case .hostNotFound("no-such-host.invalid"), .resolverFailed("no-such-host.invalid", _),
                .timeout(.resolve, "no-such-host.invalid"):
                #expect(error.kind == .transient)
            default:
                Issue.record("another error: \(error)")
            }
        }
    }

    @Test func answersOfTheResolverAreClassified() {
        #expect(Resolver.failure(EAI_NONAME, host: "h") == .hostNotFound(host: "h"))
        #expect(
            Resolver.failure(EAI_AGAIN, host: "h")
                == .resolverFailed(host: "h", reason: "the name service does not answer"))
        guard case .resolverFailed("h", let reason) = Resolver.failure(EAI_FAIL, host: "h") else {
            Issue.record("a failure of the name service is no resolver failure")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test(arguments: ["127.0.0.1", "::1", "fe80::1", "255.255.255.255"])
    func systemFormAndBack(host: String) throws {
        let address = try #require(SocketAddress(numericHost: host, port: 4321))
        let back = address.withSystemAddress { pointer, length in
            #expect(length == (address.isIPv6 ? 28 : 16))
            return SocketAddress(pointer)
        }
        #expect(back == address)
        #expect(address.port == 4321)
    }

    @Test func namesAndNonsenseAreNoNumericHosts() {
        for host in ["localhost", "", "1.2.3.4.5", "::g", "[::1]", " 127.0.0.1", "127.0.0.1\n"] {
            #expect(SocketAddress(numericHost: host, port: 1) == nil)
        }
    }
}
