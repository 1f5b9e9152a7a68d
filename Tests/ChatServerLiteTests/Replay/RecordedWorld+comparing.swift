import ChatWire

@testable import ChatServerLite
@testable import ServerTestSupport

extension RecordedWorld {
    /// Keys that this server's extensions add.
    private static let extensions: Set = [
        "capabilities", "epoch", "status", "temp_id", "delivered_at", "read_at", "up_to_id",
    ]
    private static let userKeys: Set = [
        "sender_id", "receiver_id", "contact_user_id", "user_id", "by_user_id", "reader_id", "senderId",
    ]

    /// The differences between a recorded answer and one of this run, in words.
    ///
    /// - Parameter owner: the kind of the value, such as `user` or `message`. Its `id` is an id of that kind.
    func differences(
        _ recorded: JSONValue, _ actual: JSONValue, at path: String = "$", in owner: String = ""
    ) -> [String] {
        switch (recorded, actual) {
        case (.object(let left), .object(let right)):
            var found = added(left, right).map { "\(path).\($0) is new" }
            for member in left.members {
                guard let value = right[member.key] else {
                    found.append("\(path).\(member.key) is missing")
                    continue
                }
                found += differences(member, value, at: "\(path).\(member.key)", in: owner)
            }
            return found
        case (.array(let left), .array(let unsorted)):
            let right = owner == "contacts" ? inRecordedOrder(unsorted, left) : unsorted
            guard left.count == right.count else { return ["\(path): \(left.count) became \(right.count)"] }
            return zip(left, right).enumerated().flatMap { index, pair in
                differences(pair.0, pair.1, at: "\(path)[\(index)]", in: owner)
            }
        default:
            return recorded == actual ? [] : ["\(path): \(recorded) became \(actual)"]
        }
    }

    /// The original orders contacts by whole seconds, so the recorded order depends on the recorder's speed.
    private func inRecordedOrder(_ contacts: [JSONValue], _ recorded: [JSONValue]) -> [JSONValue] {
        guard manner == .recorded else { return contacts }
        let places = Dictionary(
            recorded.enumerated().map { (number(.contact, $1["contact_id"]?.integerValue ?? 0), $0) },
            uniquingKeysWith: { first, _ in first })
        func place(_ contact: JSONValue) -> Int { places[contact["contact_id"]?.integerValue ?? 0] ?? .max }
        return contacts.sorted { place($0) < place($1) }
    }

    private func added(_ left: JSONObject, _ right: JSONObject) -> [String] {
        right.members.map(\.key).filter {
            left[$0] == nil && (manner == .recorded || !Self.extensions.contains($0))
        }
    }

    private func differences(
        _ member: JSONObject.Member, _ actual: JSONValue, at path: String, in owner: String
    ) -> [String] {
        switch member.key {
        case "token":
            return tokenDifferences(member.value, actual, at: path)
        case "publicKey":
            return actual.stringValue?.count == 87 ? [] : ["\(path): \(actual) is no key"]
        case "created_at", "updated_at", "last_message_time":
            let forms = [member.value, actual].map { dateForm($0) }
            return forms[0] == forms[1] ? [] : ["\(path): \(member.value) became \(actual)"]
        case "by_contact":
            let mapped = JSONValue.object(withTodaysUsers(member.value))
            return mapped == actual ? [] : ["\(path): \(mapped) became \(actual)"]
        default:
            guard let kind = Self.kind(of: member.key, in: owner), member.value != .null else {
                return differences(member.value, actual, at: path, in: member.key)
            }
            return numberDifferences(kind, member.value, actual, at: path)
        }
    }

    private func withTodaysUsers(_ counts: JSONValue) -> JSONObject {
        JSONObject(
            (counts.objectValue?.members ?? []).map { member in
                JSONObject.Member(
                    key: Int64(member.key).map { String(number(.user, $0)) } ?? member.key,
                    value: member.value)
            })
    }

    private func numberDifferences(
        _ kind: Kind, _ recorded: JSONValue, _ actual: JSONValue, at path: String
    ) -> [String] {
        guard let before = recorded.integerValue else {
            return recorded == actual ? [] : ["\(path): \(recorded) became \(actual)"]
        }
        let today = number(kind, before)
        let expected: JSONValue
        switch (recorded, manner) {
        case (.string, .recorded): expected = .string("\(today)")
        case (.double, .recorded): expected = .double(Double(today))
        // An id is returned as an integer, whatever its form in the request.
        default: expected = .integer(today)
        }
        return actual == expected ? [] : ["\(path): \(expected) became \(actual)"]
    }

    private func tokenDifferences(_ recorded: JSONValue, _ actual: JSONValue, at path: String) -> [String] {
        guard let before = Self.read(recorded.stringValue ?? ""),
            var today = Self.read(actual.stringValue ?? "")
        else { return ["\(path) is no token"] }
        if manner == .extended {
            // Our own tokens also name their key and their session.
            guard var header = today.header.objectValue, var claims = today.claims.objectValue,
                header["kid"]?.stringValue != nil, claims["sid"]?.integerValue != nil
            else { return ["\(path) names no key or no session"] }
            header["kid"] = nil
            claims["sid"] = nil
            today = (.object(header), .object(claims))
        }
        var found = differences(before.header, today.header, at: path + "<header>")
        let keys = [before, today].map { ($0.claims.objectValue?.members ?? []).map(\.key).sorted() }
        if keys[0] != keys[1] { found.append("\(path): the claims \(keys[0]) became \(keys[1])") }
        let lifetimes = [before, today].map {
            ($0.claims["exp"]?.integerValue ?? 0) - ($0.claims["iat"]?.integerValue ?? 0)
        }
        // The documentation says hours, but the real server counts days.
        let lifetime = manner == .recorded ? lifetimes[0] : lifetimes[0] / 24
        if lifetimes[1] != lifetime { found.append("\(path): it lives \(lifetimes[1]) s, not \(lifetime)") }
        let user = number(.user, before.claims["user_id"]?.integerValue ?? 0)
        if today.claims["user_id"] != .integer(user) { found.append("\(path) is not user \(user)'s") }
        return found
    }

    private static func kind(of key: String, in owner: String) -> Kind? {
        if userKeys.contains(key) { return .user }
        if key == "contact_id" { return .contact }
        guard key == "id" else { return nil }
        switch owner {
        case "user", "users", "from_user": return .user
        case "contact": return .contact
        case "message", "messages", "new_message": return .message
        default: return nil
        }
    }

    private func dateForm(_ value: JSONValue) -> String {
        guard let text = value.stringValue, WireDate.parse(text) != nil else { return "\(value)" }
        if text.hasSuffix(" GMT") { return "HTTP" }
        // The real server's database drops the fraction of a second; ours stores it.
        return manner == .recorded && text.contains(".") ? "ISO with fraction" : "ISO"
    }
}
