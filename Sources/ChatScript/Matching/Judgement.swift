import ChatWire

/// The verdict of an expectation on what has arrived so far. Pure.
enum Judgement {
    /// More must arrive.
    case waiting(missing: String)
    /// The expectation is met: the stored variables, and how far the inbox is consumed.
    case met(Scope, readUpTo: Int)
    /// The expectation can no longer be met.
    case failed(expected: String, came: String)
}

extension Expectation {
    /// Judges what has arrived.
    ///
    /// - Parameter isSettled: whether everything that the server had to send has arrived, as far as the runner can
    ///   tell. Only then is the absence of something certain.
    func judge(_ inbox: Inbox, _ scope: Scope, isSettled: Bool) -> Judgement {
        switch kind {
        case .inOrder(let items): Self.inOrder(items, inbox, scope)
        case .anyOrder(let items): Self.anyOrder(items, inbox, scope)
        case .exactly(let items): Self.exactly(items, inbox, scope)
        case .absence(let item, let marker): Self.absence(of: item, before: marker, inbox, scope, isSettled)
        case .nothing: Self.nothing(inbox, scope, isSettled)
        }
    }

    /// Whether the runner must ask the server before absence is certain.
    var needsSettling: Bool {
        switch kind {
        case .absence(_, nil), .nothing: true
        default: false
        }
    }

    private static func fits(_ item: Inbox.Item, _ wanted: Item, _ scope: inout Scope) -> Bool {
        guard item.name == wanted.name else { return false }
        guard let pattern = wanted.pattern else { return true }
        var matcher = Matcher(scope)
        guard matcher.mismatch(item.payload, pattern) == nil else { return false }
        scope = matcher.scope
        return true
    }

    private static func describe(_ item: Item, _ scope: Scope) -> String {
        item.pattern.map { "\(item.name) \(Matcher.describe($0, scope))" } ?? item.name
    }

    private static func inOrder(_ items: [Item], _ inbox: Inbox, _ scope: Scope) -> Judgement {
        var scope = scope
        var rest = items[...]
        for (index, came) in inbox.items.enumerated().dropFirst(inbox.mark) {
            guard let wanted = rest.first else { break }
            guard fits(came, wanted, &scope) else { continue }
            rest = rest.dropFirst()
            if rest.isEmpty { return .met(scope, readUpTo: index + 1) }
        }
        return .waiting(missing: rest.first.map { describe($0, scope) } ?? "")
    }

    private static func anyOrder(_ items: [Item], _ inbox: Inbox, _ scope: Scope) -> Judgement {
        var scope = scope
        var rest = items
        for (index, came) in inbox.items.enumerated().dropFirst(inbox.mark) {
            for (place, wanted) in rest.enumerated() where fits(came, wanted, &scope) {
                rest.remove(at: place)
                break
            }
            if rest.isEmpty { return .met(scope, readUpTo: index + 1) }
        }
        return .waiting(missing: rest.map { describe($0, scope) }.joined(separator: " and "))
    }

    private static func exactly(_ items: [Item], _ inbox: Inbox, _ scope: Scope) -> Judgement {
        var scope = scope
        for (wanted, came) in zip(items, inbox.unread) where !fits(came, wanted, &scope) {
            return .failed(expected: describe(wanted, scope) + " as the very next", came: came.text)
        }
        let count = inbox.unread.count
        guard count < items.count else { return .met(scope, readUpTo: inbox.mark + items.count) }
        return .waiting(missing: describe(items[count], scope))
    }

    private static func absence(
        of item: Item, before marker: Item?, _ inbox: Inbox, _ scope: Scope, _ isSettled: Bool
    ) -> Judgement {
        var scope = scope
        for (index, came) in inbox.items.enumerated().dropFirst(inbox.mark) {
            if let marker, fits(came, marker, &scope) { return .met(scope, readUpTo: index + 1) }
            var attempt = scope
            if fits(came, item, &attempt) {
                return .failed(expected: "no \(describe(item, scope))", came: came.text)
            }
        }
        if let marker { return .waiting(missing: describe(marker, scope)) }
        // Absence consumes nothing: later steps can still expect the events that were examined.
        return isSettled ? .met(scope, readUpTo: inbox.mark) : .waiting(missing: "the server's answer")
    }

    private static func nothing(_ inbox: Inbox, _ scope: Scope, _ isSettled: Bool) -> Judgement {
        if let first = inbox.unread.first { return .failed(expected: "nothing", came: first.text) }
        return isSettled ? .met(scope, readUpTo: inbox.mark) : .waiting(missing: "the server's answer")
    }

    /// Why the nearest event does not fit: the first difference of the last event with the right name.
    func nearMiss(_ inbox: Inbox, _ scope: Scope) -> String? {
        let wanted: [Item] =
            switch kind {
            case .inOrder(let items), .anyOrder(let items), .exactly(let items): items
            case .absence(_, let marker?): [marker]
            case .absence, .nothing: []
            }
        for came in inbox.unread.reversed() {
            for item in wanted where item.name == came.name {
                guard let pattern = item.pattern else { continue }
                var matcher = Matcher(scope)
                if let mismatch = matcher.mismatch(came.payload, pattern) {
                    return "\(came.name) came, but \(mismatch.text)"
                }
            }
        }
        return nil
    }
}
