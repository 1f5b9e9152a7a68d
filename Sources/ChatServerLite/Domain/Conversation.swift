import ChatWire

/// The two users of a conversation, in whichever order they are named.
package struct UserPair: Hashable, Sendable {
    package let lower: UserID
    package let higher: UserID

    package init(_ one: UserID, _ other: UserID) {
        lower = min(one, other)
        higher = max(one, other)
    }
}

/// Which part of a conversation is wanted.
package struct ConversationPage: Equatable, Sendable {
    /// At most this many messages.
    package var limit: Int
    /// Only messages with lower ids; of these the newest.
    package var before: MessageID?
    /// Only messages with higher ids; of these the oldest, so that pages join without a gap.
    package var after: MessageID?

    package init(limit: Int, before: MessageID? = nil, after: MessageID? = nil) {
        self.limit = limit
        self.before = before
        self.after = after
    }
}

/// The order of a list of contacts: the most recent conversation first.
package enum ContactOrder: Equatable, Sendable {
    /// By the newest message; contacts without one follow in the order in which they were added.
    case exact
    /// By the second of the newest message, as the original server has only whole seconds; the newest contact
    /// comes first where times are the same or missing.
    case wholeSeconds
}
