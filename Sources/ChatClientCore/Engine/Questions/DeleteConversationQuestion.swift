import ChatSQLite
import ChatWire

/// Tells the server of a conversation that the person has deleted.
struct DeleteConversationQuestion: WishQuestion, EndpointQuestion, SyncStep {
    /// The number of messages that the server has deleted.
    typealias Answer = Int

    let peer: UserID

    var call: APICall<Answer> { API.deleteConversation(with: peer) }

    /// The new messages of the conversation must be known: the server would delete them unseen.
    func mustWait(in plan: SyncPlan) -> Bool {
        let news: [SyncPlan.Step] = [.serverInformation, .contacts, .unread, .changes]
        return news.contains(where: plan.isOpen) || plan.hasOpen { ($0 as? PageStep)?.peer == peer }
    }

    func begin(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try sync.known.deletions.carryOut(peer, &context)
    }

    func receive(
        _ answer: Int, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        try DeletionWishes.done(peer, &context)
    }

    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try DeletionWishes.refused(peer, reason: reason, &context)
        sync.known.pages.forget(peer)
        if peer == context.attention.openPeer { sync.known.pages.refresh(peer, &context) }
    }
}

extension SyncPlan.Step {
    static func deleteConversation(_ peer: UserID) -> Self { Self(DeleteConversationQuestion(peer: peer)) }
}
