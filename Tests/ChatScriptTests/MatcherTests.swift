import ChatWire
import Testing

@testable import ChatScript

@Suite("Patterns")
struct MatcherTests {
    @Test(
        "What fits",
        arguments: [
            ("1", "1"), ("1.0", "1"), (#""a""#, #""a""#), (#"{"a":1,"b":2}"#, "{a: 1}"),
            (#"{"a":1}"#, "exactly {a: integer}"), (#"{"a":1}"#, "{b: absent}"), ("[1,2]", "[1, 2]"),
            ("[1,2,3]", "[1, ...]"), ("[]", "[...]"), ("[2,1]", "unordered [1, 2]"), ("[1,2]", "contains 2"),
            (#""abc""#, #"contains "b""#), ("[1,2]", "each integer"), ("[]", "each string"),
            (#""x""#, "not 1"),
            ("2", "one of (1, 2)"), ("2", "at least 2"), ("2", "at most 2"), (#""🙂a""#, "length 2"),
            ("[1]", "length at least 1"), ("null", "any"), (#""2026-11-22T07:49:12.064975""#, "iso-date"),
            (#""Sun, 22 Nov 2026 07:49:12 GMT""#, "http-date"), (#""2026-11-22T07:49:12""#, "date"),
            (#""eyJ.eyJ.abc""#, "jwt"), (#""a/b é""#, #"/^a\/. .$/"#), ("true", "boolean"), ("1.5", "number"),
            ("{}", "object"), ("[]", "array"), (#"{"a":[{"b":1}]}"#, "{a: [{b: 1 as x}] as y}"),
        ])
    func fits(value: String, pattern: String) throws {
        #expect(try mismatch(value, pattern) == nil)
    }

    @Test(
        "What does not fit, and where",
        arguments: [
            ("1", "2", "expected 2, came 1"), ("1", #""1""#, #"expected "1", came 1"#),
            (#"{"a":{"b":[1,2]}}"#, "{a: {b: [1, 3]}}", "at .a.b[1]: expected 3, came 2"),
            (#"{"a":1,"b":2}"#, "exactly {a: 1}", "at .b: expected nothing, came 2"),
            ("{}", "{a: 1}", "at .a: expected 1, came nothing"),
            (#"{"a":1}"#, "{a: absent}", "at .a: expected nothing, came 1"),
            ("[1,2]", "[1]", "at [1]: expected nothing, came 2"),
            ("[1]", "[1, 2]", "at [1]: expected 2, came nothing"),
            ("[1]", "[1, 2, ...]", "at [1]: expected 2, came nothing"),
            ("[1,1]", "unordered [1, 2]", "expected an element 2, came [1,1]"),
            ("[1]", "contains 2", "expected a list with 2, came [1]"),
            ("[1,2]", "each 1", "at [1]: expected 1, came 2"),
            ("1", "not 1", "expected not 1, came 1"),
            ("3", "one of (1, 2)", "expected one of (1, 2), came 3"),
            ("1", "at least 2", "expected at least 2, came 1"),
            (#""5""#, "at most 9", #"expected at most 9, came "5""#),
            (#""abc""#, "length 2", "at .length: expected 2, came 3"),
            (#""x""#, "date", #"expected date, came "x""#),
            (#""2026-11-22T07:49:12""#, "http-date", #"expected http-date, came "2026-11-22T07:49:12""#),
            (#""abc""#, "/^b/", #"expected /^b/, came "abc""#), ("1", "string", "expected string, came 1"),
            ("1", "{a: 1}", "expected an object, came 1"), ("true", "integer", "expected integer, came true"),
            ("1.5", "integer", "expected integer, came 1.5"),
            (#""a.b""#, "jwt", #"expected jwt, came "a.b""#),
        ])
    func misfits(value: String, pattern: String, text: String) throws {
        #expect(try mismatch(value, pattern) == text)
    }

    @Test("Nothing is absent, and not any")
    func nothing() throws {
        #expect(try mismatch(nil, "absent") == nil)
        #expect(try mismatch(nil, "any") == "expected any, came nothing")
        #expect(try mismatch(nil, "one of (1, absent)") == nil)
        #expect(
            try mismatch("1", "$nobody") == "expected a value, but there is no variable $nobody yet, came 1")
    }

    @Test("A failed alternative keeps nothing")
    func captures() throws {
        guard
            case .check(_, let pattern) = try action("check 1 is one of ({a: any as x, b: 1}, {a: any as y})")
        else { return }
        var matcher = Matcher(Scope())
        #expect(matcher.mismatch(["a": 5, "b": 2], pattern) == nil)
        #expect(matcher.scope["x"] == nil)
        #expect(matcher.scope["y"] == 5)
    }
}
