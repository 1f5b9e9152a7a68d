import ChatCrypto
import ChatWire
import Foundation
import Testing

/// The recordings of the real API.
enum Recordings {
    static func load(_ name: String) throws -> JSONValue {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        let data = try Data(contentsOf: url.appendingPathComponent("fixtures/transcripts/\(name).json"))
        return try JSONValue(parsing: [UInt8](data))
    }

    static let rest = Result { try load("rest") }
    static let socket = Result { try load("socket") }
}

/// What the recording calls by one number and this run by another.
struct RecordedWorld {
    enum Kind: Hashable { case user, contact, message }

    private var numbers: [Kind: [Int64: Int64]] = [:]
    let secret: [UInt8]

    init(secret: [UInt8]) { self.secret = secret }

    mutating func learn(_ kind: Kind, _ recorded: Int64, is actual: Int64) {
        numbers[kind, default: [:]][recorded] = actual
    }

    /// Unknown numbers stand for themselves.
    func number(_ kind: Kind, _ recorded: Int64) -> Int64 { numbers[kind]?[recorded] ?? recorded }

    /// A recorded token as it would be now: the same claims, moved to today and to this run's user. One whose
    /// signature was wrong in the recording stays as it is.
    func token(_ recorded: String, recordedAt: Int64) -> String {
        let parts = recorded.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Self.json(parts[0]),
            var claims = Self.json(parts[1])?.objectValue,
            let hash = Self.hash(header), let code = try? Base64URL.decode(parts[2]),
            HMAC.isValid(code, for: Array((parts[0] + "." + parts[1]).utf8), key: secret, using: hash)
        else { return recorded }
        let shift = Int64(Date().timeIntervalSince1970) - recordedAt
        for key in ["exp", "iat"] {
            guard let time = claims[key]?.integerValue else { continue }
            claims[key] = .integer(time + shift)
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

    // MARK: Comparing

    /// Keys that the extensions of this server add.
    private static let extensions: Set = ["capabilities", "status", "temp_id", "delivered_at", "read_at"]

    /// What differs between an answer of the recording and one of this run, in words.
    func differences(_ recorded: JSONValue, _ actual: JSONValue, at path: String = "$", in owner: String = "")
        -> [String]
    {
        switch (recorded, actual) {
        case (.object(let left), .object(let right)):
            let added = right.members.map(\.key).filter { left[$0] == nil && !Self.extensions.contains($0) }
            var found = added.map { "\(path).\($0) is new" }
            for member in left.members {
                guard let value = right[member.key] else {
                    found.append("\(path).\(member.key) is missing")
                    continue
                }
                found += differences(member, value, at: path, in: owner)
            }
            return found
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return ["\(path): \(left.count) became \(right.count)"] }
            return zip(left, right).enumerated().flatMap { index, pair in
                differences(pair.0, pair.1, at: "\(path)[\(index)]", in: owner)
            }
        default:
            return recorded == actual ? [] : ["\(path): \(recorded) became \(actual)"]
        }
    }

    private func differences(
        _ member: JSONObject.Member, _ actual: JSONValue, at path: String, in owner: String
    ) -> [String] {
        let path = "\(path).\(member.key)"
        switch member.key {
        case "token":
            return actual.stringValue?.split(separator: ".").count == 3 ? [] : ["\(path) is no token"]
        case "created_at", "updated_at", "last_message_time":
            let forms = [member.value, actual].map { Self.dateForm($0) }
            return forms[0] == forms[1] ? [] : ["\(path): \(member.value) became \(actual)"]
        case "by_contact":
            let mapped = member.value.objectValue?.members.map { member in
                JSONObject.Member(
                    key: Int64(member.key).map { String(number(.user, $0)) } ?? member.key,
                    value: member.value)
            }
            return .object(JSONObject(mapped ?? [])) == actual
                ? [] : ["\(path): \(member.value) became \(actual)"]
        default:
            if let kind = Self.kind(of: member.key, in: owner) {
                // Section 7: an id comes back as an integer, however it was sent.
                guard case .integer(let id) = actual, let recorded = member.value.integerValue else {
                    return ["\(path) is no integer"]
                }
                return number(kind, recorded) == id ? [] : ["\(path): \(recorded) became \(id)"]
            }
            return differences(member.value, actual, at: path, in: member.key)
        }
    }

    private static func kind(of key: String, in owner: String) -> Kind? {
        switch key {
        case "sender_id", "receiver_id", "contact_user_id", "user_id": return .user
        case "contact_id": return .contact
        case "id":
            switch owner {
            case "user", "users": return .user
            case "contact": return .contact
            case "message", "messages": return .message
            default: return nil
            }
        default: return nil
        }
    }

    private static func dateForm(_ value: JSONValue) -> String {
        guard let text = value.stringValue else { return "\(value)" }
        if text.hasSuffix(" GMT") { return WireDate.parse(text) == nil ? text : "HTTP" }
        // The fraction is there or not: the real one's database drops it.
        return WireDate.parse(text) == nil ? text : "ISO"
    }
}
