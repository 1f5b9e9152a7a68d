import ChatWire
import Testing

@Suite struct HTTPHeadersTests {
    @Test func orderSpellingAndCase() throws {
        var headers = HTTPHeaders()
        try headers.add("Accept", "a")
        try headers.add("X-One", " 1\t")
        try headers.add("ACCEPT", "b")
        #expect(headers["accept"] == "a")
        #expect(headers["x-one"] == "1", "white space around a value is no part of it")
        #expect(headers["absent"] == nil)
        #expect(headers.values("aCCept") == ["a", "b"])
        #expect(headers.fields.map(\.name) == ["Accept", "X-One", "ACCEPT"])
        #expect(headers.count == 3 && !headers.isEmpty)
    }

    @Test func replaceKeepsThePlaceOfTheFirst() throws {
        var headers = try HTTPHeaders([
            ("A", "1"), ("a", "0"), ("B", "2"), ("a", "3"), ("C", "4"), ("A", "5"),
        ])
        try headers.replace("a", "6")
        try headers.replace("D", "7")
        #expect(headers == (try HTTPHeaders([("A", "6"), ("B", "2"), ("C", "4"), ("D", "7")])))
        headers.remove("b")
        headers.remove("absent")
        #expect(headers.fields.map(\.value) == ["6", "4", "7"])
    }

    @Test func equalityTakesNamesWithoutCase() throws {
        let one = try HTTPHeaders([("Content-Type", "x")])
        let other = try HTTPHeaders([("content-type", "x")])
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != (try HTTPHeaders([("Content-Type", "X")])))
        #expect(one != (try HTTPHeaders([("Content_Type", "x")])))
    }

    @Test func lists() throws {
        let headers = try HTTPHeaders([("Connection", " close , ,Upgrade"), ("connection", "x")])
        #expect(headers.listMembers("Connection") == ["close", "Upgrade", "x"])
        #expect(headers.hasListMember("Connection", "upgrade"))
        #expect(!headers.hasListMember("Connection", "up"))
        #expect(!headers.hasListMember("Upgrade", "upgrade"))
    }

    @Test(arguments: ["", " ", "a b", "a:", "a\r\nb", "é", "a\0", "(a)", "a\t"])
    func namesThatAreNoTokensAreRefused(name: String) {
        var headers = HTTPHeaders()
        #expect(throws: HTTPHeaderError.invalidName) { try headers.add(name, "x") }
        #expect(throws: HTTPHeaderError.invalidName) { try headers.replace(name, "x") }
        #expect(headers.isEmpty)
    }

    @Test(arguments: ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "\n", "a\u{7F}", "\u{1B}[0m", "a\r\n"])
    func valuesThatWouldMakeLinesAreRefused(value: String) {
        var headers = HTTPHeaders()
        #expect(throws: HTTPHeaderError.invalidValue(name: "A")) { try headers.add("A", value) }
        #expect(throws: HTTPHeaderError.invalidValue(name: "A")) { try headers.replace("A", value) }
        #expect(headers.isEmpty)
    }

    @Test(arguments: ["", "a b", "a\tb", "çã 😀", "\"q\\\"", ",;:="])
    func otherValuesPass(value: String) throws {
        var headers = HTTPHeaders()
        try headers.add("A", value)
        #expect(headers["a"] == value)
    }
}
