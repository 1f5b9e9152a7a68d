import ChatWire

/// A difference: its place in the value, what was expected there, and what was found.
struct Mismatch: Error, Hashable {
    /// Such as `.data.contacts[0]`; empty for the value itself.
    var path: String
    var expected: String
    var came: String

    func inside(_ step: String) -> Mismatch {
        Mismatch(path: step + path, expected: expected, came: came)
    }

    /// The mismatch on one line.
    var text: String {
        let place = path.isEmpty ? "" : "at \(path): "
        return "\(place)expected \(expected), came \(came)"
    }
}

/// Compares values with patterns. Pure.
struct Matcher {
    /// Grows by the values that patterns capture.
    private(set) var scope: Scope

    init(_ scope: Scope) { self.scope = scope }

    /// The first difference; nil when everything fits. The scope holds what was captured until then.
    ///
    /// - Parameter value: nil for a missing value.
    mutating func mismatch(_ value: JSONValue?, _ pattern: Pattern) -> Mismatch? {
        switch pattern {
        case .captured(let pattern, let name):
            if let mismatch = mismatch(value, pattern) { return mismatch }
            scope[name] = value ?? .null
            return nil
        case .kind(.absent): return value == nil ? nil : difference("nothing", value)
        case .not(let pattern):
            var attempt = self
            return attempt.mismatch(value, pattern) == nil
                ? difference("not \(Self.describe(pattern, scope))", value) : nil
        case .oneOf(let patterns): return oneOf(value, patterns)
        default: break
        }
        guard let value else { return difference(Self.describe(pattern, scope), nil) }
        return mismatch(present: value, pattern)
    }

    private mutating func mismatch(present value: JSONValue, _ pattern: Pattern) -> Mismatch? {
        switch pattern {
        case .equal(let expression): return equal(value, expression)
        case .kind(let kind):
            return Self.isOfKind(value, kind) ? nil : difference(kind.rawValue, value)
        case .expression(let expression):
            guard let text = value.stringValue, expression.matches(text) else {
                return difference("/\(expression.source)/", value)
            }
            return nil
        case .object(let members, let isExact): return object(value, members, isExact)
        case .list(let patterns, let isOpen): return list(value, patterns, isOpen)
        case .unordered(let patterns): return unordered(value, patterns)
        case .contains(let pattern): return contains(value, pattern)
        case .each(let pattern): return each(value, pattern)
        case .atLeast(let bound): return compare(value, bound, "at least") { $0 >= $1 }
        case .atMost(let bound): return compare(value, bound, "at most") { $0 <= $1 }
        case .length(let pattern):
            guard let length = Scope.length(value) else {
                return difference("something with a length", value)
            }
            return mismatch(.integer(length), pattern)?.inside(".length")
        case .captured, .not, .oneOf: return mismatch(value, pattern)
        }
    }

    private func difference(_ expected: String, _ value: JSONValue?) -> Mismatch {
        Mismatch(path: "", expected: expected, came: value.map(Self.shortened) ?? "nothing")
    }

    /// The value as text, shortened when it is too long for a report.
    static func shortened(_ value: JSONValue) -> String {
        let text = value.description
        return text.count <= 300 ? text : text.prefix(300) + "… (\(text.count) characters)"
    }

    // MARK: Single values

    private func equal(_ value: JSONValue, _ expression: Expression) -> Mismatch? {
        do throws(Scope.Failure) {
            let wanted = try scope.value(of: expression)
            return Self.areEqual(value, wanted) ? nil : difference(Self.shortened(wanted), value)
        } catch {
            return difference("a value, but \(error.message)", value)
        }
    }

    /// Whether two values are equal; numbers compare by value.
    static func areEqual(_ one: JSONValue, _ other: JSONValue) -> Bool {
        switch (one, other) {
        case (.integer, .double), (.double, .integer): one.doubleValue == other.doubleValue
        case (.array(let ones), .array(let others)):
            ones.count == others.count && zip(ones, others).allSatisfy(areEqual)
        case (.object(let ones), .object(let others)):
            ones.count == others.count
                && ones.members.allSatisfy { member in
                    others[member.key].map { areEqual(member.value, $0) } ?? false
                }
        default: one == other
        }
    }

    static func isOfKind(_ value: JSONValue, _ kind: Pattern.Kind) -> Bool {
        switch (kind, value) {
        case (.any, _), (.string, .string), (.integer, .integer), (.number, .integer), (.number, .double),
            (.boolean, .bool), (.object, .object), (.array, .array):
            true
        case (.date, .string(let text)): WireDate.parse(text) != nil
        case (.isoDate, .string(let text)): WireDate.parse(text) != nil && !text.contains(",")
        case (.httpDate, .string(let text)): WireDate.parse(text) != nil && text.contains(",")
        case (.jwt, .string(let text)): isToken(text)
        default: false
        }
    }

    private static func isToken(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { byte in
                        Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
                            || byte == 0x2D || byte == 0x5F
                    }
            }
    }

    private func compare(
        _ value: JSONValue, _ bound: Expression, _ words: String, _ isRight: (Double, Double) -> Bool
    ) -> Mismatch? {
        let limit = try? scope.value(of: bound)
        guard let limit, let wanted = limit.doubleValue else { return difference("\(words) a number", value) }
        guard let number = value.doubleValue, isRight(number, wanted) else {
            return difference("\(words) \(limit)", value)
        }
        return nil
    }

    // MARK: Values of parts

    private mutating func object(
        _ value: JSONValue, _ members: [Pattern.Member], _ isExact: Bool
    ) -> Mismatch? {
        guard let object = value.objectValue else { return difference("an object", value) }
        for member in members {
            if let mismatch = mismatch(object[member.key], member.pattern) {
                return mismatch.inside("." + member.key)
            }
        }
        if isExact,
            let extra = object.members.first(where: { found in
                !members.contains { $0.key == found.key }
            })
        {
            return difference("nothing", extra.value).inside("." + extra.key)
        }
        return nil
    }

    private mutating func list(_ value: JSONValue, _ patterns: [Pattern], _ isOpen: Bool) -> Mismatch? {
        guard let elements = value.arrayValue else { return difference("a list", value) }
        for (index, pattern) in patterns.enumerated() {
            // Not `: nil`, which is a JSON value here.
            let element = elements.indices.contains(index) ? elements[index] : JSONValue?.none
            if let mismatch = mismatch(element, pattern) { return mismatch.inside("[\(index)]") }
        }
        if !isOpen, elements.count > patterns.count {
            return difference("nothing", elements[patterns.count]).inside("[\(patterns.count)]")
        }
        return nil
    }

    private mutating func unordered(_ value: JSONValue, _ patterns: [Pattern]) -> Mismatch? {
        guard var elements = value.arrayValue else { return difference("a list", value) }
        guard elements.count == patterns.count else {
            return difference("a list of \(patterns.count)", value)
        }
        for pattern in patterns {
            guard let index = firstIndex(in: elements, pattern) else {
                return difference("an element \(Self.describe(pattern, scope))", value)
            }
            elements.remove(at: index)
        }
        return nil
    }

    private mutating func contains(_ value: JSONValue, _ pattern: Pattern) -> Mismatch? {
        if let text = value.stringValue, case .equal(let expression) = pattern,
            let part = (try? scope.value(of: expression))?.stringValue
        {
            return text.contains(part)
                ? nil : difference("a text with \(Self.shortened(.string(part)))", value)
        }
        guard let elements = value.arrayValue else { return difference("a list", value) }
        return firstIndex(in: elements, pattern) == nil
            ? difference("a list with \(Self.describe(pattern, scope))", value) : nil
    }

    /// The index of the first element that fits; its captures are kept.
    private mutating func firstIndex(in elements: [JSONValue], _ pattern: Pattern) -> Int? {
        for (index, element) in elements.enumerated() {
            var attempt = self
            if attempt.mismatch(element, pattern) == nil {
                self = attempt
                return index
            }
        }
        return nil
    }

    private mutating func each(_ value: JSONValue, _ pattern: Pattern) -> Mismatch? {
        guard let elements = value.arrayValue else { return difference("a list", value) }
        for (index, element) in elements.enumerated() {
            if let mismatch = mismatch(element, pattern) { return mismatch.inside("[\(index)]") }
        }
        return nil
    }

    private mutating func oneOf(_ value: JSONValue?, _ patterns: [Pattern]) -> Mismatch? {
        for pattern in patterns {
            var attempt = self
            if attempt.mismatch(value, pattern) == nil {
                self = attempt
                return nil
            }
        }
        let words = patterns.prefix(4).map { Self.describe($0, scope) }.joined(separator: ", ")
        return difference("one of (\(words)\(patterns.count > 4 ? ", …" : ""))", value)
    }
}
