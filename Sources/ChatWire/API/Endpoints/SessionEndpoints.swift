// The sessions of an account: each sign-in begins one.
extension API {
    static let sessionEndpoints: [any Endpoint.Type] = [
        Sessions.self, EndSession.self, EndOtherSessions.self,
    ]

    public enum Sessions: AccountEndpoint {
        public static let summary = "The account's sessions, the one that was used last comes first."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/auth/sessions")
        public static let sessions = Field<PartialList<UserSession>>("sessions", "All sessions.")
        public static let answer = AnswerFormat.member(sessions)
        public static let capability: Capability? = .sessions
    }

    public static func sessions() -> APICall<PartialList<UserSession>> { Sessions.call() }

    public enum EndSession: AccountEndpoint {
        public static let summary =
            "Ends one session of the account; it may be the current one. Its tokens are no longer valid."
        public static let method = HTTPMethod.delete
        public static let path = EndpointPath<SessionID>("/api/auth/sessions/", "The session's number.")
        public static let answer = AnswerFormat.nothing
        public static let refusals: [Refusal] = [.sessionUnknown]
        public static let capability: Capability? = .sessions
    }

    /// Ends one session of the account. Its tokens are no longer valid.
    public static func endSession(_ id: SessionID) -> APICall<Void> { EndSession.call(id) }

    public enum EndOtherSessions: AccountEndpoint {
        public static let summary = "Ends all sessions of the account but the current one."
        public static let method = HTTPMethod.delete
        public static let path = EndpointPath("/api/auth/sessions")
        public static let count = Field<Int>("ended_count", "How many sessions were ended.")
        public static let answer = AnswerFormat.member(count)
        public static let capability: Capability? = .sessions
    }

    /// Ends all sessions of the account but the current one; returns how many.
    public static func endOtherSessions() -> APICall<Int> { EndOtherSessions.call() }
}
