import ChatWire

/// The routes of an account's sessions.
enum SessionRoutes {
    static let all = [Route(list), Route(end), Route(endOthers)]

    @Sendable
    private static func list(
        _ call: RouteCall<API.Sessions>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Sessions> {
        let now = ServerClock.now()
        let stored = try await routing { () async throws(StoreError) in
            try await context.store.lookUp { view in try view.sessions(of: user.id, at: now) }
        }
        let current = call.holder?.session
        return Reply(
            PartialList(
                stored.map { UserSession($0, isCurrent: $0.id == current) }))
    }

    @Sendable
    private static func end(
        _ call: RouteCall<API.EndSession>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.EndSession> {
        try await context.endSession(call.parameter, of: user.id, by: .person, from: call.request.client)
        return Reply(message: "Sessão encerrada")
    }

    @Sendable
    private static func endOthers(
        _ call: RouteCall<API.EndOtherSessions>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.EndOtherSessions> {
        let count = try await context.endSessions(
            of: user.id, except: call.holder, by: .person, from: call.request.client)
        return Reply(count, message: "\(count) sessões encerradas")
    }
}
