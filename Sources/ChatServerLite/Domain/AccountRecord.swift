import ChatWire

/// An account as those who run the server see it.
package struct AccountRecord: Equatable, Sendable {
    /// Whether somebody can use the account.
    package enum State: Equatable, Sendable {
        case active
        /// Nobody can sign in, until it is enabled again.
        case disabled(since: Timestamp)
        /// The person is gone. Only the number is left, because messages name it.
        case deleted(since: Timestamp)
    }

    package var user: User
    package var state: State

    package init(user: User, state: State) {
        self.user = user
        self.state = state
    }
}

/// Some of the messages that a user wrote or received, in the order of their ids.
package struct OwnMessages: Equatable, Sendable {
    package var messages: [Message]
    /// Where to continue; nil when there are no more.
    package var next: MessageID?

    package init(messages: [Message], next: MessageID?) {
        self.messages = messages
        self.next = next
    }
}
