import ChatWire
import Testing

@testable import ChatServerLite

@Suite struct TrustedProxiesTests {
    private func client(
        _ peer: String, _ fields: [(String, String)], trusting list: String = "10.0.0.0/8, 2001:db8::/32"
    ) throws -> ClientAddress {
        try TrustedProxies(parsing: list).client(of: peer, HTTPHeaders(fields))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.129", true),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.7", "::ffff:192.0.2.7", true),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
    ])
    func rangesContainTheirAddresses(range: String, address: String, isInside: Bool) throws {
        let bytes = try #require(AddressBytes(address))
        #expect(try #require(AddressRange(range)).contains(bytes) == isInside)
    }

    @Test(arguments: [
        "10.0.0.0/33", "10.0.0/8", "::/129", "a", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1/8/8", "/8",
    ])
    func refusesWhatIsNoRange(text: String) {
        #expect(AddressRange(text) == nil)
        #expect(throws: TrustedProxies.UnknownEntry(text: text)) { try TrustedProxies(parsing: text) }
    }

    /// The list is read from the right, and only while those who say it are trusted.
    @Test(arguments: [
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        // What the client itself has sent stands to the left.
        ("10.0.0.1", ["127.0.0.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.2.2.2, 10.3.3.3"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1, 10.2.2.2"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["10.2.2.2"], "10.2.2.2"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db9::1]:4711"], "2001:db9::1"), ("10.0.0.1", ["2001:db9::1"], "2001:db9::1"),
        // An unreadable entry ends the list.
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"), ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, nonsense, 10.2.2.2"], "10.2.2.2"),
        // Nobody else is believed.
        ("192.0.2.1", ["198.51.100.1"], "192.0.2.1"), ("127.0.0.1", ["198.51.100.1"], "127.0.0.1"),
    ])
    func readsTheListOfTrustedProxies(peer: String, fields: [String], expected: String) throws {
        let client = try client(peer, fields.map { ("X-Forwarded-For", $0) })
        #expect(client.text == expected)
    }

    @Test(arguments: [
        ("for=198.51.100.1", "198.51.100.1"), ("For=\"198.51.100.1:80\";proto=https", "198.51.100.1"),
        ("for=\"[2001:db9::17]:47011\"", "2001:db9::17"),
        ("for=6.6.6.6, for=198.51.100.1;by=10.0.0.1", "198.51.100.1"),
        ("for=198.51.100.1, for=\"[2001:db8::1]\"", "198.51.100.1"), ("for=_hidden", "10.0.0.1"),
        ("for=unknown", "10.0.0.1"), ("proto=https", "10.0.0.1"), ("for=\"a,b;c\"", "10.0.0.1"),
    ])
    func readsForwarded(field: String, expected: String) throws {
        #expect(try client("10.0.0.1", [("Forwarded", field)]).text == expected)
    }

    /// A proxy sets one of the fields and passes the other on. The one that it passes on may be invented.
    @Test func contradictoryFieldsAreNotBelieved() throws {
        let both = [("X-Forwarded-For", "198.51.100.1"), ("Forwarded", "for=6.6.6.6")]
        #expect(try client("10.0.0.1", both).text == "10.0.0.1")
        #expect(try !client("127.0.0.1", both, trusting: "loopback").isLocal)
        let agreed = [("X-Forwarded-For", "198.51.100.1"), ("Forwarded", "for=198.51.100.1")]
        #expect(try client("10.0.0.1", agreed).text == "198.51.100.1")
    }

    @Test func whoComesThroughAProxyIsNotLocal() throws {
        #expect(try client("127.0.0.1", [], trusting: "loopback").isLocal)
        #expect(try client("", [], trusting: "unix").isLocal)
        let field = [("X-Forwarded-For", "127.0.0.1")]
        #expect(try !client("127.0.0.1", field, trusting: "loopback").isLocal)
        #expect(try !client("", field, trusting: "unix").isLocal)
        // A proxy that is not trusted stands for others too.
        #expect(try !client("", field).isLocal)
        #expect(try !client("127.0.0.1", [("Forwarded", "for=127.0.0.1")], trusting: "").isLocal)
        #expect(try client("127.0.0.1", [("X-Forwarded-Proto", "https")], trusting: "").isLocal)
        #expect(try !client("192.0.2.1", []).isLocal)
    }

    @Test func onlyTrustedProxiesTellTheScheme() throws {
        #expect(try client("10.0.0.1", [("X-Forwarded-Proto", "https")]).isSecure == true)
        #expect(try client("10.0.0.1", [("X-Forwarded-Proto", "https, http")]).isSecure == false)
        #expect(try client("10.0.0.1", [("Forwarded", "for=1.2.3.4;proto=HTTPS")]).isSecure == true)
        #expect(try client("10.0.0.1", []).isSecure == nil)
        #expect(try client("192.0.2.1", [("X-Forwarded-Proto", "https")]).isSecure == nil)
    }
}
