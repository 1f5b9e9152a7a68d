import ChatNet
import ChatWire
import Testing

@testable import ChatScript

@Suite("Values of expressions")
struct ScopeTests {
    private func value(_ words: String, _ variables: [String: JSONValue] = [:]) throws -> JSONValue {
        guard case .assign(_, let expression) = try action("let x = \(words)") else { throw Wrong() }
        var scope = Scope()
        for (name, value) in variables { scope[name] = value }
        return try scope.value(of: expression)
    }

    private struct Wrong: Error {}

    @Test(
        "What has no value says why, and where",
        arguments: [
            ("$a", "3:13", "there is no variable $a yet"),
            ("[1, $a.b]", "3:17", "there is no variable $a yet"),
            ("$o.x", "3:13", "$o.x is not there"), ("$o.list[9]", "3:13", "$o.list[9] is not there"),
            ("$o.list[$o.word]", "3:13", "$o.list[$o.word] is not there"),
            ("$o[$o.list]", "3:13", "$o[$o.list] is not there"),
            ("\"${o.n.x}\"", "3:15", "$o.n.x is not there"),
            ("repeat(1, 2)", "3:13", "repeat takes a text and a number, not too large"),
            ("repeat(\"a\", -1)", "3:13", "repeat takes a text and a number, not too large"),
            ("repeat(\"ab\", 5000001)", "3:13", "repeat takes a text and a number, not too large"),
            ("repeat(\"a\", 1.5)", "3:13", "repeat takes a text and a number, not too large"),
            ("length(1)", "3:13", "length takes a list, an object or a text"),
            ("length(null)", "3:13", "length takes a list, an object or a text"),
            ("jwt({}, 1)", "3:13", "jwt takes claims and a secret"),
            ("time(\"x\")", "3:13", "time takes a number of seconds"),
            ("add(1, \"x\")", "3:13", "add takes two whole numbers"),
            ("add(1.5, 1)", "3:13", "add takes two whole numbers"),
        ])
    func failures(words: String, place: String, message: String) throws {
        let failure = try #require(throws: Scope.Failure.self) {
            _ = try value(words, ["o": ["list": [1, 2], "word": "w", "n": 1]])
        }
        #expect(failure.position.description == place)
        #expect(failure.message == message)
    }

    @Test(
        "Functions",
        arguments: [
            ("repeat(\"\", 10000000)", JSONValue.string("")), ("repeat(\"é\", 0)", ""), ("length(\"é🙂\")", 2),
            ("length({a: 1, b: 2})", 2), ("length([])", 0), ("json(\"a\")", "\"a\""),
            ("json([1, null])", "[1,null]"),
            ("add(-1, 1)", 0), ("add(9223372036854775807, 1)", -9_223_372_036_854_775_808),
        ] as [(String, JSONValue)])
    func functions(words: String, expected: JSONValue) throws {
        #expect(try value(words) == expected)
    }

    @Test("A text takes values as they are written")
    func texts() throws {
        let variables: [String: JSONValue] = ["s": "a\"b", "n": 1, "l": [1, "x"], "t": true, "z": .null]
        #expect(try value("\"${s}|${n}|${l}|${t}|${z}\"", variables) == #"a"b|1|[1,"x"]|true|null"#)
    }

    /// The example of RFC 7515, appendix A.1, in our own order of members.
    @Test("A token is signed")
    func tokens() throws {
        let token = try #require(try value("jwt({sub: 1}, \"secret\")").stringValue)
        let parts = token.split(separator: ".").map(String.init)
        #expect(parts.count == 3)
        #expect(parts[0] == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9")
        #expect(parts[1] == "eyJzdWIiOjF9")
        #expect(try value("jwt({sub: 1}, \"secret\")").stringValue == token)
        #expect(try value("jwt({sub: 1}, \"Secret\")").stringValue != token)
        #expect(try mismatch("\"\(token)\"", "jwt") == nil)
    }

    @Test("Random words are words, and differ")
    func random() {
        let words = (0..<50).map { _ in Scope.randomWord() }
        #expect(Set(words).count == 50)
        #expect(
            words.allSatisfy {
                $0.count == 8 && $0.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
            })
    }

    @Test("A check may examine what is missing, but not the member of what is missing")
    func present() throws {
        var scope = Scope()
        scope["a"] = ["b": 1]
        func reference(_ words: String) throws -> Expression {
            guard case .assign(_, let expression) = try action("let x = \(words)") else { throw Wrong() }
            return expression
        }
        #expect(try scope.present(try reference("$a.b")) == 1)
        #expect(try scope.present(try reference("$a.c")) == nil)
        #expect(try scope.present(try reference("7")) == 7)
        #expect(throws: Scope.Failure.self) { try scope.present(try reference("$a.c.d")) }
        #expect(throws: Scope.Failure.self) { try scope.present(try reference("$z")) }
    }
}

@Suite("Patterns in detail")
struct PatternTests {
    @Test(
        "How patterns are told",
        arguments: [
            ("1", "{a: integer, b: [1, ...]}", "expected an object, came 1"),
            ("2", "not {a: integer as n}", nil), ("1", "not integer", "expected not integer, came 1"),
            ("1", "one of (2, 3, 4, 5, 6)", "expected one of (2, 3, 4, 5, …), came 1"),
            ("1", "not one of (1, 2)", "expected not one of (1, 2), came 1"),
            ("1", "not at least 1", "expected not at least 1, came 1"),
            ("1", "not at most 1", "expected not at most 1, came 1"),
            ("[1]", "not length 1", "expected not length 1, came [1]"),
            ("[1]", "not each 1", "expected not each 1, came [1]"),
            ("[1]", "not contains 1", "expected not contains 1, came [1]"),
            ("[1]", "not unordered [1]", "expected not unordered [1], came [1]"),
            ("[1]", "not [1, ...]", "expected not [1, ...], came [1]"),
            (#"{"a":1}"#, "not exactly {a: 1}", #"expected not exactly {a: 1}, came {"a":1}"#),
            (#""a""#, "not /a/", #"expected not /a/, came "a""#),
            (#""a""#, "contains \"b\"", #"expected a text with "b", came "a""#),
            ("1", "contains 1", "expected a list, came 1"), ("1", "each 1", "expected a list, came 1"),
            ("1", "unordered []", "expected a list, came 1"),
            ("[1]", "unordered []", "expected a list of 0, came [1]"),
            ("1", "length 1", "expected something with a length, came 1"),
            ("1", "at least \"a\"", "expected at least a number, came 1"),
            ("null", "at most 1", "expected at most 1, came null"),
            ("1", "/a/", "expected /a/, came 1"),
        ] as [(String, String, String?)])
    func told(value: String, pattern: String, text: String?) throws {
        #expect(try mismatch(value, pattern) == text)
    }

    @Test("A long value is told short")
    func long() throws {
        let text = String(repeating: "a", count: 400)
        let told = try #require(try mismatch("\"\(text)\"", "1"))
        #expect(told == "expected 1, came \"" + String(repeating: "a", count: 299) + "… (402 characters)")
    }

    @Test(
        "Numbers are equal by value, everything else by kind",
        arguments: [
            ("1", "1.0", true), ("1.5", "1", false), ("\"1\"", "1", false), ("true", "1", false),
            ("null", "false", false), ("[1,2.0]", "[1.0,2]", true), ("[1]", "[1,1]", false),
            (#"{"a":1,"b":2}"#, #"{"b":2.0,"a":1}"#, true), (#"{"a":1}"#, #"{"a":1,"b":null}"#, false),
            ("9007199254740993", "9007199254740992", false),
        ])
    func equality(one: String, other: String, isEqual: Bool) throws {
        let (one, other) = (try JSONValue(parsing: one), try JSONValue(parsing: other))
        #expect(Matcher.areEqual(one, other) == isEqual)
        #expect(Matcher.areEqual(other, one) == isEqual)
    }

    @Test(
        "Kinds",
        arguments: [
            ("\"2026-11-22\"", "date", false), ("\"2026-11-22T07:49:12Z\"", "iso-date", true),
            ("\"Sun, 22 Nov 2026 07:49:12 GMT\"", "iso-date", false),
            ("\"a.b.c\"", "jwt", true), ("\"a..c\"", "jwt", false), ("\"a.b.c.d\"", "jwt", false),
            ("\"a.b.é\"", "jwt", false), ("\"a.b.c=\"", "jwt", false), ("\"-_.0.Z\"", "jwt", true),
            ("1.0", "integer", false), ("1", "number", true), ("null", "any", true),
            ("null", "string", false),
        ])
    func kinds(value: String, kind: String, isOfKind: Bool) throws {
        #expect((try mismatch(value, kind) == nil) == isOfKind)
    }

    @Test("A captured value can be compared with in the same pattern")
    func captures() throws {
        #expect(try mismatch("[1,1]", "[integer as n, $n]") == nil)
        #expect(try mismatch("[1,2]", "[integer as n, $n]") == "at [1]: expected 1, came 2")
    }

    @Test("What a failed attempt has captured is forgotten")
    func attempts() throws {
        // The first element fits the first member only, so $n comes from the second element.
        #expect(
            try mismatch(
                #"[{"a":1,"b":1},{"a":2,"b":2}]"#, "contains {a: integer as n, b: 2}") == nil)
        #expect(try mismatch("1", "one of ([integer as n], $n)") != nil)
    }

    @Test("Regular expressions are POSIX's, on any text")
    func expressions() throws {
        let expression = try RegularExpression("^é+.?$")
        #expect(expression.matches("éé🙂"))
        #expect(!expression.matches("e"))
        #expect(!expression.matches(""))
        #expect(try RegularExpression("").matches("anything"))
        #expect(throws: RegularExpression.Invalid.self) { try RegularExpression("[") }
        #expect(throws: RegularExpression.Invalid.self) { try RegularExpression("a{2,1}") }
    }
}

@Suite("Traces, accounts and settings")
struct SettingsTests {
    @Test("A trace keeps the last twelve entries, cut and without secrets")
    func traces() {
        var redactor = Redactor()
        redactor.hide("geheim-1")
        var trace = Trace(scenario: "s", record: nil)
        for number in 1...14 { trace.add("Ana", .out, "frame", "\(number) geheim-1", redactor) }
        #expect(trace.lines(redactor).count == 12)
        #expect(trace.lines(redactor).first == "Ana → frame 3 [redacted]")
        trace.add("Bia", .into, "text", String(repeating: "x", count: 1000), redactor)
        let last = trace.lines(redactor).last
        #expect(last?.count == 401)
        #expect(last?.hasPrefix("Bia ← text xxx") == true)
        #expect(last?.hasSuffix("x…") == true)
    }

    @Test(
        "Accounts",
        arguments: [
            ("[]", []),
            (
                #"[{"email":"a@b","password":"p"},{"token":"t"}]"#,
                [
                    ExistingAccount(email: "a@b", password: "p", token: nil),
                    ExistingAccount(email: nil, password: nil, token: "t"),
                ]
            ),
        ] as [(String, [ExistingAccount])])
    func accounts(json: String, expected: [ExistingAccount]) throws {
        #expect(try ExistingAccount.list(Array(json.utf8)) == expected)
    }

    @Test(
        "No accounts",
        arguments: [
            ("", "it is no JSON list of accounts"), ("{}", "it is no JSON list of accounts"),
            (#"[{"token":"t"},{"email":"a"}]"#, "account 2 has neither token nor email and password"),
            (#"[{"password":"a"}]"#, "account 1 has neither token nor email and password"),
            ("[1]", "account 1 has neither token nor email and password"),
        ])
    func noAccounts(json: String, reason: String) {
        #expect(throws: ExistingAccount.InvalidAccounts(reason: reason)) {
            _ = try ExistingAccount.list(Array(json.utf8))
        }
    }

    @Test(
        "Elsewhere than on this machine, leave is needed",
        arguments: [
            ("http://127.0.0.1:1", false, true), ("http://localhost:1", false, true),
            ("https://chat.exemplo.com", false, false), ("https://chat.exemplo.com", true, true),
        ])
    func leave(server: String, allows: Bool, may: Bool) throws {
        var settings = RunSettings(
            server: try ServerURL(server), net: NetConfiguration(), directory: "", logger: .quiet)
        #expect(settings.mayRegister == (may && !allows))
        settings.allowsRegistering = allows
        settings.allowsDeleting = allows
        #expect(settings.mayRegister == may)
        #expect(settings.mayDelete == may)
    }

    @Test(
        "Durations in reports",
        arguments: [
            (Duration.seconds(2), "2 s"), (.milliseconds(300), "300 ms"), (.milliseconds(1500), "1500 ms"),
            (.zero, "0 s"),
        ])
    func durations(duration: Duration, expected: String) {
        #expect(duration.readable == expected)
    }

    @Test(
        "Bytes as digits",
        arguments: [("", []), ("00ff", [0, 255]), ("0A 0b", [10, 11])] as [(String, [UInt8])])
    func hexadecimal(text: String, bytes: [UInt8]) {
        #expect(Hexadecimal.decode(text) == bytes)
        #expect(Hexadecimal.encode(bytes) == text.lowercased().filter { $0 != " " })
    }

    @Test("No digits", arguments: ["0", "0g", "é0", "0x00"])
    func notHexadecimal(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
