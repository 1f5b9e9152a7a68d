import ChatWire

/// What changed, for the programs that show it: read the new state from ``ChatClient``.
///
/// Changes are hints and are coalesced: several of the same kind may arrive as one. Notices are not coalesced.
public enum ChatChange: Equatable, Sendable {
    case link(LinkState)
    /// The list of conversations: order, previews, unread counts, people, drafts.
    case conversations
    /// The messages of one conversation.
    case timeline(UserID)
    /// The person began (true) or stopped (false) typing to the account.
    case typing(UserID, Bool)
    case presence(UserID)
    case outbox(OutboxSummary)
    case notice(ChatNotice)
    case account(Account?)
}
