import ChatWire
import Foundation
import Testing

@testable import ChatScript

@Suite("The language")
struct ParserTests {
    @Test("A file has features, and what counts for each of their scenarios")
    func files() throws {
        let parsed = try scenarios(
            """
            # A comment
            feature "One"
            tags core rest   # and another
            needs sync, no paging, loopback, $secret
            timeout 1.5s

            scenario "A"
                tags slow
                people Ana
            scenario "B"
            feature "Two"
            scenario "C"
            """)
        #expect(parsed.map(\.title) == ["A", "B", "C"])
        #expect(parsed.map(\.feature) == ["One", "One", "Two"])
        #expect(parsed.map(\.tags) == [["core", "rest", "slow"], ["core", "rest"], []])
        #expect(
            parsed[0].needs == [
                .capability("sync", true), .capability("paging", false), .loopback, .variable("secret"),
            ])
        #expect(parsed.map(\.timeout) == [.milliseconds(1500), .milliseconds(1500), nil])
        #expect(parsed.map(\.position.line) == [7, 10, 12])
    }

    @Test("Values are JSON with variables")
    func values() throws {
        var scope = Scope()
        scope["Ana"] = ["id": 7, "list": [1, 2]]
        scope["key"] = "id"
        let expected: [(String, JSONValue)] = [
            (#"{a: 1, "b c": [true, null,], d: -1.5}"#, ["a": 1, "b c": [true, nil], "d": -1.5]),
            ("$Ana.list[1]", 2), ("$Ana[$key]", 7), (#"$Ana["id"]"#, 7),
            (#""id=${Ana.id} \${no} \u00e9 \ud83d\ude42""#, "id=7 ${no} é 🙂"),
            (#"repeat("ab", 3)"#, "ababab"), ("length([1, 2, 3])", 3), ("add($Ana.id, 1)", 8),
            ("json({a: 1})", #"{"a":1}"#), ("[1\n 2\n]", [1, 2]),
        ]
        for (text, value) in expected {
            guard case .assign(_, let expression) = try action("let x = \(text)") else {
                Issue.record("\(text) is no assignment")
                continue
            }
            #expect(try scope.value(of: expression) == value, "\(text)")
        }
    }

    @Test("Calls may stand on several lines")
    func calls() throws {
        let step = """
            Ana POST /api/x/${Ana.id}?q=1#2 {a: 1}
                with header "X" "y"
                without token
                -> 201
                {data: {id: integer as id}}
            """
        guard case .call(let call) = try action(step) else {
            Issue.record("no call")
            return
        }
        #expect(call.method == .post)
        #expect(call.authorization == .none)
        #expect(call.headers.count == 1)
        #expect(call.status == .equal(.literal(201)))
        guard case .object(let members, isExact: false)? = call.answer else {
            Issue.record("no pattern")
            return
        }
        #expect(members.map(\.key) == ["data"])
    }

    @Test("Several people and devices; verbs with and without their s")
    func subjects() throws {
        let parsed = try scenarios(
            "scenario \"x\"\n people Ana, Bia and Caio\n Ana/phone, Bia and Caio connect\n")
        let step = try #require(parsed[0].steps.last)
        #expect(step.subjects.map(\.description) == ["Ana/phone", "Bia", "Caio"])
        #expect(step.action == .connect(SocketOpening()))
    }

    @Test(
        "Every step is understood",
        arguments: [
            "people Caio", "new people Caio, Davi", "nobody GET / -> 2xx", "check $x.y is not absent",
            "let x = random()", "wait 1ms because \"of it\"", "Ana connects by polling",
            "Ana connects by polling then websocket",
            "Ana connects with {token: \"x\"} -> refused {message: string}",
            "Ana connects without auth -> silence", "Ana disconnects", "Ana emits x",
            "Ana emits x {a: 1}, 2 -> ack []",
            "Ana emits \"odd name\" -> no ack", "Ana joins Bia", "Ana leaves Bia",
            "Ana sends Bia \"x\" with temp_id \"t\" by rest as m", "Ana expects x",
            "Ana expects x {a: 1} within 1s",
            "Ana expects no x", "Ana expects no x {a: 1} before y {b: 2}", "Ana expects nothing",
            "Ana expects in order\n - x\n - y {a: 1}", "Ana expects in any order\n - x",
            "Ana expects exactly\n - x",
            "Ana opens websocket", "Ana opens websocket /x -> 400", "Ana sends frame \"2\"",
            "Ana sends binary \"00ff\"",
            "Ana pings", "Ana pings \"x\"", "Ana closes", "Ana closes 1001", "Ana expects frame /^0/",
            "Ana expects close 1000", "Ana loses connection", "Ana goes offline", "Ana stalls",
            "Ana comes back",
            "Ana starts client", "Ana starts client offline", "Ana stops client", "Ana restarts client",
            "Ana writes Bia \"x\"", "Ana opens Bia", "Ana reads Bia", "Ana shows link \"online\" within 2s",
            "Ana shows chat Bia [...]", "Ana shows list [{unread: at least 1}, ...]",
            "Ana shows outbox {queued: 0}",
            "Ana listens for pushes", "Ana answers pushes with 410",
            "Ana expects push {body: contains \"x\"}",
            "Ana expects no push", "Ana GET /x", "Ana DELETE \"/with a blank\"",
        ])
    func steps(step: String) throws {
        _ = try action(step)
    }

    /// Position, message and suggestion, for a mistake in each part of the grammar.
    @Test(
        "Mistakes are told with their place and a suggestion",
        arguments: [
            ("fature \"x\"", "1:1", "before the first scenario", "feature"),
            ("scenario x", "1:10", "stands in quotes", nil),
            ("scenario \"x\"\n  Ana connects", "2:3", "has not been brought on", nil),
            ("scenario \"x\"\n  people Ana\n  Anna connects", "3:3", "has not been brought on", "Ana"),
            ("scenario \"x\"\n  people Ana\n  Ana conects", "3:7", "no step 'conects'", "connects"),
            ("scenario \"x\"\n  people Ana\n  Ana PSOT /", "3:7", "no step 'PSOT'", "POST"),
            ("scenario \"x\"\n  people ana", "2:10", "capital letter", nil),
            ("scenario \"x\"\n  people Ana, Ana", "2:15", "on already", nil),
            ("scenario \"x\"\n  chek 1 is 1", "2:3", "begins no step", "check"),
            ("scenario \"x\"\n  check 1 is intger", "2:14", "is no pattern", "integer"),
            ("scenario \"x\"\n  let x = tru", "2:11", "is no value", "true"),
            ("scenario \"x\"\n  let x = {a 1}", "2:14", "':' is missing", nil),
            ("scenario \"x\"\n  let x = [1 2]", "2:14", "',' or ']' is missing", nil),
            ("scenario \"x\"\n  let x = [1", "2:11", "not closed", nil),
            ("scenario \"x\"\n  let x = \"abc", "2:11", "no closing quote", nil),
            ("scenario \"x\"\n  let x = \"\\q\"", "2:12", "no escape", nil),
            ("scenario \"x\"\n  let x = repeat(\"a\")", "2:11", "takes 2 values", nil),
            ("scenario \"x\"\n  check 1 is /(/", "2:14", "no regular expression", nil),
            ("scenario \"x\"\n  check 1 is [1, ..., 2]", "2:23", "after ...", nil),
            ("scenario \"x\"\n  wait 5 because \"x\"", "2:8", "300ms, 2s or 1.5s", nil),
            ("scenario \"x\"\n  wait 5s", "2:10", "'because' is missing", nil),
            ("scenario \"x\"\n  people Ana\n  tags late", "3:3", "before the first step", nil),
            ("scenario \"x\"\n  people Ana\n  Ana expects in order", "3:23", "events are missing", nil),
            ("scenario \"x\"\n  people Ana\n  Ana shows lnk 1", "3:13", "link, chat, list or outbox", "link"),
            ("scenario \"x\"\n  people Ana\n  Ana disconnects now", "3:19", "too much", nil),
            ("scenario \"x\"\n  nobody GET api", "2:14", "a path is missing", nil),
            ("finally", "1:1", "stands in a scenario", nil),
        ] as [(String, String, String, String?)])
    func mistakes(text: String, place: String, message: String, suggestion: String?) throws {
        let problem = try #require(throws: ScriptProblem.self) { _ = try scenarios(text) }
        #expect(problem.position.description == place)
        #expect(problem.message.contains(message))
        #expect(problem.suggestion == suggestion)
        #expect(problem.line == text.split(separator: "\n")[problem.position.line - 1])
    }

    @Test("A mistake is shown with its line and a caret")
    func shown() throws {
        let problem = try #require(throws: ScriptProblem.self) {
            _ = try scenarios("scenario \"x\"\n\tpeople Ana\n\tAna conects")
        }
        #expect(
            problem.description == """
                test.scenario:3:6: there is no step 'conects'; did you mean 'connects'?
                \tAna conects
                \t    ^
                """)
    }

    @Test("Whatever is read, the parser ends with scenarios or a mistake", arguments: 0..<300)
    func anything(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let pieces = [
            "scenario \"x\"\n", "people Ana\n", "Ana ", "expects ", "{", "}", "[", "]", "\"", "a: ", "1 ",
            "-> ", "$x",
            "${", "/", " as ", "\n", "- ", "no ", "GET /x", "not ", "\\", "#", "in order\n", ", ", "🙂",
            "one of (", ")",
        ]
        let text = (0..<next(40)).map { _ in pieces[next(pieces.count)] }.joined()
        do throws(ScriptProblem) {
            _ = try scenarios(text)
        } catch {
            #expect(error.position.line >= 1 && !error.message.isEmpty, "seed \(seed)")
        }
    }

    @Test("The examples of the manual are scenarios, and so are those of the sources")
    func manual() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let manual = try String(contentsOf: root.appending(path: "man/mychat-script.5"), encoding: .utf8)
        let blocks = manual.components(separatedBy: ".Bd -literal").dropFirst()
            .map { $0.components(separatedBy: ".Ed")[0] }
            .map { $0.split(separator: "\n").dropFirst().joined(separator: "\n") }
            .filter { $0.contains("scenario \"") }
        #expect(blocks.count >= 2)
        for block in blocks { #expect(try scenarios(block).count == 1) }
        let folder = root.appending(path: "fixtures/scenarios")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var count = 0
        for file in files where file.pathExtension == "scenario" {
            let parsed = try ScriptParser.parse(String(contentsOf: file, encoding: .utf8), path: file.path)
            count += parsed.count
            for scenario in parsed {
                // The report groups features by these tags.
                let kinds = scenario.tags.filter { ["core", "extension", "original"].contains($0) }
                #expect(kinds.count == 1, "\(scenario.place)")
            }
        }
        #expect(count >= 140)
    }

    @Test("Brackets stand only so deep")
    func depth() {
        #expect(throws: ScriptProblem.self) {
            _ = try scenarios("scenario \"x\"\n let x = " + String(repeating: "[", count: 100_000))
        }
        #expect(throws: ScriptProblem.self) {
            _ = try scenarios(
                "scenario \"x\"\n check 1 is " + String(repeating: "not ", count: 100_000) + "1")
        }
    }
}
