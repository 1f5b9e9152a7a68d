import ChatNet
import ChatSQLite
import ChatServerLite
import ChatWire
import Foundation
import Testing

@testable import ChatScript

/// Checks that the runner notices failures: each kind of step has a scenario that must fail against the real server,
/// and does.
@Suite("The runner", .serialized)
struct RunnerTests {
    /// The last step of each must fail, with these words in what was expected or what came. A step that must run out of
    /// time has a time of its own, if its kind can have one. All others may take as long as a loaded machine needs.
    static let failing: [(steps: String, words: String)] = [
        ("nobody GET /health -> 201", "status 201"),
        ("nobody GET /health -> 4xx", "status one of"),
        ("nobody GET /health -> 200 {status: \"BAD\"}", "\"BAD\" at .status"),
        ("nobody GET /health -> 200 exactly {status: \"OK\"}", "nothing at .database"),
        ("nobody GET /nothing -> 200", "404"),
        ("nobody GET /health -> 200\n check $answer.headers[\"x-none\"] is string", "string"),
        ("nobody GET /health -> 200\n check $answer.body.status is not \"OK\"", "not \"OK\""),
        ("check $missing.x is 1", "there is no variable $missing"),
        ("let x = $missing", "there is no variable $missing"),
        ("new people Ana\n Ana GET /api/auth/me without token -> 200", "401"),
        ("new people Ana\n Ana GET /api/auth/me with token \"a.b.c\" -> 200", "401"),
        ("new people Ana\n Ana connects with {token: \"bad\"}", "it was refused"),
        ("new people Ana\n Ana connects -> refused", "it was let in"),
        (
            "new people Ana\n Ana connects with {token: \"bad\"} -> refused {message: \"other\"}",
            "\"other\" at .message"
        ),
        ("new people Ana\n Ana connects -> silence", "silence"),
        ("new people Ana\n Ana emits x", "to be connected"),
        ("timeout 5s\n new people Ana\n Ana connects\n Ana emits no_such_event -> ack", "an acknowledgement"),
        (
            "new people Ana, Bia\n Ana connects\n Ana emits join_conversation {contact_user_id: $Bia.id} -> ack [1]",
            "1 at [0]"
        ),
        (
            "new people Ana, Bia\n Ana connects\n Ana emits join_conversation {contact_user_id: $Bia.id} -> no ack",
            "no acknowledgement"
        ),
        ("new people Ana\n Ana connects\n Ana sends Ana \"x\"", "si mesmo"),
        ("new people Ana\n Ana sends Ana \"x\" by rest", "si mesmo"),
        ("new people Ana\n Ana connects\n Ana expects new_message within 900ms", "nothing in 900 ms"),
        (
            "new people Ana, Bia\n Ana and Bia connect\n Ana sends Bia \"x\"\n Bia joins Ana\n Bia expects message_notification {message: {content: \"y\"}} within 900ms",
            "expected \"y\", came \"x\""
        ),
        (
            "new people Ana, Bia\n Ana and Bia connect\n Ana sends Bia \"x\"\n Bia expects exactly\n - new_message",
            "as the very next"
        ),
        (
            "new people Ana, Bia\n Ana and Bia connect\n Ana sends Bia \"x\"\n Bia expects no message_notification",
            "no message_notification"
        ),
        ("new people Ana, Bia\n Ana and Bia connect\n Ana sends Bia \"x\"\n Bia expects nothing", "nothing"),
        (
            "new people Ana, Bia\n Ana and Bia connect\n Ana sends Bia \"x\"\n Ana sends Bia \"y\"\n Bia expects no message_notification {message: {content: \"x\"}} before message_notification {message: {content: \"y\"}}",
            "no message_notification"
        ),
        (
            "timeout 5s\n new people Ana, Bia\n Ana and Bia connect\n Ana sends Bia \"x\"\n Bia joins Ana\n Bia expects in order\n - message_notification\n - message_notification",
            "only message_notification"
        ),
        (
            "timeout 5s\n new people Ana, Bia\n Ana and Bia connect\n Ana sends Bia \"x\"\n Bia joins Ana\n Bia expects in any order\n - message_notification\n - new_message",
            "new_message"
        ),
        ("new people Ana\n Ana opens websocket -> 400", "the websocket was opened"),
        (
            "new people Ana\n Ana opens websocket /socket.io/?EIO=4&transport=websocket&sid=x",
            "refused with status"
        ),
        ("new people Ana\n Ana opens websocket /socket.io/?EIO=4&transport=websocket&sid=x -> 404", "404"),
        ("new people Ana\n Ana opens websocket\n Ana expects frame /^1/ within 5s", "expected /^1/"),
        (
            "new people Ana\n Ana opens websocket\n Ana expects frame /^0/\n Ana sends binary \"0x\"",
            "hexadecimal"
        ),
        ("new people Ana\n Ana sends frame \"2\"", "to be connected"),
        ("new people Ana\n Ana pings", "an open websocket"),
        (
            "new people Ana\n Ana opens websocket\n Ana pings \"a\"\n Ana expects pong \"b\" within 5s",
            "expected \"b\", came \"a\""
        ),
        ("new people Ana\n Ana connects\n Ana expects close within 900ms", "nothing in 900 ms"),
        (
            "new people Ana\n Ana connects\n Ana goes offline\n Ana expects close\n Ana expects x",
            "the socket was closed"
        ),
        ("new people Ana\n Ana goes offline\n Ana connects", "a Socket.IO session"),
        ("timeout 5s\n new people Ana\n Ana stalls\n Ana connects", "nothing in time"),
        (
            "new people Ana\n Ana starts client offline\n Ana shows link \"online\" within 900ms",
            "\"offline\" after 900 ms"
        ),
        (
            "new people Ana, Bia\n Ana starts client offline\n Ana writes Bia \"x\"\n Ana shows chat Bia [{text: \"x\", state: \"sent\"}] within 900ms",
            "\"sent\" at [0].state"
        ),
        ("new people Ana\n Ana starts client offline\n Ana shows list [{}] within 900ms", "at [0]"),
        (
            "new people Ana\n Ana starts client offline\n Ana shows outbox {queued: 1} within 900ms",
            "1 at .queued"
        ),
        ("new people Ana\n Ana starts client offline\n Ana writes Ana \"x\"", "ownAccount"),
        ("new people Ana\n Ana stops client", "none was started"),
        ("new people Ana, Bia\n Ana opens Bia", "none was started"),
        ("new people Ana\n Ana expects push", "no receiver"),
        (
            "new people Ana\n Ana listens for pushes\n Ana expects push {title: \"x\"} within 900ms",
            "nothing in 900 ms"
        ),
        (
            "new people Ana\n Ana listens for pushes\n Ana POST /api/push/test\n Ana expects push {type: \"message\"} within 900ms",
            "expected \"message\", came \"test\""
        ),
        (
            "new people Ana, Bia\n Ana listens for pushes\n Bia connects\n Bia sends Ana \"x\"\n Ana expects no push",
            "no push"
        ),
        ("new people Ana\n Ana answers pushes with 410", "no receiver"),
    ]

    @Test("A scenario that should fail does, for each kind of step")
    func failures() async throws {
        let stage = try await Stage()
        let text = Self.failing.enumerated().map { "scenario \"\($0)\"\n \($1.steps)\n" }.joined()
        let results = try await stage.play(text) { settings in
            settings.jobs = 4
            settings.timeout = .seconds(60)
        }
        #expect(results.count == Self.failing.count)
        for (result, expected) in zip(results, Self.failing) {
            guard case .failed(let failure) = result.outcome else {
                Issue.record("passed, and should not: \(expected.steps)")
                continue
            }
            let said = "expected \(failure.expected), came \(failure.came)"
            #expect(said.contains(expected.words), "\(expected.steps): \(said)")
            #expect(
                result.stepsDone == result.scenario.steps.count - 1, "\(expected.steps): another step failed")
            #expect(failure.position.line > result.scenario.position.line)
        }
        await stage.stop()
    }

    @Test("What comes in time passes, over every transport and in every manner")
    func successes() async throws {
        for behaviour in [ServerBehaviour.extended, .original] {
            let stage = try await Stage(behaviour)
            let results = try await stage.play(
                """
                scenario "polling"
                    timeout 5s
                    new people Ana, Bia
                    Ana connects by polling
                    Bia connects by polling then websocket
                    Ana sends Bia "x" as message
                    Bia expects message_notification {message: {id: $message.id}}
                """)
            #expect(results.map(\.outcome) == [.passed])
            await stage.stop()
        }
    }

    @Test("Nothing secret is in a failure or a recording")
    func secrets() async throws {
        let stage = try await Stage()
        let recorded = Box()
        let results = try await stage.play(
            """
            scenario "x"
                new people Ana
                Ana listens for pushes
                Ana connects
                nobody POST /api/auth/login {email: $Ana.email, password: $Ana.password} -> 200
                let token = $answer.body.data.token
                Ana GET /api/auth/me with token $token -> 200
                Ana GET /api/auth/me with header "Authorization" "Bearer ${token}" -> 201 {x: "${Ana.password}"}
            """
        ) { $0.record = { recorded.add($0.description) } }
        guard case .failed(let failure)? = results.first?.outcome else {
            Issue.record("it should fail")
            return
        }
        let shown = ([failure.step, failure.expected, failure.came] + failure.frames + recorded.texts)
        #expect(recorded.texts.count > 8)
        for text in shown {
            // Tokens begin like this; passwords are 16 letters and digits after their name.
            #expect(!text.contains("eyJ"), "\(text)")
            #expect(
                text.range(of: #"password[\\": ]+[a-z0-9]{16}"#, options: .regularExpression) == nil,
                "\(text)")
            #expect(
                text.range(of: #"(auth|p256dh)[\\": ]+[A-Za-z0-9_-]{20}"#, options: .regularExpression)
                    == nil, "\(text)")
        }
        await stage.stop()
    }

    @Test("What is made is taken away, also after a failure; finally is done in any case")
    func cleanUp() async throws {
        let stage = try await Stage()
        let results = try await stage.play(
            """
            scenario "x"
                new people Ana, Bia
                Ana POST /api/contacts/add {contact_user_id: $Bia.id} -> 201
                Ana connects
                Ana sends Bia "x"
                Ana sends Bia "y" by rest
                check 1 is 2
                check 1 is 1
            finally
                nobody GET /health -> 200
            """)
        #expect(results.first?.stepsDone == 6)
        #expect(results.first?.leftBehind == [])
        await stage.stop()
        let database = try Database(path: stage.directory.path + "/server.db", mode: .readOnly)
        for table in ["messages", "contacts"] {
            let count = try database.prepare("SELECT count(*) FROM \(table)")
            _ = try count.step()
            #expect(count.int64(0) == 0, "\(table)")
        }
    }

    @Test("Elsewhere nothing is signed up or deleted without leave")
    func permissions() throws {
        var settings = RunSettings(
            server: try ServerURL("https://chat.example.org"), net: .init(), directory: "/nowhere",
            logger: .quiet)
        let parsed = try scenarios(
            """
            scenario "register"
                new people Ana
            scenario "delete"
                people Ana
                Ana DELETE /api/messages/1
            scenario "loopback"
                needs loopback
            scenario "fine"
                people Ana
                Ana GET /
            """)
        func missing() -> [String?] { parsed.map { $0.missing([], settings) } }
        #expect(
            missing() == [
                "needs --allow-register", "needs --allow-destructive", "needs a server on this machine", nil,
            ])
        settings.allowsRegistering = true
        settings.allowsDeleting = true
        #expect(missing() == [nil, nil, "needs a server on this machine", nil])
    }

    @Test("Existing accounts are taken before new ones are made")
    func accounts() async throws {
        let stage = try await Stage()
        let made = try await stage.play(
            """
            scenario "make"
                nobody POST /api/auth/register {name: "Zoe", email: "zoe@example.com", password: "segredo"} -> 201
            """)
        #expect(made.first?.outcome == .passed)
        let results = try await stage.play(
            """
            scenario "take"
                people Ana, Bia
                check $Ana.email is "zoe@example.com"
                check $Bia.email is not "zoe@example.com"
                Ana GET /api/auth/me -> 200 {data: {user: {name: "Zoe"}}}
            scenario "take again"
                people Ana
                check $Ana.email is "zoe@example.com"
            scenario "new ones are new"
                new people Ana
                check $Ana.email is not "zoe@example.com"
            """
        ) { $0.accounts = [ExistingAccount(email: "zoe@example.com", password: "segredo", token: nil)] }
        #expect(results.map(\.outcome) == [.passed, .passed, .passed])
        let wrong = try await stage.play("scenario \"x\"\n people Ana\n") {
            $0.accounts = [ExistingAccount(email: "zoe@example.com", password: "errada", token: nil)]
        }
        guard case .failed(let failure)? = wrong.first?.outcome else {
            Issue.record("it should fail")
            return
        }
        #expect(failure.kind == .account)
        await stage.stop()
    }

    @Test("After a failure the others are played only when that is wanted")
    func keepGoing() async throws {
        let stage = try await Stage()
        let text = "scenario \"a\"\n check 1 is 2\nscenario \"b\"\n check 1 is 1\n"
        #expect(try await stage.play(text).map(\.isFailed) == [true, false])
        #expect(try await stage.play(text) { $0.keepsGoing = false }.map(\.isFailed) == [true])
        await stage.stop()
    }

    @Test("Lists of accounts, good and bad")
    func accountLists() throws {
        let good = #"[{"email":"a@b","password":"x"},{"token":"t"}]"#
        #expect(
            try ExistingAccount.list(Array(good.utf8)) == [
                ExistingAccount(email: "a@b", password: "x", token: nil),
                ExistingAccount(email: nil, password: nil, token: "t"),
            ])
        for bad in ["", "{}", #"[{"email":"a@b"}]"#, "[1]"] {
            #expect(throws: ExistingAccount.InvalidAccounts.self) {
                try ExistingAccount.list(Array(bad.utf8))
            }
        }
    }
}

/// Collects texts from any thread.
private final class Box: @unchecked Sendable {
    // The lock orders every access.
    private let lock = NSLock()
    private var stored: [String] = []

    func add(_ text: String) { lock.withLock { stored.append(text) } }
    var texts: [String] { lock.withLock { stored } }
}
