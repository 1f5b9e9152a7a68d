import ChatCrypto
import ChatWire
import Foundation

@testable import ChatServerLite
@testable import ServerTestSupport

/// Maps the ids of the recording to those of this run, and compares the two.
struct RecordedWorld {
    enum Kind: Hashable { case user, contact, message }

    let secret: [UInt8]
    /// The behaviour whose rules apply. In the original behaviour nothing may differ.
    let manner: Manner
    private var numbers: [Kind: [Int64: Int64]] = [:]

    init(secret: [UInt8], manner: Manner) {
        self.secret = secret
        self.manner = manner
    }

    mutating func learn(_ kind: Kind, _ recorded: Int64, is actual: Int64) {
        numbers[kind, default: [:]][recorded] = actual
    }

    func knows(_ kind: Kind, _ recorded: Int64) -> Bool { numbers[kind]?[recorded] != nil }

    /// The current id for a recorded one. An unknown id stays as it is.
    func number(_ kind: Kind, _ recorded: Int64) -> Int64 { numbers[kind]?[recorded] ?? recorded }

    // MARK: Tokens

    /// A recorded token as it would be now: the same claims, with current times and this run's user. A token
    /// whose recorded signature was wrong stays as it is.
    func token(_ recorded: String, recordedAt: Int64) -> String {
        let parts = recorded.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Self.json(parts[0]),
            var claims = Self.json(parts[1])?.objectValue,
            let hash = Self.hash(header), let code = try? Base64URL.decode(parts[2]),
            HMAC.isValid(code, for: Array((parts[0] + "." + parts[1]).utf8), key: secret, using: hash)
        else { return recorded }
        let shift = Self.now - recordedAt
        for key in ["exp", "iat"] {
            guard let time = claims[key]?.integerValue else { continue }
            // The account is created just before the token is used. A token that was valid must not be older
            // than it.
            claims[key] = .integer(key == "iat" && time <= recordedAt ? Self.now : time + shift)
        }
        switch claims["user_id"] {
        case .integer(let user): claims["user_id"] = .integer(number(.user, user))
        case .string(let text):
            claims["user_id"] = .string(Int64(text).map { String(number(.user, $0)) } ?? text)
        default: break
        }
        let signed = parts[0] + "." + Base64URL.encode(JSONValue.object(claims).serialized())
        return signed + "."
            + Base64URL.encode(HMAC.authenticate(Array(signed.utf8), key: secret, using: hash))
    }

    /// The header and the claims; nil when the text is not a token.
    static func read(_ token: String) -> (header: JSONValue, claims: JSONValue)? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = json(parts[0]), let claims = json(parts[1]) else { return nil }
        return (header, claims)
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    private static func json(_ part: String) -> JSONValue? {
        (try? Base64URL.decode(part)).flatMap { try? JSONValue(parsing: $0) }
    }

    private static func hash(_ header: JSONValue) -> HashAlgorithm? {
        switch header["alg"]?.stringValue {
        case "HS256": .sha256
        case "HS512": .sha512
        default: nil
        }
    }
}
