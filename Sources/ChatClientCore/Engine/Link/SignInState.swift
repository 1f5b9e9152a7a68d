import ChatWire

/// The token of the account, whether it is known to belong to the account of the cache, and how a refused one is
/// replaced.
struct SignInState: Equatable, Sendable {
    /// Whether the program can sign in again without the person. It tries once; a link that comes up allows another try.
    enum Renewal: Equatable, Sendable {
        case impossible, possible, running, tried
    }

    private(set) var token: String?
    /// The server has said that the token belongs to the account of this cache.
    private(set) var isAccountKnown = false
    private(set) var renewal = Renewal.impossible

    init(token: String?) { self.token = token }

    var isSignedIn: Bool { token != nil }

    /// The program has a way to sign in again without the person.
    mutating func allowRenewal() { renewal = .possible }

    /// The person signed in again, or a program did.
    mutating func signedIn(with fresh: String) {
        token = fresh
        isAccountKnown = false
        if renewal == .running { renewal = .tried }
    }

    /// The server has exchanged the token for a fresh one of the same account.
    mutating func exchanged(for fresh: String) { token = fresh }

    /// The server is asked for the account of the token once more.
    mutating func accountIsAsked() { isAccountKnown = false }

    mutating func accountIsConfirmed() { isAccountKnown = true }

    /// The link is up with this token.
    mutating func linkCameUp() {
        if renewal == .tried { renewal = .possible }
    }

    /// The server does not accept the token. True when the program shall sign in again by itself.
    ///
    /// - Parameter isEnded: somebody has ended the session. Then only the person signs in again.
    mutating func tokenRefused(isEnded: Bool = false) -> Bool {
        token = nil
        isAccountKnown = false
        guard renewal == .possible, !isEnded else { return false }
        renewal = .running
        return true
    }

    /// Only the person can sign in now.
    mutating func renewalFailed() {
        if renewal == .running { renewal = .tried }
    }

    /// True when less than a quarter of the token's life is left.
    func isRenewalDue(at wall: Timestamp) -> Bool {
        guard let token, let claims = TokenClaims(token: token), let expires = claims.expiresAt else {
            return false
        }
        let life = expires.microseconds &- (claims.issuedAt ?? wall).microseconds
        return expires.microseconds &- wall.microseconds < life / 4
    }
}
