import ChatWire
import Testing

@Suite("Cookies") struct HTTPCookiesTests {
    private static let now = Timestamp(seconds: 1_795_000_000)

    private func field(_ fields: [String], path: String = "/socket.io/", isSecure: Bool = false) throws
        -> String?
    {
        var cookies = HTTPCookies()
        for field in fields {
            let headers = try HTTPHeaders([("Set-Cookie", field)])
            cookies.receive(headers, path: path, isSecure: isSecure, at: Self.now)
        }
        #expect(cookies.isEmpty == (cookies.field == nil))
        return cookies.field
    }

    @Test(arguments: [
        (["a=b"], "a=b"),
        (["io=x1; Path=/; HttpOnly; SameSite=Strict"], "io=x1"),
        (["a=1", "b=2; path=/socket.io", "a=3"], "b=2; a=3"),
        (["SERVERID = m-2 ; Max-Age=60"], "SERVERID=m-2"),
        (["AWSALB=ab/cd+ef==; Expires=Sun, 06 Nov 2094 08:49:37 GMT; Path=/"], "AWSALB=ab/cd+ef=="),
        (["a="], "a="), (["a=1; Domain=other.example"], "a=1"), (["a=1; Path=socket.io"], "a=1"),
    ])
    func whatIsSetIsSentBack(fields: [String], expected: String) throws {
        #expect(try field(fields) == expected)
    }

    @Test(arguments: [
        [], ["a"], ["=b"], ["a b=c"], ["a=b c"], ["a=\u{e9}"], ["a=1; Path=/api"], ["a=1; Path=/socket.i"],
        ["a=1; Secure"], ["a=1; max-age=0"], ["a=1; Max-Age=-7"],
        ["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ["a=1", "a=; Max-Age=0"],
        ["a=" + String(repeating: "x", count: 4096)],
    ])
    func whatIsOverOrNotForHereIsNotSent(fields: [String]) throws {
        #expect(try field(fields) == nil)
    }

    @Test func secureCookiesAreForTLS() throws {
        #expect(try field(["a=1; Secure"], isSecure: true) == "a=1")
    }

    @Test func severalInOneResponse() throws {
        var cookies = HTTPCookies()
        let headers = try HTTPHeaders([("Set-Cookie", "a=1"), ("X", "y"), ("set-cookie", "b=2")])
        cookies.receive(headers, path: "/", isSecure: false, at: Self.now)
        #expect(cookies.field == "a=1; b=2")
    }

    @Test func theOldestGoWhenThereAreTooMany() throws {
        let text = try field((0..<40).map { "c\($0)=\($0)" })
        let kept = (24..<40).map { "c\($0)=\($0)" }.joined(separator: "; ")
        #expect(text == kept)
        #expect(HTTPCookies.countMax == 16)
    }
}
