import ChatWire
import Testing

@testable import ChatNet

@Suite("Redirects")
struct HTTPRedirectTests {
    private func redirect(
        _ location: String?, status: Int = 302, method: HTTPMethod = .get,
        from target: String = "/api/me?x=1",
        at url: String = "https://chat.example"
    ) throws -> HTTPRedirect? {
        var headers = HTTPHeaders()
        if let location { try headers.add("Location", location) }
        let response = HTTPResponse(status: status, headers: headers)
        var request = HTTPRequest(method: method, target: target, body: method == .get ? [] : [1])
        try request.headers.add("Authorization", "Bearer secret")
        try request.headers.add("Cookie", "a=b")
        try request.headers.add("Accept", "application/json")
        return try HTTPRedirect.next(after: response, to: request, at: try ServerURL(url))
    }

    @Test(
        arguments: [
            ("/v2/me", "https://chat.example", "/v2/me"),
            ("https://chat.example/a?b=c#d", "https://chat.example", "/a?b=c"),
            ("https://chat.example:443/a", "https://chat.example", "/a"),
            ("HTTPS://CHAT.example", "https://chat.example", "/"),
            ("https://chat.example?q", "https://chat.example", "/?q"),
            ("//chat.example/x", "https://chat.example", "/x"),
            ("you", "https://chat.example", "/api/you"),
            ("../you?z", "https://chat.example", "/you?z"),
            ("./../../you", "https://chat.example", "/you"),
            ("?y=2", "https://chat.example", "/api/me?y=2"),
            ("a:b", nil, nil),
        ] as [(String, String?, String?)])
    func locationsAreResolved(location: String, origin: String?, target: String?) throws {
        guard let origin else {
            #expect(throws: NetError.redirectRefused(location: location)) { try redirect(location) }
            return
        }
        let next = try #require(try redirect(location))
        #expect(next.url.origin == origin)
        #expect(next.request.target == target)
        #expect(next.request.headers["Authorization"] == "Bearer secret")
        #expect(next.request.headers["Cookie"] == "a=b")
    }

    @Test(
        "Another origin gets the request, but no credentials",
        arguments: [
            "https://other.example/x", "https://chat.example:444/x", "//api.chat.example/x",
        ])
    func otherOrigins(location: String) throws {
        let next = try #require(try redirect(location))
        #expect(next.request.headers["Authorization"] == nil)
        #expect(next.request.headers["Cookie"] == nil)
        #expect(next.request.headers["Accept"] == "application/json")
    }

    @Test(
        "From https there is no way to http, nor to anywhere that is no web server",
        arguments: [
            "http://chat.example/x", "ftp://chat.example/x", "file:///etc/passwd", "javascript:alert(1)",
            "https://user:password@chat.example/", "https://", "#top",
        ])
    func refusedLocations(location: String) {
        #expect(throws: NetError.redirectRefused(location: location)) { try redirect(location) }
    }

    @Test func fromHTTPToHTTPSIsAnotherOrigin() throws {
        let next = try #require(try redirect("https://chat.example/x", at: "http://chat.example"))
        #expect(next.url.scheme == .https)
        #expect(next.request.headers["Authorization"] == nil)
    }

    @Test("A request with a body goes on only where its method and place stay, or as GET by 303")
    func bodies() throws {
        for status in [307, 308] {
            let next = try #require(try redirect("/x", status: status, method: .post))
            #expect(next.request.method == .post)
            #expect(next.request.body == [1])
            #expect(throws: NetError.redirectRefused(location: "https://other.example/x")) {
                try redirect("https://other.example/x", status: status, method: .post)
            }
        }
        for status in [301, 302] {
            #expect(throws: NetError.redirectRefused(location: "/x")) {
                try redirect("/x", status: status, method: .post)
            }
        }
        let other = try #require(try redirect("/x", status: 303, method: .post))
        #expect(other.request.method == .get)
        #expect(other.request.body.isEmpty)
        // That origin's answer would be taken for the answer to a sign-in.
        #expect(throws: NetError.redirectRefused(location: "https://other.example/x")) {
            try redirect("https://other.example/x", status: 303, method: .post)
        }
    }

    @Test("Everything else is an answer", arguments: [200, 300, 304, 305, 400])
    func noRedirects(status: Int) throws {
        #expect(try redirect("/x", status: status) == nil)
        #expect(try redirect(nil, status: 302) == nil)
    }
}
