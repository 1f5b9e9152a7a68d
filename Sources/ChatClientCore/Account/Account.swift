import ChatWire

/// The person who is signed in.
public struct Account: Hashable, Sendable {
    /// Who it is, as the server told at the sign-in.
    public let user: User
    /// When the token stops being accepted, by its own `exp`; nil when it does not say.
    public let expiresAt: Timestamp?

    /// An account; programs receive theirs from ``ChatClient``, their tests make them.
    public init(user: User, expiresAt: Timestamp?) {
        self.user = user
        self.expiresAt = expiresAt
    }
}
