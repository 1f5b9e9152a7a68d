import ChatWire

/// Removes secrets from reports and recordings: tokens, passwords, keys. Pure.
struct Redactor: Sendable {
    private var secrets: Set<String> = []

    static let replacement = "[redacted]"

    /// Members of JSON objects whose values are always secret.
    private static let keys: Set = ["password", "token", "auth", "p256dh", "authorization", "secret"]

    /// Hides a text from now on. Short texts are ignored: they are not secrets, and would remove too much from
    /// reports.
    mutating func hide(_ secret: String?) {
        if let secret, secret.utf8.count >= 6 { secrets.insert(secret) }
    }

    /// The text without hidden texts, without tokens, and without the values of secret members.
    func redact(_ text: String) -> String {
        var text = text
        // Longer ones first: one may be part of another.
        for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where text.contains(secret) {
            text = Self.replace(secret, in: text)
        }
        return Self.withoutTokens(Self.withoutMembers(text))
    }

    /// The value without secrets, including those in its texts.
    func redact(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(redact(text))
        case .array(let elements): return .array(elements.map(redact))
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map { member in
                        let isSecret = Self.keys.contains(member.key.lowercased())
                        if isSecret, case .string = member.value {
                            return .init(key: member.key, value: .string(Self.replacement))
                        }
                        return .init(key: member.key, value: redact(member.value))
                    }))
        default: return value
        }
    }

    private static func replace(_ part: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: part) {
            result += rest[..<range.lowerBound] + replacement
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    /// Three runs of base64url with dots between them; the first begins like JSON.
    private static func withoutTokens(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "eyJ") {
            let candidate = rest[start.lowerBound...].prefix { character in
                character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
            }
            result += rest[..<start.lowerBound]
            result += candidate.split(separator: ".").count >= 2 ? replacement : String(candidate)
            rest = rest[candidate.endIndex...]
        }
        return result + rest
    }

    /// `"password":"…"` and `password: "…"`, in JSON and in the steps of a script.
    private static func withoutMembers(_ text: String) -> String {
        var text = text
        for key in keys { text = withoutMember(key, text) }
        return text
    }

    private static func withoutMember(_ key: String, _ text: String) -> String {
        guard text.lowercased().contains(key) else { return text }
        var result: [Character] = []
        var rest = Array(text)[...]
        let name = Array(key)
        while !rest.isEmpty {
            guard rest.count > name.count, zip(rest, name).allSatisfy({ $0.lowercased() == String($1) }),
                let value = valueRange(in: rest.dropFirst(name.count))
            else {
                result.append(rest.removeFirst())
                continue
            }
            result += rest[..<value.lowerBound] + Array(replacement)
            rest = rest[value.upperBound...]
        }
        return String(result)
    }

    /// The range inside the quoted text after a colon.
    private static func valueRange(in text: ArraySlice<Character>) -> Range<Int>? {
        var index = text.startIndex
        func skip(_ characters: String) {
            while index < text.endIndex, characters.contains(text[index]) { index += 1 }
        }
        skip("\\\"")
        skip(" ")
        guard index < text.endIndex, text[index] == ":" else { return nil }
        index += 1
        skip(" \\")
        guard index < text.endIndex, text[index] == "\"" else { return nil }
        index += 1
        let start = index
        while index < text.endIndex, text[index] != "\"" {
            // An escaped quote belongs to the text, unless the quotes themselves are escaped.
            index += text[index] == "\\" && index + 1 < text.endIndex && text[start - 2] != "\\" ? 2 : 1
        }
        return start..<min(index, text.endIndex)
    }
}
