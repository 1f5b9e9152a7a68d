import ChatClientCore
import ChatWire

/// Going to a day, to the end, and to what may be missing.
extension PlainState {
    /// Says the first messages from a day on, and leaves everything as it is.
    mutating func goToDate(_ text: String) -> PlainOutput {
        guard let open else { return PlainOutput(lines: [strings.plainNobodyOpen]) }
        guard let midnight = midnight(text) else {
            return PlainOutput(lines: [strings.noDate])
        }
        isAsking = true
        return PlainOutput(effects: [.locate(open, at: midnight)])
    }

    mutating func located(_ peer: UserID, _ row: RowID?) -> PlainOutput {
        guard peer == open, isAsking else { return PlainOutput() }
        guard let row else {
            isAsking = false
            return PlainOutput(lines: [strings.noMessageThere])
        }
        dayBegins = row
        return PlainOutput(effects: [.loadWindow(peer, .around(row), limit: Self.pageRows * 2)])
    }

    mutating func takeDay(_ peer: UserID, _ timeline: Timeline?) -> PlainOutput {
        guard peer == open, let begin = dayBegins else { return PlainOutput() }
        dayBegins = nil
        isAsking = false
        let shown = (timeline?.rows ?? []).drop { $0.id != begin }.prefix(Self.pageRows)
        return PlainOutput(lines: shown.isEmpty ? [strings.noMessageThere] : lines(for: Array(shown)))
    }

    /// Says the newest messages once more.
    func sayEnd() -> PlainOutput {
        guard open != nil else { return PlainOutput(lines: [strings.plainNobodyOpen]) }
        let newest = Array(rows.suffix(Self.pageRows))
        return PlainOutput(lines: newest.isEmpty ? [strings.plainNoMessages] : lines(for: newest))
    }

    /// Says once more what was unread when the conversation was opened, and what came since.
    func sayUnread() -> PlainOutput {
        guard open != nil else { return PlainOutput(lines: [strings.plainNobodyOpen]) }
        guard let unreadBegins else { return PlainOutput(lines: [strings.nothingUnread]) }
        return PlainOutput(lines: lines(for: Array(rows.drop { $0.id != unreadBegins })))
    }

    // MARK: Gaps

    mutating func fillGap() -> PlainOutput {
        guard let open else { return PlainOutput(lines: [strings.plainNobodyOpen]) }
        guard let row = rows.last(where: \.isGapAbove) else { return PlainOutput(lines: [strings.noGap]) }
        guard link == .online else { return PlainOutput(lines: [strings.gapNeedsLink]) }
        isAsking = true
        return PlainOutput(lines: [strings.loadingOlder], effects: [.fillGap(row.id, open)])
    }

    /// The conversation is said anew, with what was missing.
    mutating func gapFilled(_ peer: UserID, _ error: ChatError?) -> PlainOutput {
        guard peer == open, isAsking else { return PlainOutput() }
        isAsking = false
        if let error { return PlainOutput(lines: [strings.error(error)]) }
        return openConversation(peer)
    }
}
