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
        /// `user_id` is missing or not an integer.
        case noUser
    }

    private let algorithm: TokenAlgorithm
    private let secret: [UInt8]
    private let lifetime: Duration
    private let bindsToAccounts: Bool
    private let encodedHeader: String

    /// - Parameter bindsToAccounts: whether a token is valid only for an account that existed when the token
    ///   was issued. The real server does not check this, but refuses an `iat` in the future.
    public init(
        algorithm: TokenAlgorithm, secret: [UInt8], lifetime: Duration, bindsToAccounts: Bool = true
    ) {
        self.algorithm = algorithm
        self.secret = secret
        self.lifetime = lifetime
        self.bindsToAccounts = bindsToAccounts
        let header: JSONValue = ["alg": .string(algorithm.rawValue), "typ": "JWT"]
        encodedHeader = Base64URL.encode(header.serialized())
    }

    /// A fresh token for an account. Its time of issue is never before the account's creation, even if the
    /// clock was set back since.
    public func token(for user: User, now: Timestamp) -> String {
        guard bindsToAccounts, let made = user.createdAt else { return token(for: user.id, now: now) }
        return token(for: user.id, now: max(now, made))
    }

    /// A fresh token for `user`, valid from `now` for the signer's lifetime.
    public func token(for user: UserID, now: Timestamp) -> String {
        let issued = now.microseconds / 1_000_000
        let (expires, overflows) = issued.addingReportingOverflow(lifetime.components.seconds)
        let claims: JSONValue = [
            "user_id": .integer(user.rawValue), "exp": .integer(overflows ? .max : expires),
            "iat": .integer(issued),
        ]
        let signed = encodedHeader + "." + Base64URL.encode(claims.serialized())
        return signed + "." + Base64URL.encode(signature(of: Array(signed.utf8)))
    }

    /// The account that a token claims to be for.
    public struct Holder: Equatable, Sendable {
        public let user: UserID
        /// The time of issue in whole seconds; nil when the token has none.
        public let issuedAt: Int64?

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
        guard constantTimeEqual(code, signature(of: Array(signed))) else { throw .badSignature }
        guard let claims = Self.object(parts[1]) else { throw .malformed }
        try check(claims, at: now)
        guard let user = claims["user_id"]?.integerValue else { throw .noUser }
        let issuedAt = claims["iat"].flatMap(Self.time).map { Int64(clamping: $0) }
        return Holder(user: UserID(user), issuedAt: issuedAt)
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
        }
        for key in ["iat", "nbf"] {
            guard let claim = claims[key] else { continue }
            guard let time = Self.time(claim) else { throw .malformed }
            // A clock that was set back must not sign everybody out, so only `nbf` counts. Machines that
            // share a secret agree to within a second at best.
            guard key == "nbf" || !bindsToAccounts else { continue }
            if time > seconds + 1 { throw .notYetValid }
        }
    }

    private static func time(_ claim: JSONValue) -> Double? {
        claim.doubleValue ?? claim.integerValue.map { Double($0) }
    }

    private func signature(of bytes: [UInt8]) -> [UInt8] {
        let hash: HashAlgorithm =
            switch algorithm {
            case .hs256: .sha256
            case .hs384: .sha384
            case .hs512: .sha512
            }
        return HMAC.authenticate(bytes, key: secret, using: hash)
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
