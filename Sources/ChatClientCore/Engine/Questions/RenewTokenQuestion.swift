import ChatSQLite
import ChatWire

/// Exchanges a token that expires soon for a fresh one.
struct RenewTokenQuestion: SyncQuestion, EndpointQuestion, SyncStep {
    /// The fresh token.
    typealias Answer = String

    var call: APICall<Answer> { API.refresh() }

    func receive(
        _ fresh: String, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        context.signIn.exchanged(for: fresh)
        context.add(.keepToken(fresh))
    }
}

extension SyncPlan.Step {
    static let renewToken = Self(RenewTokenQuestion())
}
