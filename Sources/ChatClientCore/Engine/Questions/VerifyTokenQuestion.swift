import ChatWire

/// Whether the server accepts the token. It is asked when the realtime side has refused the token, and only an answer
/// that the token is not accepted ends the sign-in. After any other answer another link is tried.
struct VerifyTokenQuestion: EndpointQuestion {
    typealias Answer = Void

    var call: APICall<Answer> { API.verify() }

    func receive(_ answer: Void, to asked: Asked<Self>, at now: Moment, _ core: EngineCore) {
        core.dropLink(core.context.link.failure, at: now)
    }

    func failed(_ asked: Asked<Self>, _ error: ChatError, at now: Moment, _ core: EngineCore) {
        let failure = core.context.link.failure
        switch error {
        case .unauthorized: break
        case .unavailable(_, let retryAfter): core.dropLink(failure, at: now, retryAfter: retryAfter)
        case .refused, .network, .timeout, .unexpectedAnswer, .notSignedIn, .invalid, .storage, .file:
            core.dropLink(failure, at: now)
        }
    }
}
