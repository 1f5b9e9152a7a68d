/// Why content of the cache belongs to a former server.
public enum FormerServerReason: Int64, Hashable, Sendable {
    /// The server says that it has another database, for example after a backup was restored.
    case otherDatabase = 1
    /// The token belongs to another account, or the account was created again.
    case otherAccount = 2
    /// The server's ids have gone backwards: messages that it had confirmed are gone.
    case wentBack = 3
    /// A known id stands for another message.
    case otherMessages = 4
}

/// Why a message is held, if the reason is not its age.
public enum HeldReason: Int64, Hashable, Sendable {
    /// It was entered for a former server.
    case formerServer = 1
    /// The server had confirmed it and no longer has it.
    case goneFromServer = 2
}

/// What the cache still holds of a former server.
public struct FormerServer: Hashable, Sendable {
    /// Why it is known to be another server than the current one; `wentBack` when the current one has lost messages.
    public let reason: FormerServerReason
    /// Messages that only the former server had.
    public let messages: Int
    /// Messages that wait for the person's decision because of it.
    public let held: Int

    /// Makes the value. Programs receive it from ``ChatClient``; tests make it.
    public init(reason: FormerServerReason, messages: Int, held: Int) {
        self.reason = reason
        self.messages = messages
        self.held = held
    }
}
