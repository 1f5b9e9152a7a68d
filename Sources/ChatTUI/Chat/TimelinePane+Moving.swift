import ChatClientCore
import ChatWire

/// Where a jump goes once its rows are loaded.
struct Jump: Hashable, Sendable {
    var row: RowID
    /// True when the row is to be the chosen message, too.
    var isChosen: Bool
}

// MARK: Scrolling

extension TimelinePane {
    mutating func scroll(up lines: Int, _ space: TimelineSpace) {
        setScroll(view(space).scrolled(up: lines))
    }

    mutating func scrollToStart(_ space: TimelineSpace) { setScroll(view(space).atStart()) }

    mutating func setScroll(_ scroll: Scroll) {
        if self.scroll == .end, scroll != .end { lastSeenRow = window.newestReceivedRow?.id }
        self.scroll = scroll
        unreadLine.viewMoved()
        raiseLastSeen()
    }

    /// Rows that have come into view are no longer below it.
    private mutating func raiseLastSeen() {
        guard case .row(let row, _) = scroll, let lastSeenRow, let lowest = window.index(of: row),
            let seen = window.index(of: lastSeenRow), lowest > seen
        else { return }
        self.lastSeenRow = row
    }

    /// Rows of the other person that came while the view was elsewhere.
    var newBelow: Int {
        guard scroll != .end, let lastSeenRow, let index = window.index(of: lastSeenRow) else { return 0 }
        return window.rows[(index + 1)...].count { !$0.isMine }
    }

    /// Keeps the unread line in view until the person moves the view. What lies above it has been read, and what
    /// lies below follows line by line.
    mutating func leadToUnread(_ space: TimelineSpace) -> [Effect] {
        guard window.isLoaded, let mark = unreadLine.markToShow, jump == nil, !jumpsToStart else { return [] }
        let view = view(space)
        guard view.height > 0 else { return [] }
        guard let index = window.rows.firstIndex(where: { $0.id == mark.row }) else {
            guard window.hasOlder else { return [] }
            jump = Jump(row: mark.row, isChosen: false)
            return reload(space)
        }
        guard !view.visible().contains(where: \.isUnread) else { return [] }
        setScroll(view.around(index))
        unreadLine.viewLed()
        guard let lowest = self.view(space).rowsInView()?.upperBound else { return [] }
        lastSeenRow = window.rows[lowest].id
        return []
    }
}

// MARK: Jumping

extension TimelinePane {
    /// Brings a row into view: at once when it is loaded, else with a window of rows around it.
    mutating func jump(to row: RowID, choosing: Bool, _ space: TimelineSpace) -> [Effect] {
        chosen = nil
        jump = Jump(row: row, isChosen: choosing)
        return land(space) ? [] : reload(space)
    }

    /// Shows the row that a jump goes to, if it is loaded.
    @discardableResult
    mutating func land(_ space: TimelineSpace) -> Bool {
        guard window.isLoaded, let jump, let index = window.rows.firstIndex(where: { $0.id == jump.row })
        else { return false }
        let view = view(space)
        self.jump = nil
        let scroll = view.around(index)
        setScroll(scroll == .end && window.hasNewer ? view.revealing(index) : scroll)
        if jump.isChosen { choose(window.rows[index], space) }
        return true
    }

    mutating func goToEnd(_ space: TimelineSpace) -> [Effect] {
        chosen = nil
        jump = nil
        jumpsToStart = false
        setScroll(.end)
        return window.hasNewer ? reload(space) : []
    }

    mutating func goToStart(_ space: TimelineSpace) -> [Effect] {
        guard window.hasOlder else {
            scrollToStart(space)
            return []
        }
        jumpsToStart = true
        return reload(space)
    }

    /// Looks up the first unread message.
    func locateUnread(_ space: TimelineSpace) -> [Effect] {
        let listed = space.context.conversation(with: peer)?.unread ?? 0
        return [.locateUnread(peer, count: max(window.unread, listed))]
    }
}

// MARK: Choosing a message

extension TimelinePane {
    /// The chosen row, while it is loaded.
    var chosenRow: TimelineRow? { chosenIndex.map { window.rows[$0] } }
    var chosenIndex: Int? { chosen.flatMap { window.index(of: $0.row) } }

    /// Puts the cursor on a row, and the row into view.
    mutating func choose(_ row: TimelineRow, _ space: TimelineSpace) {
        chosen = ChosenMessage(row)
        guard let index = chosenIndex else { return }
        setScroll(view(space).revealing(index))
    }

    /// Begins with a message that waits for the person, if one is in view, else with the lowest; false when there
    /// is none.
    mutating func beginChoosing(_ space: TimelineSpace) -> Bool {
        guard let inView = view(space).rowsInView(), let lowest = inView.last else { return false }
        let waiting = inView.last { [.failed, .held].contains(window.rows[$0].state) }
        choose(window.rows[waiting ?? lowest], space)
        return true
    }

    /// Moves the cursor by rows; below the last message is the composer.
    mutating func moveChosen(by rows: Int, _ space: TimelineSpace) {
        guard let index = chosenIndex else { return chosen = nil }
        let target = index + rows
        guard target >= window.rows.count else { return choose(window.rows[max(0, target)], space) }
        guard !window.hasNewer else { return }
        chosen = nil
        setScroll(.end)
    }

    /// Moves the cursor by a view up (1) or down (-1).
    mutating func moveChosenByPage(_ direction: Int, _ space: TimelineSpace) {
        guard let index = chosenIndex else { return chosen = nil }
        let before = scroll
        scroll(up: direction * max(1, space.area.rows - 1), space)
        guard scroll != before, let inView = view(space).rowsInView(),
            let edge = direction > 0 ? inView.first : inView.last
        else { return choose(window.rows[direction > 0 ? 0 : window.rows.count - 1], space) }
        choose(window.rows[direction > 0 ? min(edge, index) : max(edge, index)], space)
    }

    /// Moves the cursor to the first message of the next day (1) or of the one before (-1). Going up inside a day,
    /// the first message of that day comes first.
    mutating func moveChosenByDay(_ direction: Int, _ space: TimelineSpace) {
        guard let index = chosenIndex else { return }
        func day(_ row: TimelineRow) -> Int { space.context.calendar.time(of: row.time).dayNumber }
        let rows = window.rows
        if direction > 0 {
            let next = rows[index...].firstIndex { day($0) > day(rows[index]) }
            return choose(rows[next ?? rows.count - 1], space)
        }
        let last = rows[..<index].last.map { day($0) } ?? day(rows[index])
        choose(rows[rows.firstIndex { day($0) == last } ?? 0], space)
    }

    mutating func chooseFirst(_ space: TimelineSpace) -> [Effect] {
        guard let first = window.rows.first else { return [] }
        guard !window.hasOlder else { return goToStart(space) }
        choose(first, space)
        scrollToStart(space)
        return []
    }

    mutating func chooseLast(_ space: TimelineSpace) -> [Effect] {
        guard let last = window.rows.last else { return [] }
        guard window.hasNewer else {
            choose(last, space)
            return []
        }
        let effects = goToEnd(space)
        choosesNewest = true
        return effects
    }
}
