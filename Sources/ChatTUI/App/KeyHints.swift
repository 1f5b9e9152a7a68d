/// What the person can decide about a message that was not sent, the most useful first.
enum Decision: Hashable, Sendable, CaseIterable {
    case retry, edit, drop, sendAsNew

    var command: MessageCommand {
        switch self {
        case .retry: .retry
        case .edit: .edit
        case .drop: .delete
        case .sendAsNew: .sendAsNew
        }
    }
}

/// Hints name the keys that are bound. Where none is, there is no hint, or it names the command to write.
extension ScreenContext {
    /// A key and what it does: `r retry`.
    func keyHint(_ command: Command, _ words: String) -> String? { keyName(command).map { "\($0) \(words)" } }

    /// The keys that move line by line, where both are bound: `↑ ↓`.
    var arrows: String? {
        guard let up = keyName(.up), let down = keyName(.down) else { return nil }
        return "\(up) \(down)"
    }

    // MARK: Below dialogs

    var moreHint: [String] { arrows.map { [strings.more($0)] } ?? [] }

    var closesHint: [String] { keyName(.cancel).map { [strings.closes($0)] } ?? [] }
    var opensHint: [String] { keyName(.accept).map { [strings.opens($0)] } ?? [] }
    var addsHint: [String] { keyName(.accept).map { [strings.addsToList($0)] } ?? [] }

    var decisionHints: [String] {
        Decision.allCases.compactMap { keyHint(.message($0.command), strings.word(for: $0)) }
    }

    // MARK: In the conversation

    /// Below a message that waits for the person, from the longest to the shortest.
    func decisionHints(isChosen: Bool) -> [String] {
        let keys = decisionHints.prefix(3).joined(separator: "  ")
        guard !isChosen else { return [keys] }
        return keyName(.chooseMessage).map { ["\($0): \(keys)", strings.toDecide($0)] } ?? []
    }

    /// Where the view is away from the end. End counts while nothing is written.
    var newerBelowHint: String {
        let end = Key(.end)
        let key =
            keymap.command(for: end) == .edit(.lineEnd) ? model.shown(end.displayName) : keyName(.scrollToEnd)
        return strings.newerBelow + (key.map { " \(symbols.dot) \($0)" } ?? "")
    }

    func hitHint(_ number: Int, of total: String) -> String {
        let steps = [MessageCommand.nextHit, .previousHit].compactMap { command in
            keyHint(.message(command), strings.hint(.message(command)))
        }
        let words = strings.hit(number, of: total)
        return steps.isEmpty ? words : "\(words) \(symbols.dot) \(steps.joined(separator: ", "))"
    }

    var noSearchYet: String {
        let keys = [keyName(.message(.search)), keyName(.search)].compactMap(\.self)
        return strings.noSearchYet(keys.isEmpty ? [way(to: .search)] : keys)
    }
}
