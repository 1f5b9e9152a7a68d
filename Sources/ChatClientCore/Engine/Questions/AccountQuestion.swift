import ChatNet
import ChatSQLite
import ChatWire

/// The user that the token belongs to. It is asked on each link before anything else.
struct AccountQuestion: EndpointQuestion {
    typealias Answer = User

    var call: APICall<Answer> { API.me() }

    func receive(_ user: User, to asked: Asked<Self>, at now: Moment, _ core: EngineCore) {
        if core.context.link.isChecking, core.isCachesAccount(user, at: now) { core.linkCameUp(at: now) }
    }

    /// Without an answer there is no link. A gateway that answers REST in place of the server says nothing about the
    /// account, and the realtime side has accepted the token: the next link asks again. A cache that has never learned
    /// its account does not take that risk, because it could not tell another account later.
    func failed(_ asked: Asked<Self>, _ error: ChatError, at now: Moment, _ core: EngineCore) {
        switch error {
        case .unauthorized: break
        case .network(.redirectRefused), .network(.tooManyRedirects), .unexpectedAnswer:
            core.withStore(at: now) { () throws(SQLiteError) in
                guard try core.store.meta.text(.accountEmail) != nil else {
                    return core.dropLink(.rejected(""), at: now)
                }
                core.linkCameUp(at: now)
            }
        case .network(let error): core.dropLink(.network(error), at: now)
        case .timeout: core.dropLink(.handshakeTimeout, at: now)
        case .unavailable(_, let retryAfter):
            core.dropLink(.rejected(""), at: now, retryAfter: retryAfter)
        case .refused(_, let message): core.dropLink(.rejected(message), at: now)
        case .notSignedIn, .invalid, .storage, .file: core.dropLink(.rejected(""), at: now)
        }
    }
}
