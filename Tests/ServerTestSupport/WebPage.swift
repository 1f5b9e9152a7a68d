import ChatWire
import Testing

/// A page in a browser, with its own origin. Its requests carry that origin, requests that are not simple
/// need a preflight, and it sees only answers that allow its origin (the Fetch standard, CORS protocol).
struct WebPage {
    struct Blocked: Error, Equatable {
        let reason: String
    }

    let origin: String
    let port: Int
    /// Whether the page sends credentials, which rules out answers that allow every origin.
    var sendsCredentials = false

    private static let simpleMethods: Set = ["GET", "HEAD", "POST"]

    /// - Parameter headers: the fields that the page adds itself.
    func fetch(
        _ method: HTTPMethod, _ target: String, headers: [(String, String)] = [], body: String = ""
    ) throws -> HTTPTestClient.Answer {
        let unusual = headers.filter { !Self.isSimple($0.0, $0.1) }.map { $0.0.lowercased() }
        if !unusual.isEmpty || !Self.simpleMethods.contains(method.rawValue) {
            try askFirst(method, target, unusual)
        }
        let http = try HTTPTestClient(port: port)
        let answer = try http.send(
            method, target, headers: [("Origin", origin)] + headers, body: Array(body.utf8))
        try see(answer)
        return answer
    }

    private static func isSimple(_ name: String, _ value: String) -> Bool {
        name.lowercased() == "content-type" && value.hasPrefix("text/plain")
    }

    /// Sends the preflight request.
    private func askFirst(_ method: HTTPMethod, _ target: String, _ headers: [String]) throws {
        var fields = [("Origin", origin), ("Access-Control-Request-Method", method.rawValue)]
        if !headers.isEmpty {
            fields.append(("Access-Control-Request-Headers", headers.sorted().joined(separator: ",")))
        }
        let answer = try HTTPTestClient(port: port).send(.options, target, headers: fields)
        try see(answer)
        guard (200..<300).contains(answer.status) else { throw Blocked(reason: "the preflight") }
        let methods = list(answer, "Access-Control-Allow-Methods")
        guard Self.simpleMethods.contains(method.rawValue) || methods.contains(method.rawValue.lowercased())
        else { throw Blocked(reason: "the method") }
        guard Set(headers).isSubset(of: list(answer, "Access-Control-Allow-Headers")) else {
            throw Blocked(reason: "the header fields")
        }
    }

    private func list(_ answer: HTTPTestClient.Answer, _ name: String) -> Set<String> {
        Set(answer.response.headers.listMembers(name).map { $0.lowercased() })
    }

    /// Checks that the page may see the answer.
    private func see(_ answer: HTTPTestClient.Answer) throws {
        let headers = answer.response.headers
        let allowed = headers.values("Access-Control-Allow-Origin")
        guard allowed == [origin] || (allowed == ["*"] && !sendsCredentials) else {
            throw Blocked(reason: "the origin")
        }
        guard !sendsCredentials || headers.values("Access-Control-Allow-Credentials") == ["true"] else {
            throw Blocked(reason: "the credentials")
        }
    }
}
