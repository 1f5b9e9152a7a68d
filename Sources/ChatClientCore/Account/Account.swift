import ChatWire

/// The person who is signed in.
public struct Account: Hashable, Sendable {
    public let user: User
    /// When the token stops being accepted, by its own `exp`; nil when it does not say.
    public let expiresAt: Timestamp?

    public init(user: User, expiresAt: Timestamp?) {
        self.user = user
        self.expiresAt = expiresAt
    }
}
