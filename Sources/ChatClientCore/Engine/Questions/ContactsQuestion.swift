import ChatSQLite
import ChatWire

/// The contact list.
struct ContactsQuestion: SyncQuestion, SyncStep {
    typealias Answer = PartialList<Contact>

    var comparesNewestID: Bool { true }

    nonisolated(nonsending) func ask(
        _ rest: RESTClient, token: String?
    ) async throws(ChatError) -> PartialList<Contact> {
        try await rest.list(API.contacts(), "contacts", token: token)
    }

    func receive(
        _ list: PartialList<Contact>, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        sync.known.list.receive(
            list.elements, leftOut: list.leftOutCount, known: asked.knownAtRequest, at: now.monotonic)
        try sync.takeUnwitnessed(at: now, &context)
        sync.keep(list.elements)
        let result = try context.store.apply([.contacts(list.elements, isWhole: list.isWhole)])
        try sync.stored(result, isLive: false, at: now, &context)
        // Those who were missing are removed if the next list says so, too.
        if try context.store.people.isAnyContactMissing() {
            context.requests.plan.add(.contacts, after: DoubtPause.first, at: now.monotonic)
        }
        context.renewTokenIfDue(at: now)
        try sync.fetchChanged(&context)
    }

    /// Pages do not wait for a list that cannot be had.
    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try sync.takeUnwitnessed(at: now, &context)
    }

    func isPostponed(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try sync.takeUnwitnessed(at: now, &context)
    }
}

extension SyncPlan.Step {
    static let contacts = Self(ContactsQuestion())
}
