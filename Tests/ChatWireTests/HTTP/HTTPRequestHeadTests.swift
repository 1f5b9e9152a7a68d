import ChatWire
import Testing

@Suite struct HTTPRequestHeadTests {
    /// RFC 9112 section 9.3.
    @Test(arguments: [
        (HTTPVersion.http11, nil, true), (.http11, "close", false), (.http11, "Keep-Alive, CLOSE", false),
        (.http11, "upgrade", true), (.http10, nil, false), (.http10, "Keep-Alive", true),
        (.http10, "keep-alive, close", false),
    ])
    func theClientSaysWhetherTheConnectionStays(version: HTTPVersion, field: String?, stays: Bool) throws {
        var head = HTTPRequestHead(method: "GET", target: "/", version: version)
        if let field { try head.headers.add("Connection", field) }
        #expect(head.isKeepAlive == stays)
        head.endsConnection = true
        #expect(!head.isKeepAlive)
    }

    @Test func statusesHaveTheirPhrases() {
        let phrases = [200: "OK", 404: "Not Found", 413: "Content Too Large", 299: ""]
        for (status, phrase) in phrases { #expect("\(HTTPStatus.reason(of: status))" == phrase) }
    }
}
