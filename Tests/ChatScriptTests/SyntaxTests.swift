import ChatWire
import Testing

@testable import ChatScript

private typealias Expectation = ChatScript.Expectation
private typealias Item = Expectation.Item
private typealias Expected = (words: String, kind: Expectation.Kind, duration: Duration?)

/// What each step means, as an exact value.
@Suite("Steps as values")
struct SyntaxTests {
    private static let one = Expression.literal(1)
    private static func text(_ text: String) -> Expression { .literal(.string(text)) }
    private static func item(_ name: String, _ pattern: Pattern? = nil, _ line: Int, _ column: Int)
        -> Item
    {
        .init(name: name, pattern: pattern, position: SourcePosition(line: line, column: column))
    }

    @Test(
        "Sockets",
        arguments: [
            ("Ana connects", Action.connect(SocketOpening())),
            ("Ana connects by websocket", .connect(.init(transport: .webSocket))),
            ("Ana connects by polling", .connect(.init(transport: .polling))),
            ("Ana connects by polling then websocket", .connect(.init(transport: .upgraded))),
            ("Ana connects without auth", .connect(.init(auth: .none))),
            ("Ana connects with 1", .connect(.init(auth: .value(one)))),
            ("Ana connects -> silence", .connect(.init(result: .silence))),
            ("Ana connects -> refused", .connect(.init(result: .refused(nil)))),
            (
                "Ana connects by polling without auth -> refused string",
                .connect(.init(transport: .polling, auth: .none, result: .refused(.kind(.string))))
            ),
            ("Ana disconnects", .disconnect),
            ("Ana joins Bia", .join(true, person: "Bia")), ("Ana leaves Bia", .join(false, person: "Bia")),
            ("Ana emits x", .emit(.init(event: "x", arguments: []))),
            (
                "Ana emits \"an event\" 1, \"b\"",
                .emit(.init(event: "an event", arguments: [one, text("b")]))
            ),
            (
                "Ana emits x 1 -> ack",
                .emit(.init(event: "x", arguments: [one], acknowledgement: .expected(nil)))
            ),
            (
                "Ana emits x -> ack [1]",
                .emit(
                    .init(
                        event: "x", arguments: [],
                        acknowledgement: .expected(.list([.equal(one)], isOpen: false))))
            ),
            (
                "Ana emits x -> no ack", .emit(.init(event: "x", arguments: [], acknowledgement: .none))
            ),
            ("Ana sends Bia \"olá\"", .send(.init(receiver: "Bia", text: text("olá")))),
            (
                "Ana sends Bia \"olá\" as m by rest with temp_id \"t\"",
                .send(
                    .init(
                        receiver: "Bia", text: text("olá"), tempID: text("t"), isByREST: true, name: "m"))
            ),
            ("Ana opens websocket", .openRaw(path: nil, refusal: nil)),
            ("Ana opens websocket /a?b=1", .openRaw(path: text("/a?b=1"), refusal: nil)),
            ("Ana opens websocket -> 1", .openRaw(path: nil, refusal: .equal(one))),
            ("Ana sends frame \"2\"", .sendFrame(text("2"))),
            ("Ana sends binary \"00\"", .sendBinary(text("00"))),
            ("Ana pings", .ping(nil)), ("Ana pings 1", .ping(one)), ("Ana closes", .closeRaw(nil)),
            ("Ana closes 1", .closeRaw(one)), ("Ana loses connection", .link(.breaks)),
            ("Ana goes offline", .link(.goesOffline)), ("Ana and Bia go offline", .link(.goesOffline)),
            ("Ana stalls", .link(.stalls)), ("Ana comes back", .link(.comesBack)),
        ] as [(String, Action)])
    func sockets(step: String, expected: Action) throws {
        #expect(try action(step) == expected)
    }

    @Test(
        "Clients, pushes, and steps of nobody",
        arguments: [
            ("Ana starts client", Action.startClient(isOffline: false)),
            ("Ana starts client offline", .startClient(isOffline: true)), ("Ana stops client", .stopClient),
            ("Ana restarts client", .restartClient), ("Ana writes Bia 1", .write(to: "Bia", one)),
            ("Ana opens Bia", .open("Bia")), ("Ana reads Bia", .read("Bia")),
            ("Ana shows link 1", .show(.link, .equal(one), within: nil)),
            ("Ana shows list []", .show(.list, .list([], isOpen: false), within: nil)),
            (
                "Ana shows outbox {} within 2s",
                .show(.outbox, .object([], isExact: false), within: .seconds(2))
            ),
            (
                "Ana shows chat Bia [...]\n within 300ms",
                .show(.chat(with: "Bia"), .list([], isOpen: true), within: .milliseconds(300))
            ),
            ("Ana listens for pushes", .listenForPushes), ("Ana answers pushes with 1", .answerPushes(one)),
            ("check 1 is any", .check(one, .kind(.any))), ("let x = 1", .assign("x", one)),
            ("wait 1.5s because \"so\"", .wait(.milliseconds(1500), reason: "so")),
            ("people Caio", .people(["Caio"], areNew: false)),
            ("new people Caio, Davi and Eva", .people(["Caio", "Davi", "Eva"], areNew: true)),
        ] as [(String, Action)])
    func others(step: String, expected: Action) throws {
        // A time on a line of its own does not belong to the step.
        guard !step.contains("\n") else {
            #expect(throws: ScriptProblem.self) { _ = try action(step) }
            return
        }
        #expect(try action(step) == expected)
    }

    private static let allExpected: [Expected] = [
        ("x", .inOrder([item("x", nil, 3, 17)]), nil),
        ("x 1", .inOrder([item("x", Pattern.equal(one), 3, 17)]), nil),
        ("x within 2s", .inOrder([item("x", nil, 3, 17)]), .seconds(2)),
        ("\"a b\" any", .inOrder([item("a b", Pattern.kind(.any), 3, 17)]), nil),
        ("nothing", .nothing, nil),
        ("no x", .absence(of: item("x", nil, 3, 20), before: nil), nil),
        ("no pushes", .absence(of: item("push", nil, 3, 20), before: nil), nil),
        (
            "no x 1 before y",
            .absence(of: item("x", Pattern.equal(one), 3, 20), before: item("y", nil, 3, 31)), nil
        ),
        (
            "in order\n- x\n- y 1",
            .inOrder([item("x", nil, 4, 3), item("y", Pattern.equal(one), 5, 3)]), nil
        ),
        ("in any order\n- x", .anyOrder([item("x", nil, 4, 3)]), nil),
        ("exactly\n  - x\n\n  - y", .exactly([item("x", nil, 4, 5), item("y", nil, 6, 5)]), nil),
    ]

    @Test("Expectations", arguments: allExpected.indices)
    func expectations(number: Int) throws {
        let expected = Self.allExpected[number]
        let wanted = Expectation(kind: expected.kind, duration: expected.duration)
        #expect(try action("Ana expects \(expected.words)") == .expect(wanted))
    }

    @Test(
        "What is about pushes, and what about sockets",
        arguments: [
            ("push", true), ("rejected", true), ("answered 1", true), ("no push", true), ("no x", false),
            ("x", false), ("nothing", false), ("in order\n- x\n- push", true), ("exactly\n- x", false),
            ("in any order\n- answered", true),
        ])
    func pushes(words: String, isAboutPushes: Bool) throws {
        guard case .expect(let expectation) = try action("Ana expects \(words)") else {
            Issue.record("no expectation")
            return
        }
        #expect(expectation.isAboutPushes == isAboutPushes)
    }

    @Test(
        "Calls",
        arguments: [
            ("Ana GET /x", RESTCall(method: .get, path: text("/x"))),
            ("nobody GET /x", .init(method: .get, path: text("/x"), authorization: .none)),
            ("Ana POST /x 1", .init(method: .post, path: text("/x"), body: .json(one))),
            (
                "Ana PUT \"/a b\" with text \"t\" with type \"u/v\"",
                .init(
                    method: .put, path: text("/a b"), body: .text(text("t")), contentType: text("u/v"))
            ),
            (
                "Ana DELETE /x without token -> 204",
                .init(
                    method: .delete, path: text("/x"), authorization: .none,
                    status: .equal(.literal(204)))
            ),
            (
                "Ana GET /x with token \"t\" with header \"A\" 1 -> 200 {}",
                .init(
                    method: .get, path: text("/x"), headers: [(text("A"), one)],
                    authorization: .token(text("t")), status: .equal(.literal(200)),
                    answer: .object([], isExact: false))
            ),
        ] as [(String, RESTCall)])
    func calls(step: String, expected: RESTCall) throws {
        #expect(try action(step) == .call(expected))
    }

    @Test("A hundred statuses at once")
    func statuses() throws {
        guard case .call(let call) = try action("nobody GET / -> 4xx"),
            case .oneOf(let statuses)? = call.status
        else {
            Issue.record("no statuses")
            return
        }
        #expect(statuses.count == 100)
        #expect(statuses.first == .equal(.literal(400)))
        #expect(statuses.last == .equal(.literal(499)))
    }

    @Test("Calls that differ in one part are different")
    func differences() {
        let call = RESTCall(method: .get, path: Self.text("/x"))
        let others: [(inout RESTCall) -> Void] = [
            { $0.method = .post }, { $0.path = Self.text("/y") }, { $0.body = .json(Self.one) },
            { $0.headers = [(Self.one, Self.one)] }, { $0.contentType = Self.one },
            { $0.authorization = .none }, { $0.status = .kind(.any) }, { $0.answer = .kind(.any) },
        ]
        for (number, change) in others.enumerated() {
            var other = call
            change(&other)
            #expect(other != call, "change \(number)")
        }
        #expect(call == RESTCall(method: .get, path: Self.text("/x")))
        #expect(call.hashValue == RESTCall(method: .get, path: Self.text("/x")).hashValue)
    }

    @Test(
        "Patterns",
        arguments: [
            ("string", Pattern.kind(.string)), ("iso-date", .kind(.isoDate)), ("http-date", .kind(.httpDate)),
            ("jwt", .kind(.jwt)), ("absent", .kind(.absent)), ("1", .equal(one)),
            ("\"a\"", .equal(text("a"))),
            ("true", .equal(.literal(true))), ("null", .equal(.literal(.null))),
            ("not 1", .not(.equal(one))), ("each string", .each(.kind(.string))),
            ("contains 1", .contains(.equal(one))), ("length 1", .length(.equal(one))),
            ("at least 1", .atLeast(one)), ("at most 1", .atMost(one)),
            ("one of (1, string)", .oneOf([.equal(one), .kind(.string)])),
            ("unordered [1]", .unordered([.equal(one)])), ("[1, ...]", .list([.equal(one)], isOpen: true)),
            ("[]", .list([], isOpen: false)),
            ("{a: 1}", .object([.init(key: "a", pattern: .equal(one))], isExact: false)),
            ("exactly {}", .object([], isExact: true)),
            ("integer as n", .captured(.kind(.integer), as: "n")),
            ("not not 1", .not(.not(.equal(one)))),
        ] as [(String, Pattern)])
    func patterns(words: String, expected: Pattern) throws {
        #expect(try action("check 1 is \(words)") == .check(Self.one, expected))
    }

    @Test("A regular expression ends at its slash, and may contain one")
    func expressions() throws {
        #expect(
            try action(#"check 1 is /^a\/b \d$/"#)
                == .check(Self.one, .expression(try RegularExpression(#"^a/b \d$"#))))
    }

    @Test(
        "References",
        arguments: [
            ("$a", "$a"), ("$a.b", "$a.b"), ("$a[0]", "$a[0]"), ("$a[\"b c\"]", "$a.b c"),
            ("$a[$b.c].d_e", "$a[$b.c].d_e"), ("$a[$b[$c]]", "$a[$b[$c]]"),
        ])
    func references(words: String, expected: String) throws {
        guard case .assign(_, .reference(let reference)) = try action("let x = \(words)") else {
            Issue.record("no reference")
            return
        }
        #expect(reference.text == expected)
        #expect(reference.position == SourcePosition(line: 3, column: 13))
    }

    @Test("A step remembers its place, its people and its words")
    func places() throws {
        let parsed = try scenarios(
            "scenario \"x\"\n  people Ana\n  Ana/phone GET /x\n      -> 200\n  finally\n  Ana disconnects # bye"
        )
        let scenario = parsed[0]
        #expect(scenario.steps.map(\.position.description) == ["2:3", "3:3"])
        #expect(scenario.steps[1].text == "Ana/phone GET /x\n      -> 200")
        #expect(scenario.steps[1].subjects == [Subject(person: "Ana", device: "phone")])
        #expect(scenario.finally.map(\.text) == ["Ana disconnects # bye"])
        #expect(scenario.place == "test.scenario:1")
    }
}

@Suite("Every mistake in its words")
struct MistakeTests {
    /// The mistake in the last step of a scenario with Ana and Bia, which begins at line 3, column 5.
    @Test(
        arguments: [
            ("Ana", "3:8", "what is done is missing", nil),
            ("Ana/ connects", "3:9", "after / comes the name of a device", nil),
            ("Ana and", "3:12", "somebody's name is missing", nil),
            ("Ana joins Caio", "3:15", "'Caio' has not been brought on: people Caio", nil),
            ("Ana joins Bai", "3:15", "'Bai' has not been brought on: people Bai", "Bia"),
            ("new friends", "3:9", "after new comes people", nil),
            ("people", "3:11", "after people a name is missing", nil),
            ("people GET", "3:12", "names begin with a capital letter", nil),
            ("people Ana", "3:12", "Ana is on already", nil),
            ("! x", "3:5", "'!' begins no step", nil),
            ("wiat 1s because \"x\"", "3:5", "'wiat' begins no step", "wait"),
            (
                "Ana connects by pigeon", "3:21",
                "after by comes websocket, polling or polling then websocket", nil
            ),
            ("Ana connects by polling then x", "3:34", "'websocket' is missing here", nil),
            ("Ana connects without x", "3:26", "'auth' is missing here", nil),
            ("Ana connects -> x", "3:21", "after -> comes refused or silence", nil),
            ("Ana emits", "3:14", "after this step a name is missing", nil),
            ("Ana emits x -> x", "3:20", "after -> comes ack or no ack", nil),
            ("Ana emits x -> no x", "3:23", "'ack' is missing here", nil),
            ("Ana sends Bia \"x\" with name", "3:28", "'temp_id' is missing here", nil),
            ("Ana sends Bia \"x\" by x", "3:26", "'rest' is missing here", nil),
            ("Ana sends Bia \"x\" as", "3:25", "after as a name is missing", nil),
            ("Ana sends Bia", "3:18", "a value is missing", nil),
            ("Ana expects", "3:16", "after this step a name is missing", nil),
            ("Ana expects in x", "3:20", "'any' is missing here", nil),
            ("Ana expects in any", "3:23", "'order' is missing here", nil),
            ("Ana expects x within 2h", "3:26", "a time is written 300ms, 2s or 1.5s", nil),
            ("Ana loses x", "3:15", "'connection' is missing here", nil),
            ("Ana goes x", "3:14", "'offline' is missing here", nil),
            ("Ana comes x", "3:15", "'back' is missing here", nil),
            ("Ana starts x", "3:16", "'client' is missing here", nil),
            ("Ana stops x", "3:15", "'client' is missing here", nil),
            ("Ana restarts x", "3:18", "'client' is missing here", nil),
            ("Ana listens to pushes", "3:17", "'for' is missing here", nil),
            ("Ana listens for x", "3:21", "'pushes' is missing here", nil),
            ("Ana answers x", "3:17", "'pushes' is missing here", nil),
            ("Ana answers pushes x", "3:24", "'with' is missing here", nil),
            ("Ana shows chta Bia 1", "3:15", "a client shows link, chat, list or outbox", "chat"),
            ("nobody GTE /", "3:12", "'GTE' is no method", "GET"),
            ("nobody GET", "3:15", "a path is missing; it begins with /", nil),
            ("nobody GET / with x 1", "3:23", "after with comes header, token, text or type", nil),
            ("nobody GET / without x", "3:26", "'token' is missing here", nil),
            ("nobody GET /${x", "3:17", "'}' is missing after '${…'", nil),
            ("check 1 of 1", "3:13", "'is' is missing here", nil),
            ("check 1 is", "3:15", "a pattern is missing here", nil),
            ("check 1 is exactly 1", "3:24", "after exactly comes '{'", nil),
            ("check 1 is unordered 1", "3:26", "after unordered comes '['", nil),
            ("check 1 is one 1", "3:20", "'of' is missing here", nil),
            ("check 1 is one of 1", "3:23", "after one of comes '('", nil),
            ("check 1 is at last 1", "3:16", "after at comes least or most", nil),
            ("check 1 is /a", "3:16", "the expression has no closing '/'", nil),
            ("check 1 is 1 as", "3:20", "after as a name is missing", nil),
            ("let = 1", "3:9", "after let a name is missing", nil),
            ("let x 1", "3:11", "'=' is missing", nil), ("let x =", "3:12", "a value is missing", nil),
            ("let x = *", "3:13", "a value is missing here", nil),
            ("let x = random", "3:19", "after random comes a bracket: random(…)", nil),
            ("let x = random(1)", "3:13", "random takes 0 values, not 1", nil),
            ("let x = add(1)", "3:13", "add takes 2 values, not 1", nil),
            (
                "let x = rpeat(1)", "3:13",
                "'rpeat' is no value; texts stand in quotes, variables begin with $", "repeat"
            ),
            ("let x = 1.2.3", "3:13", "'1.2.3' is no number", nil),
            ("let x = 01", "3:13", "'01' is no number", nil),
            ("let x = $", "3:14", "after $ comes the name of a variable", nil),
            (
                "let x = $a[b]", "3:17", "in the brackets stands a number, a variable, or a name in quotes",
                nil
            ),
            ("let x = $a[0", "3:17", "']' is missing", nil),
            ("let x = \"\\u12\"", "3:14", "the escape is not complete", nil),
            ("let x = \"\\uZZZZ\"", "3:14", #"'\uZZZZ' is no escape"#, nil),
            ("let x = {1", "4:1", "':' is missing after '1'", nil),
            ("let x = {:", "3:14", "the name of a member is missing", nil),
            ("let x = {\"${a}\": 1}", "3:14", "no values can stand in this text", nil),
            ("let x = {a: 1 b: 2}", "3:19", "',' or '}' is missing", nil),
            ("wait x", "3:10", "a time is written 300ms, 2s or 1.5s", nil),
            ("wait -1s because \"x\"", "3:10", "a time is written 300ms, 2s or 1.5s", nil),
            ("wait 90000001s because \"x\"", "3:10", "a time is written 300ms, 2s or 1.5s", nil),
            ("wait 1s because of", "3:21", "the reason stands in quotes", nil),
            ("wait 1s because \"${x}\"", "3:21", "no values can stand in this text", nil),
            ("check 1 is 1 2", "3:18", "'2' is too much on this line", nil),
            ("needs x", "3:5", "needs stands before the first step", nil),
            ("timeout 1s", "3:5", "timeout stands before the first step", nil),
        ] as [(String, String, String, String?)])
    func inASteps(step: String, place: String, message: String, suggestion: String?) throws {
        let problem = try #require(throws: ScriptProblem.self) { _ = try action(step) }
        #expect(problem.position.description == place)
        #expect(problem.message == message)
        #expect(problem.suggestion == suggestion)
    }

    @Test(
        arguments: [
            ("feature x", "1:9", "the feature's name stands in quotes"),
            ("tags", "1:5", "after tags come words"), ("tags a !", "1:8", "after tags a name is missing"),
            ("needs", "1:6", "after needs a name is missing"),
            ("needs no", "1:9", "after no a name is missing"),
            ("needs a,", "1:9", "after needs a name is missing"),
            ("needs $", "1:8", "after $ comes the name of a variable"),
            ("timeout soon", "1:9", "a time is written 300ms, 2s or 1.5s"),
            ("Ana connects", "1:1", "'Ana' cannot stand before the first scenario"),
            ("{}", "1:1", "'{}' cannot stand before the first scenario"),
            ("scenario \"a\" b", "1:14", "'b' is too much on this line"),
            ("scenario \"a", "1:10", "the text has no closing quote"),
        ])
    func aboveTheSteps(text: String, place: String, message: String) throws {
        let problem = try #require(throws: ScriptProblem.self) { _ = try scenarios(text) }
        #expect(problem.position.description == place)
        #expect(problem.message == message)
        #expect(problem.path == "test.scenario")
    }
}

@Suite("The scanner")
struct ScannerTests {
    @Test(
        "Times",
        arguments: [
            ("300ms", Duration.milliseconds(300)), ("2s", .seconds(2)), ("1.5s", .milliseconds(1500)),
            ("0s", .zero), ("0.5ms", .microseconds(500)), ("86400000s", .seconds(86_400_000)),
        ])
    func times(text: String, expected: Duration) throws {
        #expect(try Scanner(path: "", text: text).duration() == expected)
    }

    @Test("No times", arguments: ["", "s", "1", "1 s", "1m", "1.2.3s", "٣s", "-1s", "1e3s"])
    func noTimes(text: String) {
        #expect(throws: ScriptProblem.self) { try Scanner(path: "", text: text).duration() }
    }

    @Test("A comment begins after a blank only")
    func comments() {
        let scanner = Scanner(path: "", text: "a#b # c\n#d\ne")
        #expect(scanner.run() == "a#b")
        scanner.skipBlanks()
        #expect(scanner.peek == nil)
        scanner.nextFilledLine()
        #expect(scanner.position == SourcePosition(line: 3, column: 1))
        #expect(scanner.word() == "e")
        scanner.nextFilledLine()
        #expect(scanner.isAtEnd)
    }

    @Test("Line ends of every kind", arguments: ["a\nb", "a\r\nb", "a\rb"])
    func lineEnds(text: String) {
        #expect(Scanner(path: "", text: text).lines == [["a"], ["b"]])
    }

    @Test("Inside brackets line ends are blanks")
    func brackets() {
        let scanner = Scanner(path: "", text: "  \n\n  x")
        scanner.skipBlanks()
        #expect(scanner.line == 0)
        scanner.depth = 1
        scanner.skipBlanks()
        #expect(scanner.position == SourcePosition(line: 3, column: 3))
    }

    @Test("An arrow ends a word")
    func arrows() {
        let scanner = Scanner(path: "", text: "a-b->c")
        #expect(scanner.word() == "a-b")
        #expect(scanner.takeArrow())
        #expect(scanner.word() == "c")
        #expect(!scanner.takeArrow())
    }

    @Test(
        "Which lines continue a step",
        arguments: [
            ("\n -> 1", true), ("\n {", true), ("\n [", true), ("\n with x", true), ("\n without x", true),
            ("\n x", false), ("\n # c\n -> 1", true), ("\n within", false), ("", false),
        ])
    func continuations(text: String, isContinued: Bool) {
        let scanner = Scanner(path: "", text: text)
        #expect(scanner.continueLine() == isContinued)
        if !isContinued { #expect(scanner.line == 0, "it stays where it was") }
    }

    @Test("Looking ahead consumes nothing")
    func marks() {
        let scanner = Scanner(path: "", text: "one two")
        #expect(scanner.peekWord() == "one")
        #expect(!scanner.take(word: "two"))
        #expect(scanner.column == 0)
        #expect(scanner.take(word: "one"))
        #expect(scanner.take(word: "two"))
        #expect(scanner.word() == "")
    }
}
