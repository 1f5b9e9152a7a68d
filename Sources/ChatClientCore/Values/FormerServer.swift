/// Why what the cache holds is of a server that is there no more.
public enum FormerServerReason: Int64, Hashable, Sendable {
    /// The server says that it has another database, as after a backup was put back.
    case otherDatabase = 1
    /// The token speaks for another account, or the account was made anew.
    case otherAccount = 2
    /// The server's numbers have gone back: what it had confirmed is gone.
    case wentBack = 3
    /// A number that was known stands for another message.
    case otherMessages = 4
}

/// Why a message waits for the person's word, where it is not that it has waited for too long.
public enum HeldReason: Int64, Hashable, Sendable {
    /// It was entered for a server that is there no more.
    case formerServer = 1
    /// The server had confirmed it, and does not have it any more.
    case goneFromServer = 2
}

/// What the cache still holds of a server that is there no more.
public struct FormerServer: Hashable, Sendable {
    /// Why it is known to be another one than the present; `wentBack` when the present one has lost messages.
    public let reason: FormerServerReason
    /// Messages that only the former server had.
    public let messages: Int
    /// Messages that wait for the person's word because of it.
    public let held: Int

    /// Programs receive it from ``ChatClient``, their tests make it.
    public init(reason: FormerServerReason, messages: Int, held: Int) {
        self.reason = reason
        self.messages = messages
        self.held = held
    }
}
