import ChatWire

/// The person who is signed in.
public struct Account: Hashable, Sendable {
    /// The user, as the server returned it at sign-in.
    public let user: User
    /// When the token expires, according to its own `exp`; nil when it has none.
    public let expiresAt: Timestamp?

    /// An account. Programs receive theirs from ``ChatClient``; tests make them.
    public init(user: User, expiresAt: Timestamp?) {
        self.user = user
        self.expiresAt = expiresAt
    }
}
