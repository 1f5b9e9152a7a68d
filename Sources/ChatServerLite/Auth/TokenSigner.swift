import ChatCrypto
import ChatWire

/// Issues and checks the API's tokens: JWT (RFC 7519) signed by HMAC (RFC 7518 section 3.2).
public struct TokenSigner: Sendable {
    /// Why a token is refused.
    public enum Refusal: Error, Equatable, Sendable {
        /// The token is not three parts of base64url, or its header or claims are not a JSON object.
        case malformed
        /// The header names an algorithm other than this server's; `none` is one of those.
        case otherAlgorithm
        case badSignature
        case expired
        /// `nbf` lies in the future; so does `iat`, for a signer that checks it.
        case notYetValid
        /// There is no `exp`, so the token would never end.
        case endless
        /// `user_id` is missing or not an integer.
        case noUser
    }

    private let algorithm: TokenAlgorithm
    private let ring: TokenKeyring
    /// How long a token is valid.
    let lifetime: Duration
    private let bindsToAccounts: Bool
    /// Whether tokens name the key that signed them.
    private let namesKeys: Bool

    /// Signs with one secret, and names no key.
    ///
    /// - Parameter bindsToAccounts: whether a token is valid only for an account that existed when the token
    ///   was issued, and must end. The real server checks neither, but refuses an `iat` in the future.
    public init(
        algorithm: TokenAlgorithm, secret: [UInt8], lifetime: Duration, bindsToAccounts: Bool = true
    ) {
        self.init(
            algorithm: algorithm, ring: TokenKeyring([TokenKey(secret: secret)]), lifetime: lifetime,
            bindsToAccounts: bindsToAccounts, namesKeys: false)
    }

    /// Signs with the newest key of the ring at that time, and accepts tokens of all its keys.
    ///
    /// - Parameter namesKeys: whether tokens name their key (`kid`). The real server's do not.
    public init(
        algorithm: TokenAlgorithm, ring: TokenKeyring, lifetime: Duration, bindsToAccounts: Bool,
        namesKeys: Bool
    ) {
        self.algorithm = algorithm
        self.ring = ring
        self.lifetime = lifetime
        self.bindsToAccounts = bindsToAccounts
        self.namesKeys = namesKeys
    }

    /// The time of issue of a token that is made now. It is never before the account's creation, even if the
    /// clock was set back since.
    func issue(for user: User, now: Timestamp) -> Timestamp {
        guard bindsToAccounts, let made = user.createdAt else { return now }
        return max(now, made)
    }

    /// When a token of that time of issue expires.
    func expiry(ofTokenFrom issue: Timestamp) -> Timestamp {
        let (expires, overflows) = issue.seconds.addingReportingOverflow(lifetime.components.seconds)
        return Timestamp(seconds: overflows ? .max : expires)
    }

    /// A fresh token for an account; see ``issue(for:now:)``.
    public func token(for user: User, session: SessionID? = nil, now: Timestamp) -> String {
        token(for: user.id, session: session, now: issue(for: user, now: now))
    }

    /// A fresh token for `user`, valid from `now` for the signer's lifetime.
    ///
    /// - Parameter session: the session that the token belongs to; nil for none.
    public func token(for user: UserID, session: SessionID? = nil, now: Timestamp) -> String {
        let issued = now.microseconds / 1_000_000
        let (expires, overflows) = issued.addingReportingOverflow(lifetime.components.seconds)
        var claims = JSONObject([
            .init(key: "user_id", value: .integer(user.rawValue)),
            .init(key: "exp", value: .integer(overflows ? .max : expires)),
            .init(key: "iat", value: .integer(issued)),
        ])
        if let session { claims["sid"] = .integer(session.rawValue) }
        let key = ring.keys[0]
        var header = JSONObject([
            .init(key: "alg", value: .string(algorithm.rawValue)), .init(key: "typ", value: "JWT"),
        ])
        if namesKeys { header["kid"] = .string(key.id) }
        let signed =
            Base64URL.encode(JSONValue.object(header).serialized()) + "."
            + Base64URL.encode(JSONValue.object(claims).serialized())
        return signed + "." + Base64URL.encode(signature(of: Array(signed.utf8), by: key))
    }

    /// What a token claims, whose signature is right.
    public struct Holder: Equatable, Sendable {
        /// The account that the token is for.
        public let user: UserID
        /// The session that the token belongs to; nil for tokens of earlier versions, and of the original.
        public let session: SessionID?
        /// The time of issue in whole seconds; nil when the token has none.
        public let issuedAt: Int64?
        /// When the token expires, in whole seconds; nil when the token has no end.
        public let expiresAt: Int64?
        /// The key that signed it.
        public let key: String

        /// Whether the token can be this account's. A token issued before the account was created belongs to
        /// another account, which had the same id in a database that is gone. A token issued in the same
        /// second is valid.
        public func holds(_ account: User) -> Bool {
            guard let issuedAt, let made = account.createdAt else { return true }
            return issuedAt >= made.seconds
        }
    }

    /// The user that `token` was issued for. The caller checks that the user still exists.
    public func user(of token: String, now: Timestamp) throws(Refusal) -> UserID {
        try holder(of: token, now: now).user
    }

    /// Whether the token of `holder` was issued for `account`.
    public func accepts(_ holder: Holder, for account: User) -> Bool {
        !bindsToAccounts || holder.holds(account)
    }

    /// The user that `token` was issued for, and the time of issue. The caller checks that the account still
    /// exists.
    public func holder(of token: String, now: Timestamp) throws(Refusal) -> Holder {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, token.utf8.count <= Self.lengthMax else { throw .malformed }
        guard let header = Self.object(parts[0]), let code = try? Base64URL.decode(Array(parts[2])) else {
            throw .malformed
        }
        // This server understands no extensions, so it must refuse a token that requires one (RFC 7515
        // section 4.1.11).
        guard header["crit"] == nil else { throw .malformed }
        guard header["alg"]?.stringValue == algorithm.rawValue else { throw .otherAlgorithm }
        let signed = token.utf8.prefix(parts[0].count + 1 + parts[1].count)
        guard let key = key(of: Array(signed), code: code, named: header["kid"]?.stringValue) else {
            throw .badSignature
        }
        guard let claims = Self.object(parts[1]) else { throw .malformed }
        try check(claims, at: now)
        guard let user = claims["user_id"]?.integerValue else { throw .noUser }
        return Holder(
            user: UserID(user), session: claims["sid"]?.integerValue.map { SessionID($0) },
            issuedAt: claims["iat"].flatMap(Self.time).map { Int64(clamping: $0) },
            expiresAt: claims["exp"].flatMap(Self.time).map { Int64(clamping: $0) }, key: key.id)
    }

    /// Whether the key that signed a token is still one of the ring.
    func has(keyOf holder: Holder) -> Bool { ring.keys.contains { $0.id == holder.key } }

    /// The key whose signature of `bytes` is `code`. A name is only a hint: tokens of earlier versions, and of other
    /// servers with the same secret, have none or another.
    private func key(of bytes: [UInt8], code: [UInt8], named name: String?) -> TokenKey? {
        let keys = ring.keys
        if let named = keys.first(where: { $0.id == name }) {
            return constantTimeEqual(code, signature(of: bytes, by: named)) ? named : nil
        }
        return keys.first { constantTimeEqual(code, signature(of: bytes, by: $0)) }
    }

    /// The longest token in bytes. No token of this server is longer, so a longer one is refused before its
    /// signature is computed.
    private static let lengthMax = 4096

    private static func object(_ part: Substring.UTF8View) -> JSONValue? {
        guard let bytes = try? Base64URL.decode(Array(part)),
            let value = try? JSONValue(parsing: bytes), value.objectValue != nil
        else { return nil }
        return value
    }

    private func check(_ claims: JSONValue, at now: Timestamp) throws(Refusal) {
        let seconds = Double(now.microseconds) / 1_000_000
        if let expires = claims["exp"] {
            guard let time = Self.time(expires) else { throw .malformed }
            if time <= seconds { throw .expired }
        } else if bindsToAccounts {
            throw .endless
        }
        for key in ["iat", "nbf"] {
            guard let claim = claims[key] else { continue }
            guard let time = Self.time(claim) else { throw .malformed }
            // A token that begins after its end was not made by anybody in earnest.
            if bindsToAccounts, let expires = claims["exp"].flatMap(Self.time), time > expires {
                throw .malformed
            }
            // A clock that was set back must not sign everybody out, so only `nbf` counts. Machines that
            // share a secret agree to within a second at best.
            guard key == "nbf" || !bindsToAccounts else { continue }
            if time > seconds + 1 { throw .notYetValid }
        }
    }

    private static func time(_ claim: JSONValue) -> Double? {
        claim.doubleValue ?? claim.integerValue.map { Double($0) }
    }

    private func signature(of bytes: [UInt8], by key: TokenKey) -> [UInt8] {
        let hash: HashAlgorithm =
            switch algorithm {
            case .hs256: .sha256
            case .hs384: .sha384
            case .hs512: .sha512
            }
        return HMAC.authenticate(bytes, key: key.secret, using: hash)
    }
}

extension Int64 {
    /// The number rounded down, or the nearest integer that fits; 0 for NaN.
    fileprivate init(clamping number: Double) {
        guard !number.isNaN else {
            self = 0
            return
        }
        self = Int64(exactly: number.rounded(.down)) ?? (number < 0 ? .min : .max)
    }
}
