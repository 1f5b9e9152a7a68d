import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// What the API decides about a request before its body arrives.
@Suite struct APIAdmissionTests {
    private func decision(
        _ service: APIService, _ method: HTTPMethod, _ target: String, token: String? = nil,
        announced: Int?
    ) -> String {
        var head = HTTPRequestHead(method: method.rawValue, target: target)
        if let token { try? head.headers.add("Authorization", "Bearer \(token)") }
        switch service.admit(RouteRequest(head: head, body: []), announced: announced) {
        case .body(let bytesMax): return "body \(bytesMax)"
        case .refuse(let response): return "\(response.status)"
        }
    }

    /// A long body needs a route that takes one, and a token where the route asks for it. A body of unknown
    /// length may be long.
    @Test(arguments: [100_000, nil])
    func aLongBodyNeedsAnAccount(announced: Int?) async throws {
        try await HubWorld.run { world in
            let service = APIService(context: world.context)
            let now = ServerClock.now()
            let token = world.context.signer.token(for: UserID(1), now: now)
            let expired = world.context.signer.token(
                for: UserID(1), now: Timestamp(seconds: now.seconds - 100 * 86_400))
            let send = "/api/messages/send"
            let table: [(HTTPMethod, String, String?, String)] = [
                (.post, send, token, "body 262144"), (.post, send, nil, "401"), (.post, send, "x", "401"),
                (.post, send, expired, "401"), (.patch, send, token, "405"),
                (.options, send, nil, "body 8192"), (.post, "/nope", token, "404"),
                (.post, "/api/auth/login", nil, "body 8192"),
                (.post, "/api/contacts/add", token, "body 8192"), (.post, "/api/contacts/add", nil, "401"),
            ]
            for (method, target, token, expected) in table {
                #expect(
                    decision(service, method, target, token: token, announced: announced) == expected,
                    "\(method) \(target) \(token ?? "-")")
            }
        }
    }

    /// A short body is read in any case, so that its sender gets an answer on a connection that stays open.
    @Test func aShortBodyIsRead() async throws {
        try await HubWorld.run { world in
            let service = APIService(context: world.context)
            for target in ["/api/messages/send", "/nope", "/api/auth/login"] {
                #expect(decision(service, .post, target, announced: 8192) == "body 8192")
            }
            #expect(decision(service, .post, "/nope", announced: 8193) == "404")
        }
    }

    /// An endpoint of a capability that the server does not offer does not exist; one that it offers asks for the token.
    @Test func aCapabilityBringsItsEndpoints() async throws {
        for (behaviour, status) in [(ServerBehaviour.extended, "401"), (.original, "404")] {
            try await HubWorld.run(configure: { $0.behaviour = behaviour }) { world in
                let service = APIService(context: world.context)
                for endpoint in API.endpoints where endpoint.capability != nil && endpoint.needsToken {
                    let (method, pattern) = Self.line(of: endpoint)
                    let found = decision(
                        service, try #require(HTTPMethod(rawValue: method)), pattern, announced: nil)
                    #expect(found == status, "\(method) \(pattern)")
                }
            }
        }
    }

    private static func line<Called: Endpoint>(of _: Called.Type) -> (method: String, target: String) {
        let segments = Called.path.pattern.split(separator: "/").map { $0 == "#" ? "1" : String($0) }
        return (Called.method.rawValue, "/" + segments.joined(separator: "/"))
    }
}
