import ChatWire

/// An endpoint of the API and the function that answers it.
struct Route: Sendable {
    typealias Responder =
        @Sendable (RouteRequest, ServerContext) async throws(RouteError) -> RouteResponse

    let method: HTTPMethod
    /// The path in the form of `RequestPath.pattern`, where `#` stands for a number.
    let pattern: String
    /// The extension that the endpoint belongs to; nil for the API as recorded.
    let capability: Capability?
    /// The longest body, in bytes.
    let bodyBytes: Int
    /// Whether only signed-in users may call it.
    let needsToken: Bool
    let respond: Responder

    /// An endpoint that anyone may call.
    ///
    /// - Parameter limit: what a call counts as, for its address.
    init<Called: OpenEndpoint>(
        _ answer:
            @escaping @Sendable (RouteCall<Called>, ServerContext) async throws(RouteError) -> Reply<Called>,
        limit: LimitedAction? = nil
    ) {
        self.init(Called.self) { (request, context) async throws(RouteError) in
            if let limit {
                try Self.limiting(limit, nil, request, context) { () throws(RequestLimiter.Refused) in
                    try context.limits.take(limit, from: request.client)
                }
            }
            return try await answer(RouteCall(request), context).response
        }
    }

    /// An endpoint for signed-in users.
    ///
    /// - Parameter limit: what a call counts as, for its address and its account.
    init<Called: AccountEndpoint>(
        _ answer:
            @escaping @Sendable (RouteCall<Called>, User, ServerContext) async throws(RouteError)
            -> Reply<Called>,
        limit: LimitedAction? = nil
    ) {
        self.init(Called.self) { (request, context) async throws(RouteError) in
            let caller = try await AccessToken.caller(of: request, context)
            let user = caller.user
            if let limit {
                try Self.limiting(limit, user.id, request, context) { () throws(RequestLimiter.Refused) in
                    try context.limits.take(limit, account: user.id, from: request.client)
                }
            }
            return try await answer(RouteCall(request, holder: caller.holder), user, context).response
        }
    }

    private static func limiting(
        _ action: LimitedAction, _ user: UserID?, _ request: RouteRequest, _ context: ServerContext,
        _ take: () throws(RequestLimiter.Refused) -> Void
    ) throws(RouteError) {
        do {
            try take()
        } catch {
            context.recordRefusal(
                .limited(action, retryAfter: error.seconds), by: action, account: user, from: request.client)
            throw RouteError(error)
        }
    }

    private init<Called: Endpoint>(_: Called.Type, respond: @escaping Responder) {
        method = Called.method
        pattern = Called.path.pattern
        capability = Called.capability
        bodyBytes = Called.bodyBytesMax
        needsToken = Called.needsToken
        self.respond = respond
    }
}

/// A call of an endpoint.
struct RouteCall<Called: Endpoint>: Sendable {
    let request: RouteRequest
    /// The number in the path.
    let parameter: Called.Parameter
    /// What the token says; nil for endpoints that need none.
    let holder: TokenSigner.Holder?

    init(_ request: RouteRequest, holder: TokenSigner.Holder? = nil) {
        self.request = request
        self.holder = holder
        parameter = Called.path.parameter(from: request.path.ids)
    }

    /// The body as a JSON object.
    func body() throws(RouteError) -> JSONBody { try JSONBody(request) }

    /// The text of a query item; nil when the query does not have it.
    subscript<Value>(item: QueryItem<Value>) -> String? { request.query[item] }
}

/// The success of an endpoint, in the form that it declares.
struct Reply<Called: Endpoint>: Sendable {
    var response: RouteResponse

    /// - Parameters:
    ///   - message: the text that people read.
    ///   - beside: writes members beside the envelope's own.
    init(
        _ answer: Called.Answer, message: String = "Success", status: Int = Called.successStatus,
        beside: (inout JSONWriter) -> Void = { _ in }
    ) {
        let format = Called.answer
        let body: [UInt8]
        if !format.isEnveloped {
            var writer = JSONWriter()
            writer.beginObject()
            format.writeMembers(answer, &writer)
            writer.endObject()
            body = writer.finished()
        } else if format.members.isEmpty {
            body = Envelope.success(message: message)
        } else {
            body = Envelope.success(
                message: message, data: { format.writeMembers(answer, &$0) }, beside: beside)
        }
        response = RouteResponse(status: status, body: body)
    }

    /// A success in which one member of `data` is an object with some of its members as the caller sent them.
    init<Value>(
        _ answer: Called.Answer, message: String, echoing echo: JSONObject, in field: Field<Value>
    ) {
        self.init(answer, message: message)
        guard !echo.isEmpty, let json = try? JSONValue(parsing: response.body),
            let envelope = try? Envelope(json: json), var data = envelope.data?.objectValue,
            var object = data[field]?.objectValue
        else { return }
        for member in echo.members { object[member.key] = member.value }
        data[field] = .object(object)
        response.body = Envelope.success(message: message) { writer in
            for member in data.members {
                writer.key(named: member.key)
                writer.value(member.value)
            }
        }
    }
}

extension Reply where Called.Answer == Void {
    /// A success that contains only the message.
    init(message: String) { self.init((), message: message) }
}
