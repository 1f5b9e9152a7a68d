import Testing

@testable import ChatServerLite

/// RFC 8292 section 2.1, RFC 6068.
@Suite struct PushContactTests {
    @Test(arguments: [
        ("ana@exemplo.com", "mailto:ana@exemplo.com"), ("mailto:ana@exemplo.com", "mailto:ana@exemplo.com"),
        ("Admin <admin@example.com>", "mailto:admin@example.com"), ("<a@b.com>", "mailto:a@b.com"),
        ("\"Jos\u{E9} A.\" <a@b.com>", "mailto:a@b.com"), ("mailto:Admin <a@b.com>", "mailto:a@b.com"),
        ("MAILTO:a@b.com", "mailto:a@b.com"), ("mailto:mailto:a@b.com", "mailto:a@b.com"),
        (" a@b.com\t", "mailto:a@b.com"), ("mailto: a@b.com", "mailto:a@b.com"),
        ("Admin <mailto:a@b.com>", "mailto:a@b.com"), ("a+b@c.com", "mailto:a+b@c.com"),
        ("a/b%c@d.com", "mailto:a%2Fb%25c@d.com"), ("mailto:a%2Fb@d.com", "mailto:a%2Fb@d.com"),
        ("mailto:a@b.com?subject=x", "mailto:a@b.com?subject=x"),
        ("https://example.com/contact", "https://example.com/contact"),
        ("HTTPS://example.com", "https://example.com"),
        ("https://example.com:8443/a?b#c", "https://example.com:8443/a?b#c"),
        ("Ana@Exemplo.COM", "mailto:Ana@Exemplo.COM"), ("HTTPS://Example.com/A", "https://Example.com/A"),
    ])
    func unambiguousTextsBecomeURIs(text: String, uri: String) throws {
        #expect(try PushContact.uri(text) == uri)
    }

    /// RFC 5890 for the domain, RFC 3987 section 3.1 for the rest.
    @Test(arguments: [
        ("ana@b\u{FC}cher.example", "mailto:ana@xn--bcher-kva.example"),
        ("ana@bu\u{308}cher.example", "mailto:ana@xn--bcher-kva.example"),
        ("ANA@B\u{DC}CHER.Example", "mailto:ANA@xn--bcher-kva.example"),
        (
            "mailto:ana@b\u{FC}cher.example?subject=Gr\u{FC}n",
            "mailto:ana@xn--bcher-kva.example?subject=Gr%C3%BCn"
        ),
        ("mailto:ana@b%C3%BCcher.example", "mailto:ana@xn--bcher-kva.example"),
        ("Jos\u{E9} <jose@caf\u{E9}.example>", "mailto:jose@xn--caf-dma.example"),
        ("a@\u{43F}\u{440}\u{438}\u{43C}\u{435}\u{440}.\u{440}\u{444}", "mailto:a@xn--e1afmkfd.xn--p1ai"),
        ("a@\u{4F8B}\u{3048}\u{3002}jp", "mailto:a@xn--r8jz45g.jp"),
        ("a@xn--bcher-kva.example", "mailto:a@xn--bcher-kva.example"),
        ("https://b\u{FC}cher.example", "https://xn--bcher-kva.example"),
        ("https://b\u{FC}cher.example:8443/a?b#c", "https://xn--bcher-kva.example:8443/a?b#c"),
        ("https://b\u{FC}cher.example/\u{FC}ber", "https://xn--bcher-kva.example/%C3%BCber"),
        ("https://example.com/\u{FC}ber?q=\u{E9}", "https://example.com/%C3%BCber?q=%C3%A9"),
    ])
    func aDomainOutsideASCIIIsConverted(text: String, uri: String) throws {
        #expect(try PushContact.uri(text) == uri)
    }

    @Test(arguments: [
        "", "admin", "admin@", "@example.com", "a@b@c.com", "a b@c.com", "a@b.com, c@d.com",
        "a@b.com c@d.com",
        "http://example.com", "https:", "https:///x", "https:example.com", "https://ex ample.com",
        "tel:+1234",
        "\u{E1}na@b.com", "\u{E1}na@b\u{FC}cher.de", "a@b\u{FC}cher..de", "a@-b\u{FC}cher.de",
        "a@\u{1F600}.com",
        "a@b\u{200B}c.com", "a@b%20c.com", "a@b%FF.com", "https://b\u{FC} cher.de",
        "https://b\u{FC}cher.de:x/",
        "https://\u{FC}@b\u{FC}cher.de", "a@-b.com", "a@b..com", ".a@b.com", "a..b@c.com", "mailto:",
        "a@b.com>",
        "Admin <>", "a@b.com (Admin)", "a@[1.2.3.4]", "https://user@example.com", "a@b.com\r\nX: y",
    ])
    func otherTextsAreRefused(text: String) {
        #expect(throws: PushContact.Problem.self) { try PushContact.uri(text) }
    }
}
