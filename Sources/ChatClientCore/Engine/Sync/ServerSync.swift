import ChatSQLite
import ChatWire
import Logging

/// Keeps the cache in step with the server. What is asked, and what is done with an answer, is declared by each
/// ``SyncQuestion``; here is what they have in common: the state that they work on, and what follows when the cache
/// holds new facts. ``LinkKnowledge`` holds what is true only as long as one link lasts.
struct ServerSync: Sendable {
    /// The contact list as it came last.
    private(set) var contacts: [Contact] = []
    var wishes = ContactWishes()
    var known = LinkKnowledge()

    /// The link is down: what was learned on it counts no more.
    mutating func linkWentDown() { known = LinkKnowledge(toldOnLink: known.toldOnLink) }

    /// Plans what the person wants the server to be told: deletions, changes of contacts.
    func planWishes(_ context: inout EngineContext) throws(SQLiteError) {
        try wishes.plan(&context)
        try DeletionWishes.plan(&context)
    }

    static func planDeletions(_ context: inout EngineContext) throws(SQLiteError) {
        for id in try context.store.deletions.pending() { context.requests.plan.add(.deleteMessage(id)) }
    }

    // MARK: What follows

    /// Fetches the conversations that have news, once it is known what is news and what is unread.
    mutating func fetchChanged(_ context: inout EngineContext) throws(SQLiteError) {
        guard !context.requests.isCatchingUp else { return }
        known.caughtUp()
        try known.tellReadMarks(&context)
        try known.pages.fetchNews(in: contacts, &context)
    }

    /// Decides how unknown messages are settled. Looking first may mark a conversation as read, so it waits until it is
    /// known what is unread.
    static func decideResending(_ context: inout EngineContext) {
        guard context.requests.capabilities != nil, !context.requests.plan.isOpen(.serverInformation) else {
            return
        }
        if context.requests.can(.idempotentSend) {
            context.outbox.decide(.idempotent)
        } else if !context.requests.plan.isOpen(.unread) {
            context.outbox.decide(.lookFirst)
        }
    }

    /// The contact list, as the server gave it.
    mutating func keep(_ list: [Contact]) { contacts = list }
}
