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
    ])
    func aURIIsMadeWhereTheMeaningIsPlain(text: String, uri: String) throws {
        #expect(try PushContact.uri(text) == uri)
    }

    @Test(arguments: [
        "", "admin", "admin@", "@example.com", "a@b@c.com", "a b@c.com", "a@b.com, c@d.com",
        "a@b.com c@d.com",
        "http://example.com", "https:", "https:///x", "https:example.com", "https://ex ample.com",
        "tel:+1234",
        "a@b\u{FC}cher.de", "\u{E1}na@b.com", "a@-b.com", "a@b..com", ".a@b.com", "a..b@c.com", "mailto:",
        "a@b.com>",
        "Admin <>", "a@b.com (Admin)", "a@[1.2.3.4]", "https://user@example.com", "a@b.com\r\nX: y",
    ])
    func whatIsNoneIsRefused(text: String) {
        #expect(throws: PushContact.Problem.self) { try PushContact.uri(text) }
    }
}
