import ChatSQLite
import ChatWire

/// Tells the server which conversations the person has deleted. A deleted conversation disappears here at once.
/// Messages to it that wait in the outbox are sent after the deletion.
struct DeletionWishes: Equatable, Sendable {
    /// Conversations that were fetched on this link to see whether they went on since they were deleted here.
    private var looked: Set<UserID> = []

    static func plan(_ context: inout EngineContext) throws(SQLiteError) {
        guard context.link.isUp else { return }
        for peer in try context.store.conversationDeletions.pending() {
            context.requests.plan.add(.deleteConversation(peer))
            context.outbox.awaitDeletion(of: peer)
        }
    }

    /// Tells the server, unless the conversation went on since: the server would delete those messages unseen.
    mutating func carryOut(_ peer: UserID, _ context: inout EngineContext) throws(SQLiteError) {
        guard try context.store.conversationDeletions.pending().contains(peer) else {
            context.outbox.deletionIsOver(of: peer)
            return context.requests.plan.finish(.deleteConversation(peer))
        }
        guard try !context.store.conversationDeletions.hasNews(of: peer) else {
            looked.remove(peer)
            context.requests.plan.finish(.deleteConversation(peer))
            try context.store.conversationDeletions.forget(peer)
            context.outbox.deletionIsOver(of: peer)
            return context.announce(.notice(.conversationKept(peer, reason: nil)))
        }
        // Only a page shows messages from another device, and messages of somebody who is no contact. Nothing is
        // unread, so the page marks nothing.
        if !context.requests.can(.sync), looked.insert(peer).inserted {
            context.requests.plan.finish(.deleteConversation(peer))
            context.requests.plan.add(.page(peer, limit: PageLimits.usual))
            return context.requests.plan.add(.deleteConversation(peer))
        }
        looked.remove(peer)
        context.ask(DeleteConversationQuestion(peer: peer), for: .deleteConversation(peer))
    }

    /// The server has deleted the conversation.
    static func done(_ peer: UserID, _ context: inout EngineContext) throws(SQLiteError) {
        try context.store.conversationDeletions.wasCarriedOut(peer)
        context.outbox.deletionIsOver(of: peer)
        context.announceRows(of: peer)
        // What has come since counts again.
        context.requests.plan.add(.unread)
    }

    /// The server will not delete the conversation: it is shown again.
    static func refused(
        _ peer: UserID, reason: String, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try context.store.conversationDeletions.takeBack(of: peer)
        context.outbox.deletionIsOver(of: peer)
        context.announce(.notice(.conversationKept(peer, reason: reason)))
    }
}
