import ChatSQLite

/// An entry of the plan. Its question is made when its turn has come. A question that needs nothing from that moment is
/// its own step.
protocol SyncStep: Hashable, Sendable {
    /// Whether it waits for other steps of the plan.
    func mustWait(in plan: SyncPlan) -> Bool

    /// Its turn has come: asks the question, or completes the step without one.
    func begin(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError)
}

extension SyncStep {
    func mustWait(in plan: SyncPlan) -> Bool { false }
}

extension SyncStep where Self: ServerQuestion {
    func begin(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        context.ask(self, for: SyncPlan.Step(self))
    }
}
