import ChatWire

/// A question that the engine asks the server by REST. Each is declared in one place: how it is asked, the type of its
/// answer, and what follows from an answer and from a failure.
protocol ServerQuestion: Hashable, Sendable {
    associatedtype Answer: Sendable

    /// True when the answer is compared with the highest id that the cache held at the time of the request.
    var comparesNewestID: Bool { get }

    /// Asks the server, on the caller's actor.
    nonisolated(nonsending) func ask(
        _ rest: RESTClient, token: String?
    ) async throws(ChatError) -> Answer

    /// The server has answered.
    func receive(_ answer: Answer, to asked: Asked<Self>, at now: Moment, _ core: EngineCore)

    /// The server has not answered as it should. For an error that says that the token is not accepted, the engine
    /// drops the token after this call.
    func failed(_ asked: Asked<Self>, _ error: ChatError, at now: Moment, _ core: EngineCore)
}

extension ServerQuestion {
    var comparesNewestID: Bool { false }
}

/// A question that is one call of an endpoint, and nothing more.
protocol EndpointQuestion: ServerQuestion {
    var call: APICall<Answer> { get }
}

extension EndpointQuestion {
    nonisolated(nonsending) func ask(
        _ rest: RESTClient, token: String?
    ) async throws(ChatError) -> Answer {
        try await rest.call(call, token: token)
    }
}
