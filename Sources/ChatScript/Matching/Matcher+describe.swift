import ChatWire

// Descriptions of patterns, with the values of their variables.
extension Matcher {
    static func describe(_ pattern: Pattern, _ scope: Scope) -> String {
        switch pattern {
        case .equal(let expression): describe(expression, scope)
        case .kind(let kind): kind.rawValue
        case .expression(let expression): "/\(expression.source)/"
        case .object(let members, let isExact):
            (isExact ? "exactly {" : "{")
                + members.map { "\($0.key): \(describe($0.pattern, scope))" }.joined(separator: ", ") + "}"
        case .list(let patterns, let isOpen):
            "[" + (patterns.map { describe($0, scope) } + (isOpen ? ["..."] : [])).joined(separator: ", ")
                + "]"
        case .unordered(let patterns):
            "unordered [" + patterns.map { describe($0, scope) }.joined(separator: ", ") + "]"
        case .contains(let pattern): "contains \(describe(pattern, scope))"
        case .each(let pattern): "each \(describe(pattern, scope))"
        case .not(let pattern): "not \(describe(pattern, scope))"
        case .oneOf(let patterns):
            "one of (" + patterns.prefix(4).map { describe($0, scope) }.joined(separator: ", ") + ")"
        case .atLeast(let bound): "at least \(describe(bound, scope))"
        case .atMost(let bound): "at most \(describe(bound, scope))"
        case .length(let pattern): "length \(describe(pattern, scope))"
        case .captured(let pattern, let name): "\(describe(pattern, scope)) as \(name)"
        }
    }

    private static func describe(_ expression: Expression, _ scope: Scope) -> String {
        if let value = try? scope.value(of: expression) { return shortened(value) }
        if case .reference(let reference) = expression { return reference.text }
        return "a value"
    }
}
