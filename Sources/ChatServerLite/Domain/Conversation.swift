import ChatWire

/// The two users of a conversation. The order in which they are given does not matter.
package struct UserPair: Hashable, Sendable {
    package let lower: UserID
    package let higher: UserID

    package init(_ one: UserID, _ other: UserID) {
        lower = min(one, other)
        higher = max(one, other)
    }
}

/// The requested part of a conversation.
package struct ConversationPage: Equatable, Sendable {
    /// The maximum number of messages.
    package var limit: Int
    /// Only messages with lower ids: the newest of them.
    package var before: MessageID?
    /// Only messages with higher ids: the oldest of them, so that pages join without a gap.
    package var after: MessageID?

    package init(limit: Int, before: MessageID? = nil, after: MessageID? = nil) {
        self.limit = limit
        self.before = before
        self.after = after
    }
}

/// The order of a contact list: the most recent conversation first.
package enum ContactOrder: Equatable, Sendable {
    /// By the newest message. Contacts without messages come last, in the order in which they were added.
    case exact
    /// By the second of the newest message, because the real server stores whole seconds. Of contacts with
    /// equal or missing times, the newest contact comes first.
    case wholeSeconds
}
