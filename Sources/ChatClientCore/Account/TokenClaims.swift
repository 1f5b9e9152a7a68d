import ChatCrypto
import ChatWire

/// The claims in a JWT. They are read but never trusted: only the server can check the signature.
struct TokenClaims: Equatable, Sendable {
    let userID: UserID?
    let issuedAt: Timestamp?
    let expiresAt: Timestamp?
    /// The session that the token belongs to; nil on servers without sessions.
    let session: SessionID?

    /// Nil for a text that is not a JWT.
    init?(token: String) {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = try? Base64URL.decode(Array(parts[1]), padding: .optional),
            let json = try? JSONValue(parsing: bytes), json.objectValue != nil
        else { return nil }
        userID = json["user_id"]?.integerValue.map { UserID($0) }
        issuedAt = json["iat"]?.integerValue.map { Timestamp(seconds: $0) }
        expiresAt = json["exp"]?.integerValue.map { Timestamp(seconds: $0) }
        session = json["sid"]?.integerValue.map { SessionID($0) }
    }
}
