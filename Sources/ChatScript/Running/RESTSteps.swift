import ChatNet
import ChatWire

/// REST calls.
struct RESTSteps {
    let context: ScenarioContext

    func perform(_ call: RESTCall, by person: Person?) async throws(StepFailure) {
        let path = try context.text(of: call.path)
        try allow(call.method, path)
        var request = HTTPRequest(method: call.method, target: context.settings.server.target(for: path))
        try await fill(&request, call, person)
        let answer = try await execute(request, as: person, path: path)
        context.scope["answer"] = answer.variable
        remember(answer, of: call.method, path, person)
        guard let status = call.status else { return }
        var matcher = Matcher(context.scope)
        if let mismatch = matcher.mismatch(.integer(Int64(answer.status)), status) {
            throw StepFailure(
                expected: "status \(mismatch.expected)",
                came: "\(answer.status) \(answer.text.prefix(600))")
        }
        if let pattern = call.answer {
            if let mismatch = matcher.mismatch(answer.body, pattern) { throw StepFailure(mismatch) }
        }
        context.scope = matcher.scope
    }

    private func allow(_ method: HTTPMethod, _ path: String) throws(StepFailure) {
        if method == .delete, !context.settings.mayDelete {
            throw StepFailure(expected: "to delete", came: "needs --allow-destructive", kind: .notAllowed)
        }
        if method == .post, path.hasPrefix("/api/auth/register"), !context.settings.mayRegister {
            throw StepFailure(expected: "to sign up", came: "needs --allow-register", kind: .notAllowed)
        }
    }

    private func fill(
        _ request: inout HTTPRequest, _ call: RESTCall, _ person: Person?
    ) async throws(StepFailure) {
        var type: String? = nil
        switch call.body {
        case .none: break
        case .json(let expression):
            let body = try context.value(of: expression)
            hideSecrets(in: body)
            request.body = body.serialized()
            type = "application/json"
        case .text(let expression):
            request.body = Array(try context.text(of: expression).utf8)
            type = "application/json"
        }
        if let expression = call.contentType { type = try context.text(of: expression) }
        do throws(HTTPHeaderError) {
            try request.headers.add("Accept", "application/json")
            if let type, !type.isEmpty { try request.headers.add("Content-Type", type) }
        } catch {
            throw StepFailure(expected: "a content type", came: "\(error)", kind: .script)
        }
        for (name, value) in call.headers {
            let name = try context.text(of: name)
            let value = try context.text(of: value)
            try addHeader(name, value, to: &request)
        }
        switch call.authorization {
        case .own:
            if let person { try addHeader("Authorization", "Bearer \(person.token)", to: &request) }
        case .none: break
        case .token(let expression):
            let token = try context.text(of: expression)
            context.redactor.hide(token)
            try addHeader("Authorization", "Bearer \(token)", to: &request)
        }
    }

    private func addHeader(
        _ name: String, _ value: String, to request: inout HTTPRequest
    ) throws(StepFailure) {
        do throws(HTTPHeaderError) {
            try request.headers.add(name, value)
        } catch {
            throw StepFailure(expected: "a header", came: "\(name) cannot be sent: \(error)", kind: .script)
        }
    }

    /// Sends a request of the runner itself.
    func request(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue?, token: String?, as person: Person
    ) async throws(StepFailure) -> Answer {
        var request = HTTPRequest(method: method, target: context.settings.server.target(for: path))
        if let body {
            request.body = body.serialized()
            try addHeader("Content-Type", "application/json", to: &request)
        }
        if let token { try addHeader("Authorization", "Bearer \(token)", to: &request) }
        return try await execute(request, as: person, path: path)
    }

    private func execute(
        _ request: HTTPRequest, as person: Person?, path: String
    ) async throws(StepFailure) -> Answer {
        let who = person?.name ?? "nobody"
        let body = String(decoding: request.body.prefix(4000), as: UTF8.self)
        context.note(who, .out, "HTTP", "\(request.method.rawValue) \(path) \(body)")
        let response: HTTPResponse
        do throws(NetError) {
            response = try await (person?.http ?? context.http).execute(request, at: context.settings.server)
        } catch {
            throw StepFailure(
                expected: "an answer to \(request.method.rawValue) \(path)", came: error.description,
                kind: .network)
        }
        let text = String(decoding: response.body, as: UTF8.self)
        let json = try? JSONValue(parsing: response.body)
        if let json { hideSecrets(in: json) }
        context.note(who, .into, "HTTP", "\(response.status) \(text)")
        return Answer(status: response.status, headers: response.headers, text: text, body: json)
    }

    /// Hides passwords, tokens and keys that are sent or received, so that they are never printed.
    private func hideSecrets(in value: JSONValue, depth: Int = 0) {
        guard depth < 8 else { return }
        for member in value.objectValue?.members ?? [] {
            if ["token", "password", "auth", "p256dh"].contains(member.key) {
                context.redactor.hide(member.value.stringValue)
            }
            hideSecrets(in: member.value, depth: depth + 1)
        }
    }

    /// Records what a call has created, so that it can be deleted at the end.
    private func remember(_ answer: Answer, of method: HTTPMethod, _ path: String, _ person: Person?) {
        guard let person, (200..<300).contains(answer.status), method == .post else { return }
        let data = answer.body?["data"]
        if path.hasPrefix("/api/messages/send"), let id = data?["message"]?["id"]?.integerValue {
            person.messages.insert(id)
        }
        if path.hasPrefix("/api/contacts/add"), let id = data?["contact"]?["id"]?.integerValue {
            person.contacts.insert(id)
        }
    }
}

/// A response to a REST call.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var text: String
    /// Nil when it is not JSON.
    var body: JSONValue?

    /// The response as `$answer`.
    var variable: JSONValue {
        var fields = JSONObject()
        for field in headers.fields { fields[field.name.lowercased()] = .string(field.value) }
        return [
            "status": .integer(Int64(status)), "headers": .object(fields), "text": .string(text),
            "body": body ?? .null,
        ]
    }
}
