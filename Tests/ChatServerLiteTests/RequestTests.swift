import ChatWire
import Testing

@testable import ChatServerLite

@Suite struct RequestTests {
    @Test(
        arguments: [
            ("/", "/", []), ("/health", "/health", []), ("/health/", "/health", []),
            ("/api/messages/conversation/17", "/api/messages/conversation/#", [17]),
            ("/api/contacts/007/", "/api/contacts/#", [7]),
            ("/api/contacts/99999999999999999999", "/api/contacts/#", [Int64.max]),
            ("/api/contacts/-1", "/api/contacts/-1", []), ("/api/contacts/1.5", "/api/contacts/1.5", []),
            ("/api/contacts/%31", "/api/contacts/#", [1]), ("/api/contacts/#", "/api/contacts", []),
            ("/api/contacts/%23", "/api/contacts/%23", []), ("/api//me", "/api/me", []), ("", "", []),
            ("http://localhost:5000/api/auth/me?x", "/api/auth/me", []), ("http://localhost", "/", []),
        ] as [(String, String, [Int64])])
    func readsPaths(target: String, pattern: String, ids: [Int64]) {
        let path = RequestPath(RequestTarget.split(target).path)
        #expect(path.pattern == pattern)
        #expect(path.ids == ids)
    }

    @Test(arguments: [
        ("q=br%C3%BAno%20a", "brúno a"), ("q=a+b", "a b"), ("x=1&q=2&q=3", "2"), ("q", ""),
        ("q=%zz%2", "%zz%2"),
        ("q=%FF", "\u{FFFD}"), ("q=a=b", "a=b"), ("", nil), ("Q=1", nil),
    ])
    func readsQueries(query: String, value: String?) {
        #expect(QueryItems(query[...])["q"] == value)
    }

    @Test(arguments: [
        ("application/json", true), ("application/json; charset=utf-8", true), ("Application/JSON", true),
        ("application/vnd.x+json", true), ("text/plain", false), ("text/json", false), (nil, false),
        ("", false),
    ])
    func recognisesJSONByItsType(type: String?, isJSON: Bool) {
        #expect(JSONBody.isJSON(type) == isJSON)
    }

    @Test(
        arguments: [
            (3, .success(UserID(3))), (3.0, .success(UserID(3))), ("3", .success(UserID(3))),
            (true, .success(UserID(1))), (nil, .failure(.receiverMissing)), (0, .failure(.receiverMissing)),
            ("", .failure(.receiverMissing)), ([], .failure(.receiverMissing)),
            (3.5, .failure(.receiverUnknown)),
            ("abc", .failure(.receiverUnknown)), (-1, .failure(.receiverUnknown)),
            ([1], .failure(.invalidData)),
            (["a": 1], .failure(.invalidData)),
        ] as [(JSONValue, Result<UserID, Refusal>)])
    func readsUserNumbersAsPythonWould(value: JSONValue, expected: Result<UserID, Refusal>) {
        let result = Result { () throws(Refusal) in
            try EventFields.userID(value, missing: .receiverMissing, unknown: .receiverUnknown)
        }
        #expect(result == expected)
    }

    /// What the API declares is answered, and nothing else.
    @Test func everyEndpointHasItsRoute() {
        func name<Called: Endpoint>(_: Called.Type) -> String {
            "\(Called.method.rawValue) \(Called.path.pattern)"
        }
        #expect(
            APIService.routes.map { "\($0.method.rawValue) \($0.pattern)" }.sorted()
                == API.endpoints.map { name($0) }.sorted())
    }

    @Test func routesMatchTheirMethods() throws {
        let router = Router(ContactRoutes.all + InformationRoutes.all)
        func match(_ method: HTTPMethod?, _ path: String) throws(RouteError) -> Router.Match {
            try router.match(method, RequestPath(path[...]))
        }
        #expect(throws: RouteError.notFound) { try match(.get, "/nope") }
        #expect(throws: RouteError.methodNotAllowed(["OPTIONS", "POST"])) {
            try match(.get, "/api/contacts/add")
        }
        #expect(throws: RouteError.methodNotAllowed(["DELETE", "OPTIONS", "PUT"])) {
            try match(.patch, "/api/contacts/1")
        }
        #expect(throws: RouteError.methodNotAllowed(["GET", "HEAD", "OPTIONS"])) { try match(nil, "/health") }
        guard case .route(let route) = try match(.head, "/") else {
            Issue.record("HEAD has no route")
            return
        }
        #expect(route.method == .get)
        guard case .preflight(["GET", "HEAD", "OPTIONS"]) = try match(.options, "/health/") else {
            Issue.record("OPTIONS is no preflight")
            return
        }
    }

    @Test(arguments: [
        ("limit=0", ConversationPage(limit: 0)), ("limit=201", ConversationPage(limit: 200)),
        ("limit=-1", ConversationPage(limit: 50)), ("limit=abc", ConversationPage(limit: 50)),
        ("limit=99999999999999999999", ConversationPage(limit: 200)),
        ("limit=1.5", ConversationPage(limit: 50)),
        ("", ConversationPage(limit: 50)), ("limit=+7", ConversationPage(limit: 7)),
        ("before_id=9&after_id=2", ConversationPage(limit: 50, before: MessageID(9), after: MessageID(2))),
    ])
    func readsPages(query: String, page: ConversationPage) throws {
        #expect(try MessageRoutes.page(QueryItems(query[...])) == page)
    }

    @Test func aBadPageNumberIsRefused() {
        #expect(throws: RouteError.refused(.invalidData)) {
            try MessageRoutes.page(QueryItems("before_id=x"))
        }
    }

    @Test(arguments: [
        ("BRÚNO", "bruno"), ("Zé 😀", "ze 😀"), ("Ação", "acao"), ("Łódź", "lodz"), ("ß", "ss"),
        ("e\u{301}", "e"),
        ("Ωμέγα", "ωμεγα"), ("ĳ", "ij"), ("Đặng", "dang"), ("", ""),
    ])
    func searchesFoldCaseAndAccents(text: String, folded: String) {
        #expect(TextFolding.fold(text) == folded)
    }
}
