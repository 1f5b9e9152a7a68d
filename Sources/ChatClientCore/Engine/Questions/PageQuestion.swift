import ChatSQLite
import ChatWire

/// The newest messages of a conversation.
struct PageQuestion: SyncQuestion {
    typealias Answer = PartialList<Message>

    let peer: UserID
    let limit: Int
    /// Asks without marking anything as read.
    let isPeek: Bool

    var comparesNewestID: Bool { true }

    nonisolated(nonsending) func ask(
        _ rest: RESTClient, token: String?
    ) async throws(ChatError) -> PartialList<Message> {
        let call = API.conversation(with: peer, limit: limit, peek: isPeek)
        return try await rest.list(call, "messages", token: token)
    }

    func receive(
        _ list: PartialList<Message>, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        let request = OlderRequest(
            peer: peer, limit: limit, before: nil, isPeek: isPeek, known: asked.knownAtRequest)
        let page = sync.page(
            list.elements, leftOut: list.leftOutCount, answering: request, at: now, context)
        if !list.elements.isEmpty { sync.known.counts.wasShown(peer) }
        try sync.receive(page, at: now, &context)
    }

    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        context.outbox.deferLookUp(peer)
    }
}

/// Asks for the newest messages of a conversation, without marking them as read where the server can do that.
struct PageStep: SyncStep {
    let peer: UserID
    let limit: Int

    /// It must be known whether the page would mark messages as read.
    func mustWait(in plan: SyncPlan) -> Bool { plan.isOpen(.serverInformation) }

    /// Something may have arrived since the page was planned. Then the page would mark it as read unseen.
    func begin(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        let step = SyncPlan.Step(self)
        if try sync.known.marksNothing(peer, context) {
            let question = PageQuestion(peer: peer, limit: limit, isPeek: context.canPeek)
            return context.ask(question, for: step)
        }
        context.requests.plan.finish(step)
        sync.known.pages.notFetched(peer)
        context.outbox.deferLookUp(peer)
    }
}

extension SyncPlan.Step {
    static func page(_ peer: UserID, limit: Int) -> Self { Self(PageStep(peer: peer, limit: limit)) }
}
