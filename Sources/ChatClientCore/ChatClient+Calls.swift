import ChatWire

// Calls with the account's token, and the engine's questions.
extension ChatClient {
    /// Performs a call with the account's token. When the token is refused, nothing more is sent until the person
    /// signs in again.
    func authorizedCall<Response>(
        _ call: APICall<Response>, of session: AccountSession
    ) async throws(ChatError) -> Response {
        try await checkAccount(of: session)
        guard let token = session.engine.token else {
            throw .unauthorized(message: "")
        }
        do throws(ChatError) {
            return try await rest.call(call, token: token)
        } catch {
            if case .unauthorized = error, session.engine.token == token {
                session.engine.tokenRefused(at: .now)
                settle()
            }
            throw error
        }
    }

    /// Checks once per token that it still belongs to the account of this cache: another account's answers must not
    /// get into it.
    private func checkAccount(of session: AccountSession) async throws(ChatError) {
        guard !session.engine.isAccountKnown, let token = session.engine.token else { return }
        let user: User
        do throws(ChatError) {
            user = try await rest.call(API.me(), token: token)
        } catch {
            if case .unauthorized = error, session.engine.token == token {
                session.engine.tokenRefused(at: .now)
                settle()
            }
            throw error
        }
        guard session.engine.token == token else { return }
        defer { settle() }
        guard session.engine.isCachesAccount(user, at: .now) else { throw .unauthorized(message: "") }
    }

    // MARK: The engine's questions

    func perform(_ asked: some AskedQuestion, for session: AccountSession) {
        let asked = asked.typed
        let token = session.engine.token
        Task {
            let answer = await rest.answer(to: asked.question, token: token)
            guard let current = self.session, current.user.id == session.user.id else { return }
            current.engine.receive(answer, to: asked, at: .now)
            self.settle()
        }
    }
}
