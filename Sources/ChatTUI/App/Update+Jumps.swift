import ChatClientCore
import ChatWire

/// Going to places of a conversation that need not be loaded.
extension AppState {
    /// Brings a row into view: at once when it is loaded, else with a window of rows around it.
    mutating func jump(to row: RowID, choosing: Bool) -> [Effect] {
        guard var opened = open else { return [] }
        pane = .conversation
        opened.chosen = nil
        opened.jump = Jump(row: row, isChosen: choosing)
        open = opened
        return land() ? [] : reloadTimeline()
    }

    /// Shows the row that a jump goes to, if it is loaded.
    @discardableResult
    mutating func land() -> Bool {
        guard let opened = open, opened.isLoaded, let jump = opened.jump,
            let index = opened.rows.firstIndex(where: { $0.id == jump.row }),
            let view = TimelineLayout(self, in: layout.timeline)
        else { return false }
        open?.jump = nil
        let scroll = view.around(index)
        setScroll(scroll == .end && opened.hasNewer ? view.revealing(index) : scroll)
        if jump.isChosen { choose(opened.rows[index]) }
        return true
    }

    /// The answer to a date, an unread line or a search: a row, or none.
    mutating func located(_ peer: UserID, _ row: RowID?) -> [Effect] {
        guard open?.peer == peer else { return [] }
        guard let row else {
            say(strings.noMessageThere)
            return []
        }
        return jump(to: row, choosing: true)
    }

    mutating func goToDate(_ text: String) -> [Effect] {
        guard let peer = open?.peer else { return [] }
        guard let midnight = midnight(text) else {
            say(strings.noDate, .warning, for: .seconds(10))
            return []
        }
        return [.locate(peer, at: midnight)]
    }

    /// To the unread line where there is one, else to the first message that was not read.
    mutating func goToUnread() -> [Effect] {
        guard let opened = open else { return [] }
        if let mark = opened.unreadMark { return jump(to: mark.row, choosing: false) }
        return [
            .locateUnread(opened.peer, count: max(opened.unread, openConversation?.unread ?? 0))
        ]
    }

    mutating func goToEnd() -> [Effect] {
        guard let opened = open else { return [] }
        open?.chosen = nil
        open?.jump = nil
        open?.jumpsToStart = false
        setScroll(.end)
        guard opened.hasNewer else { return [] }
        return reloadTimeline()
    }

    mutating func goToStart() -> [Effect] {
        guard let opened = open else { return [] }
        guard opened.hasOlder else {
            scrollToStart()
            return []
        }
        open?.jumpsToStart = true
        return reloadTimeline()
    }

    // MARK: Gaps

    /// Fetches what may be missing at the chosen message, or at the gap that is nearest above the view's end.
    mutating func fillGap() -> [Effect] {
        guard let opened = open, let row = gapToFill(opened) else {
            say(strings.noGap)
            return []
        }
        guard link == .online else {
            say(strings.gapNeedsLink, .warning)
            return []
        }
        guard opened.fillingGap == nil else { return [] }
        open?.fillingGap = row
        return [.fillGap(row, opened.peer)]
    }

    private func gapToFill(_ opened: OpenConversation) -> RowID? {
        let end = opened.chosenIndex ?? opened.rows.count - 1
        guard opened.rows.indices.contains(end) else { return nil }
        return opened.rows[...end].last(where: \.isGapAbove)?.id
    }

    mutating func gapFilled(_ peer: UserID, _ error: ChatError?) -> [Effect] {
        guard open?.peer == peer else { return [] }
        open?.fillingGap = nil
        if let error { say(strings.error(error), .error) }
        return []
    }
}

/// Where a jump goes once its rows are loaded.
struct Jump: Hashable, Sendable {
    var row: RowID
    /// True when the row is to be the chosen message, too.
    var isChosen: Bool
}
