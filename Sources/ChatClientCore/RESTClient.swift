import ChatNet
import ChatWire
import Logging

/// REST: turns values of ChatWire's API into requests, and failures into ``ChatError``.
struct RESTClient: Sendable {
    let http: HTTPClient
    let server: ServerURL
    /// What the program calls itself (`User-Agent`).
    let agent: String
    let logger: Logger

    /// Performs a call.
    nonisolated(nonsending) func call<Response>(_ call: APICall<Response>, token: String?)
        async throws(ChatError) -> Response
    {
        let response = try await response(to: call, token: token)
        do throws(APIError) {
            return try call.response(status: response.status, body: response.body)
        } catch {
            throw Self.chatError(error, response)
        }
    }

    /// Performs a call for a list, and logs the elements that could not be read.
    nonisolated(nonsending) func list<Element: Sendable>(
        _ call: APICall<PartialList<Element>>, _ name: String, token: String?
    ) async throws(ChatError) -> PartialList<Element> {
        let list = try await self.call(call, token: token)
        note(list, name)
        return list
    }

    /// Ends the session that a token belongs to. A server that does not answer soon is not waited for.
    nonisolated(nonsending) func endSession(of token: String) async -> SignOutOutcome {
        guard let id = TokenClaims(token: token)?.session else { return .nothingToEnd }
        let call = API.endSession(id)
        guard let response = try? await response(to: call, token: token, answeredWithin: .seconds(3)) else {
            return .untold
        }
        do throws(APIError) {
            try call.response(status: response.status, body: response.body)
            return .ended
        } catch {
            // A token that is not accepted is worthless already.
            guard case .unauthorized = error else { return .untold }
            return .ended
        }
    }

    private nonisolated(nonsending) func response<Response>(
        to call: APICall<Response>, token: String?, answeredWithin limit: Duration? = nil
    ) async throws(ChatError) -> HTTPResponse {
        let request = try request(for: call, token: token)
        do throws(NetError) {
            // A response from another origin is not this server's: it can neither provide an account nor say anything
            // about one.
            return try await http.execute(
                request, at: server, answeredWithin: limit, staysAtOrigin: true)
        } catch {
            throw .network(error)
        }
    }

    /// Sends a message. A refusal that does not come from the server itself gives its HTTP status.
    nonisolated(nonsending) func send(_ call: APICall<Message>, token: String?)
        async throws(ChatError) -> SendMessageQuestion.Answer
    {
        let response = try await response(to: call, token: token)
        do throws(APIError) {
            return .sent(try call.response(status: response.status, body: response.body))
        } catch {
            switch error {
            case .foreign(let status), .notJSON(let status, _):
                guard (400..<500).contains(status), !Self.isPassing(status) else { break }
                return .refusedByProxy(status: status)
            case .refused, .unauthorized, .unexpectedShape: break
            }
            throw Self.chatError(error, response)
        }
    }

    private func request<Response>(
        for call: APICall<Response>, token: String?
    ) throws(ChatError) -> HTTPRequest {
        var headers = HTTPHeaders()
        do throws(HTTPHeaderError) {
            try headers.add("Accept", "application/json")
            if !agent.isEmpty { try headers.add("User-Agent", agent) }
            if call.body != nil { try headers.add("Content-Type", "application/json") }
            if let token, call.needsToken { try headers.add("Authorization", "Bearer \(token)") }
        } catch {
            throw .invalid(.malformedToken)
        }
        return HTTPRequest(
            method: call.method, target: server.target(for: call.path), headers: headers,
            body: call.body?.serialized() ?? [])
    }

    private static func chatError(_ error: APIError, _ response: HTTPResponse) -> ChatError {
        // A busy or broken server answers with pages of all kinds: only the status counts.
        if isPassing(response.status) {
            return .unavailable(status: response.status, retryAfter: retryAfter(response))
        }
        return switch error {
        case .refused(let status, let message): .refused(status: status, message: message)
        case .unauthorized(let message): .unauthorized(message: message)
        case .foreign(let status): .unexpectedAnswer("HTTP status \(status) without MyChat's envelope")
        case .notJSON(let status, _): .unexpectedAnswer("HTTP status \(status) without JSON")
        case .unexpectedShape(let missing): .unexpectedAnswer("no \(missing)")
        }
    }

    private static func isPassing(_ status: Int) -> Bool {
        status == 408 || status == 425 || status == 429 || status >= 500
    }

    /// Only seconds: no server of this API sends a date here. The limit is an hour: a longer wait would look like a
    /// failure.
    static func retryAfter(_ response: HTTPResponse) -> Duration? {
        response.headers["Retry-After"].flatMap { Int64($0) }.map { .seconds(max(0, min($0, 3600))) }
    }

    /// Logs the elements that could not be read.
    func note<Element>(_ list: PartialList<Element>, _ name: String) {
        guard !list.isWhole else { return }
        logger.warning(
            "unreadable elements of an answer were skipped",
            metadata: [
                "list": "\(name)", "count": "\(list.leftOutCount)",
                "ids": "\(list.leftOut.joined(separator: " "))",
            ])
    }

    /// Asks a question of the engine.
    nonisolated(nonsending) func answer<Question: ServerQuestion>(
        to question: Question, token: String?
    ) async -> Result<Question.Answer, ChatError> {
        do throws(ChatError) {
            return .success(try await question.ask(self, token: token))
        } catch {
            return .failure(error)
        }
    }
}
