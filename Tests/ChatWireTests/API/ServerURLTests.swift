import ChatWire
import Testing

@Suite struct ServerURLTests {
    @Test(
        arguments: [
            ("example.org", "https://example.org", .https, "example.org", 443, ""),
            ("localhost:5000", "http://localhost:5000", .http, "localhost", 5000, ""),
            ("localhost", "http://localhost", .http, "localhost", 80, ""),
            ("chat.localhost:1", "http://chat.localhost:1", .http, "chat.localhost", 1, ""),
            ("127.0.0.1:8080", "http://127.0.0.1:8080", .http, "127.0.0.1", 8080, ""),
            ("127.9.8.7", "http://127.9.8.7", .http, "127.9.8.7", 80, ""),
            ("127.example.org", "https://127.example.org", .https, "127.example.org", 443, ""),
            ("10.0.0.1:5000", "https://10.0.0.1:5000", .https, "10.0.0.1", 5000, ""),
            ("[::1]:5000", "http://[::1]:5000", .http, "::1", 5000, ""),
            ("[2001:DB8::1]", "https://[2001:db8::1]", .https, "2001:db8::1", 443, ""),
            ("HTTP://Example.ORG:80/", "http://example.org", .http, "example.org", 80, ""),
            (
                "https://example.org:443/base/", "https://example.org/base", .https, "example.org", 443,
                "/base"
            ),
            (
                "https://example.org/a/b%20c//", "https://example.org/a/b%20c", .https, "example.org", 443,
                "/a/b%20c"
            ),
            ("wss://example.org", "https://example.org", .https, "example.org", 443, ""),
            ("ws://example.org", "http://example.org", .http, "example.org", 80, ""),
            ("  example.org\n", "https://example.org", .https, "example.org", 443, ""),
            ("http://localhost:65535", "http://localhost:65535", .http, "localhost", 65535, ""),
        ] as [(String, String, ServerURL.Scheme, String, Int, String)])
    func `reads`(
        text: String, description: String, scheme: ServerURL.Scheme, host: String, port: Int, basePath: String
    ) throws {
        let url = try ServerURL(text)
        #expect(url.description == description)
        #expect(url.scheme == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.basePath == basePath)
        #expect(try ServerURL(url.description) == url)
    }

    @Test(
        arguments: [
            ("", .empty), (" \t", .empty), ("ftp://example.org", .unsupportedScheme("ftp")),
            ("http://", .missingHost),
            ("http://:80", .missingHost), (":5000", .missingHost), ("/path", .missingHost),
            ("https://ana:secret@example.org", .containsCredentials),
            ("ana@example.org", .containsCredentials),
            ("example.org?x=1", .containsQueryOrFragment), ("example.org/#a", .containsQueryOrFragment),
            ("example.org:0", .invalidPort("0")), ("example.org:65536", .invalidPort("65536")),
            ("example.org:", .invalidPort("")), ("example.org:+80", .invalidPort("+80")),
            ("example.org:99999999999999999999", .invalidPort("99999999999999999999")),
            ("a b.org", .invalidHost("a b.org")),
            ("a..b", .invalidHost("a..b")), (".a", .invalidHost(".a")), ("[::1", .invalidHost("[::1")),
            ("[::1]5", .invalidHost("[::1]5")), ("[xyz]", .invalidHost("[xyz]")), ("[]", .invalidHost("[]")),
            ("example.org/a b", .invalidPath("/a b")), ("example.org/\"", .invalidPath("/\"")),
            ("::1", .missingHost),
        ] as [(String, ServerURLError)])
    func `refuses`(text: String, error: ServerURLError) {
        #expect(throws: error) { try ServerURL(text) }
        #expect(!error.description.contains("secret"))
    }

    @Test func `makes request targets`() throws {
        let url = try ServerURL("https://example.org:8443/chat")
        #expect(url.target(for: "/api/contacts") == "/chat/api/contacts")
        #expect(url.webSocketTarget() == "/chat/socket.io/?EIO=4&transport=websocket")
        #expect(url.pollingTarget(sid: "a+b/c") == "/chat/socket.io/?EIO=4&transport=polling&sid=a%2Bb%2Fc")
        #expect(url.pollingTarget(stamp: "a.1") == "/chat/socket.io/?EIO=4&transport=polling&t=a.1")
        #expect(url.hostHeader == "example.org:8443")
        #expect(url.origin == "https://example.org:8443")
        #expect(try ServerURL("[::1]").hostHeader == "[::1]")
    }

    /// Examples from RFC 3492 section 7.1, and everyday names.
    @Test(arguments: [
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u{308}cher.example", "xn--bcher-kva.example"), ("straße.de", "xn--strae-oqa.de"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"), ("coração.com.br", "xn--corao-dra1a.com.br"),
        ("ｅｘａｍｐｌｅ.ｏｒｇ", "example.org"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ])
    func otherLettersThanASCII(host: String, ascii: String) throws {
        let url = try ServerURL("http://\(host):81/x")
        #expect(url.host == ascii)
        #expect(url.description == "http://\(ascii):81/x")
        #expect(try ServerURL(url.description) == url)
    }

    @Test(arguments: [
        "bü cher.example", "ü..example", ".ü", "a\u{200D}ü", "ü\u{202E}", "☃.example",
        String(repeating: "ü", count: 64) + ".example", "\u{301}\u{3164}.example",
    ])
    func namesThatNoHostCanHave(host: String) {
        #expect(throws: ServerURLError.self) { try ServerURL("http://\(host)") }
    }
}
