import ChatWire
import Testing

@Suite struct HTTPRequestTests {
    private func text(_ request: HTTPRequest, authority: String = "h:1") throws -> String {
        String(decoding: try request.serialized(authority: authority), as: UTF8.self)
    }

    @Test func requestsAsBytes() throws {
        #expect(
            try text(HTTPRequest(method: .get, target: "/a?b=c%20d"))
                == "GET /a?b=c%20d HTTP/1.1\r\nHost: h:1\r\n\r\n")
        let headers = try HTTPHeaders([("Content-Type", "application/json"), ("Content-Length", "99")])
        let body = Array("{\"é\"}".utf8)
        #expect(
            try text(HTTPRequest(method: .post, target: "/", headers: headers, body: body))
                == """
                POST / HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/json\r\n\
                Content-Length: 6\r\n\r\n{"é"}
                """)
        #expect(
            try text(HTTPRequest(method: .put, target: "/"))
                == "PUT / HTTP/1.1\r\nHost: h:1\r\nContent-Length: 0\r\n\r\n")
        #expect(
            try text(HTTPRequest(method: .delete, target: "/x", headers: HTTPHeaders([("host", "other")])))
                == "DELETE /x HTTP/1.1\r\nhost: other\r\n\r\n")
        #expect(
            try text(
                HTTPRequest(method: .connect, target: "[::1]:443", version: .http10), authority: "[::1]:443")
                == "CONNECT [::1]:443 HTTP/1.0\r\nHost: [::1]:443\r\n\r\n")
    }

    @Test(arguments: ["", " ", "/a b", "/a\r\nX: y", "/é", "/\0", "/\u{7F}", "/\t"])
    func targetsThatBreakTheLineAreRefused(target: String) {
        let request = HTTPRequest(method: .get, target: target)
        #expect(throws: HTTPRequestError.invalidTarget) { _ = try request.serialized(authority: "h") }
    }

    @Test(arguments: ["", "h\r\nX: y", "h h", "hé"])
    func authoritiesThatBreakTheLineAreRefused(authority: String) {
        let request = HTTPRequest(method: .get, target: "/")
        #expect(throws: HTTPRequestError.invalidAuthority) {
            _ = try request.serialized(authority: authority)
        }
    }

    @Test func transferCodingsAreRefused() throws {
        let headers = try HTTPHeaders([("transfer-encoding", "chunked")])
        let request = HTTPRequest(method: .post, target: "/", headers: headers, body: [1])
        #expect(throws: HTTPRequestError.transferEncodingNotSupported) {
            _ = try request.serialized(authority: "h")
        }
    }
}
