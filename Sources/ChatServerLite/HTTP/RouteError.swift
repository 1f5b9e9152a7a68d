import ChatWire

/// Why a request is not answered with a success.
enum RouteError: Error, Equatable, Sendable {
    case refused(Refusal)
    case unauthorized(TokenProblem)
    case notFound
    case methodNotAllowed([String])
    case bodyTooLarge
    case badRequest
    /// A line of the head is too long, or there are too many.
    case headTooLarge
    /// A transfer coding that the server cannot decode.
    case unknownCoding
    /// Too many requests are waiting. The client may try again.
    case overloaded
    /// Too many bytes of answers wait for this account to read them.
    case tooManyAnswers
    /// This asker has asked for too much at a time. There will be room in `retryAfter` seconds.
    case tooMany(retryAfter: Int)
    case storage(StorageFailure)

    init(_ refused: RequestLimiter.Refused) { self = .tooMany(retryAfter: refused.seconds) }

    init(_ error: StoreError) {
        switch error {
        case .refused(let refusal): self = .refused(refusal)
        case .storage(let error): self = .storage(error)
        case .tooManyQuestions: self = .tooMany(retryAfter: 1)
        case .overloaded, .closed: self = .overloaded
        }
    }
}

/// What is wrong with a request's token.
enum TokenProblem: Error, Equatable, Sendable {
    case missing
    case malformed
    case invalid
    /// The token is of a session that was ended.
    case sessionEnded

    /// The reason in the words of the API.
    var reason: RequestProblem {
        switch self {
        case .missing: .tokenMissing
        case .malformed: .tokenMalformed
        case .invalid: .tokenInvalid
        case .sessionEnded: .sessionEnded
        }
    }
}

extension RouteError {
    /// The response to the error. This is the only place where errors become status codes.
    var response: RouteResponse {
        switch self {
        case .refused(let refusal): return .failure(refusal.message, status: 400)
        case .unauthorized(let problem): return .failure(problem.reason, status: 401)
        case .notFound: return .failure(.notFound, status: 404)
        case .methodNotAllowed(let methods):
            var response = RouteResponse.failure(.methodNotAllowed, status: 405)
            response.allowedMethods = methods
            return response
        case .bodyTooLarge:
            var response = RouteResponse.failure(.requestTooLarge, status: 413)
            // The rest of the body is not read.
            response.closesConnection = true
            return response
        case .headTooLarge: return Self.closing(.headersTooLarge, status: 431)
        case .unknownCoding: return Self.closing(.codingUnknown, status: 501)
        case .badRequest:
            var response = RouteResponse.failure(.badRequest, status: 400)
            response.closesConnection = true
            return response
        case .tooManyAnswers:
            var response = RouteResponse.failure(.tooManyRequests, status: 429)
            try? response.headers.add("Retry-After", "1")
            return response
        case .overloaded: return .failure(.overloaded, status: 503)
        case .tooMany(let seconds):
            var response = RouteResponse.failure(.tooManyRequestsNow, status: 429)
            try? response.headers.add("Retry-After", String(seconds))
            return response
        case .storage(let failure):
            // A failure that may be over in a minute is a 503, so that clients keep their data and try again.
            return .failure(failure.kind.reason, status: failure.kind.mayPass ? 503 : 500)
        }
    }
}

extension RouteError {
    /// Translates an error in the bytes of a request.
    init(_ error: HTTPParseError) {
        switch error {
        case .lineTooLong, .headTooLong, .tooManyFields: self = .headTooLarge
        case .bodyTooLong: self = .bodyTooLarge
        case .unsupportedTransferEncoding: self = .unknownCoding
        default: self = .badRequest
        }
    }

    private static func closing(_ problem: RequestProblem, status: Int) -> RouteResponse {
        var response = RouteResponse.failure(problem, status: status)
        response.closesConnection = true
        return response
    }
}

/// Runs a step on the storage and translates its errors.
func routing<Result>(_ body: () async throws(StoreError) -> Result) async throws(RouteError) -> Result {
    do {
        return try await body()
    } catch {
        throw RouteError(error)
    }
}
