import ChatSQLite
import ChatWire

/// How many messages of each sender are unread.
struct UnreadQuestion: SyncQuestion, EndpointQuestion, SyncStep {
    typealias Answer = UnreadCounts

    var call: APICall<Answer> { API.unread() }

    func begin(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        sync.known.counts.asked()
        context.ask(self, for: .unread)
    }

    func receive(
        _ counts: UnreadCounts, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        // Skip the peers whose read mark the server is about to get: the count that follows is newer.
        let marked = context.requests.can(.readUpTo) ? try context.store.readMarks.pending().map(\.peer) : []
        let untold = counts.leftOut.union(marked)
        let doubtful = try sync.known.counts.doubtful(in: counts, sync.known.list, &context)
        let unsettled = sync.known.counts.unsettled.union(doubtful)
        let result = try context.store.apply([
            .unread(counts.bySender, unsettled: unsettled, untold: untold)
        ])
        try sync.stored(result, isLive: false, at: now, &context)
        try sync.known.counts.settle(
            counts, doubtful: doubtful, untold: untold, at: now.monotonic, &context)
        ServerSync.decideResending(&context)
        try sync.fetchChanged(&context)
    }
}

extension SyncPlan.Step {
    static let unread = Self(UnreadQuestion())
}
