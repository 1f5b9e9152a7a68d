import ChatWire
import Testing

/// Requests from bytes: whole, concatenated and byte by byte; and refused ones.
@Suite struct HTTPRequestParserTests {
    private enum Heard: Equatable {
        case head(String, String, Int?)
        case body(String)
        case end
        case failure(HTTPParseError)
    }

    private func parse(_ text: String, feed: Feed) -> [Heard] {
        var parser = HTTPRequestParser()
        var heard: [Heard] = []
        var bytes: [UInt8] = []
        for piece in feed.cut(Array(text.utf8), seed: 1) {
            bytes += piece
            while true {
                var position = 0
                let result = bytes.withUnsafeBytes { buffer in
                    Result { () throws(HTTPParseError) in try parser.next(in: buffer, at: &position) }
                }
                let part: HTTPRequestParser.Part?
                do throws(HTTPParseError) {
                    part = try result.get()
                } catch {
                    return heard + [.failure(error)]
                }
                defer { bytes.removeFirst(position) }
                guard let part else { break }
                note(part, bytes, &heard)
            }
        }
        return heard
    }

    private func note(_ part: HTTPRequestParser.Part, _ bytes: [UInt8], _ heard: inout [Heard]) {
        switch part {
        case .head(let head): heard.append(.head(head.method, head.target, head.bodyLength))
        case .end: heard.append(.end)
        case .body(let range):
            let piece = String(decoding: bytes[range], as: UTF8.self)
            guard case .body(let before)? = heard.last else { return heard.append(.body(piece)) }
            heard[heard.count - 1] = .body(before + piece)
        }
    }

    private func expect(
        _ text: String, makes heard: [Heard], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for feed in Feed.allCases {
            #expect(parse(text, feed: feed) == heard, "\(feed)", sourceLocation: sourceLocation)
        }
    }

    @Test func requestsFollowEachOther() {
        expect(
            "\r\nGET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\nPOST /d HTTP/1.0\r\nContent-Length: 2\r\n\r\nhiX / HTTP/1.1\r\nHOST:\r\n\r\n",
            makes: [
                .head("GET", "/a?b=c", 0), .end, .head("POST", "/d", 2), .body("hi"), .end,
                .head("X", "/", 0),
                .end,
            ])
    }

    @Test func chunksAreABody() {
        expect(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhi\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\nGET / HTTP/1.0\r\n\r\n",
            makes: [.head("POST", "/", nil), .body("hi0123456789"), .end, .head("GET", "/", 0), .end])
    }

    @Test(arguments: [
        "x", "x.example:80", "[::1]", "[::1]:8080", "127.0.0.1:", "", "a%20b", "xn--bcher-kva.example",
        "[v1.a:b]",
        "a_b",
    ])
    func hostsThatAreOnes(host: String) {
        expect("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", makes: [.head("GET", "/", 0), .end])
    }

    /// RFC 9112 section 3.2.
    @Test(arguments: [
        "A: b", "Host: x\r\nHost: x", "Host: a b", "Host: a/b", "Host: u@x", "Host: a:b", "Host: a:1:2",
        "Host: a:65536", "Host: [::1", "Host: [xyz]", "Host: ::1", "Host: [1::2::3]", "Host: caf\u{E9}",
        "Host: a%2", "Host: :80", "Host: a,b c", "Host: http://x",
    ])
    func aHostIsWanted(fields: String) {
        for target in ["/", "http://x/", "*"] {
            expect("GET \(target) HTTP/1.1\r\n\(fields)\r\n\r\n", makes: [.failure(.invalidHost)])
        }
    }

    /// RFC 9112 sections 6.1 and 6.3.
    @Test(arguments: [
        ("Transfer-Encoding: gzip, chunked", HTTPParseError.unsupportedTransferEncoding),
        ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", .unsupportedTransferEncoding),
        ("Transfer-Encoding: chunked, chunked", .unsupportedTransferEncoding),
        ("Transfer-Encoding: identity", .unsupportedTransferEncoding),
        ("Transfer-Encoding:", .unsupportedTransferEncoding),
        ("Transfer-Encoding: chunked;q=1", .unsupportedTransferEncoding),
        ("Transfer-Encoding: chunked\r\nContent-Length: 0", .conflictingLengths),
        ("Content-Length: 99999999999999999999", .bodyTooLong(limit: .max)),
        ("Content-Length: 9223372036854775808", .bodyTooLong(limit: .max)),
        ("Content-Length: +1", .invalidContentLength), ("Content-Length: -1", .invalidContentLength),
        ("Content-Length: 1, 1", .invalidContentLength), ("Content-Length: 0x1", .invalidContentLength),
        ("Content-Length:", .invalidContentLength),
        ("Content-Length: 1\r\nContent-Length: 1", .invalidContentLength),
    ])
    func aBodyHasOneLength(fields: String, error: HTTPParseError) {
        expect("POST / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n", makes: [.failure(error)])
    }

    @Test func aCodingInHTTP10EndsTheConnection() {
        var parser = HTTPRequestParser()
        var position = 0
        let text = Array("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        let part = text.withUnsafeBytes { try? parser.next(in: $0, at: &position) }
        guard case .head(let head)? = part else {
            Issue.record("no head")
            return
        }
        #expect(head.endsConnection)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\nHost: x\n\n", HTTPParseError.bareLineFeed),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\n Host: x\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\nHost: x\r\nA\u{0}: b\r\n\r\n", .invalidField),
        ("GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", .bareCarriageReturn),
        ("GET  / HTTP/1.1\r\n", .invalidRequestLine), ("GET /\r\n", .invalidRequestLine),
        ("GET / HTTP/2.0\r\n", .invalidRequestLine), ("PRI * HTTP/2.0\r\n", .invalidRequestLine),
        ("G(T / HTTP/1.1\r\n", .invalidRequestLine), ("GET / http/1.1\r\n", .invalidRequestLine),
    ])
    func whatIsNoRequestIsRefused(text: String, error: HTTPParseError) {
        expect(text, makes: [.failure(error)])
    }
}
