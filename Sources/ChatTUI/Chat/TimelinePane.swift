import ChatClientCore
import ChatWire

/// Where the messages of the open conversation are drawn.
struct TimelineSpace {
    let area: Rect
    /// False where the list is shown instead.
    let isOnScreen: Bool
    let context: ScreenContext
}

/// The messages of the open conversation: the rows that are loaded, the place among them, and what has been read.
struct TimelinePane: Hashable, Sendable {
    /// Which part of the messages is in view.
    enum Scroll: Hashable, Sendable {
        case end
        /// The last line in view belongs to this row, with so many of the row's lines below the view.
        case row(RowID, linesBelow: Int)
    }

    var window: MessageWindow
    var scroll = Scroll.end
    /// The message that the cursor is on; nil while the person writes.
    var chosen: ChosenMessage?
    var jump: Jump?
    var jumpsToStart = false
    /// True when the newest row is to be chosen once it is loaded.
    var choosesNewest = false
    /// The other person's newest row when the view left the end, to count what came since.
    var lastSeenRow: RowID?
    var unreadLine = UnreadLine()
    private(set) var seen = SeenRows()
    /// The newest row that was reported as read.
    private(set) var markedRow: RowID?
    /// What was searched for last: it stands out while the person goes from hit to hit.
    var searched: SearchQuestion?
    /// The texts near the view, laid out.
    var texts = MessageTexts()

    var peer: UserID { window.peer }

    /// How many rows are loaded at the end, and around any other place.
    static let pageRows = 80
    static let windowRows = 400
    /// The next window is loaded when the view is this many rows from the edge of the present one.
    static let windowMargin = 60

    /// A conversation whose newest rows are being loaded.
    init(loading peer: UserID, searched: SearchQuestion?) {
        window = MessageWindow(loading: peer)
        self.searched = searched
    }

    func view(_ space: TimelineSpace) -> TimelineLayout {
        TimelineLayout(self, space.context, in: space.area)
    }

    /// What stands out in the messages.
    var highlight: SearchHighlight? {
        guard chosen != nil, let searched, searched.peer == nil || searched.peer == peer else { return nil }
        return SearchHighlight(searched.text)
    }

    /// Lays out the texts in view. The screen is the same without this; later frames are only quicker.
    mutating func layOutTexts(_ space: TimelineSpace) {
        let view = view(space)
        let (rows, setting) = (view.rowsNearView(views: 0), view.textSetting)
        texts.add(rows, setting)
    }

    /// Lays out the texts around the view as well, for the next scroll, and forgets what is further away.
    mutating func layOutTextsAhead(_ space: TimelineSpace) {
        let view = view(space)
        let (rows, setting) = (view.rowsNearView(views: 1), view.textSetting)
        texts.add(rows, setting)
        texts.keep(rows)
    }

    // MARK: Reading

    /// True when messages from this row on are seen as they come.
    private func isRead(from row: RowID, isCovered: Bool, _ space: TimelineSpace) -> Bool {
        space.context.isWatched && scroll == .end && !isCovered && space.isOnScreen
            && SeenRows(view(space)).containsBeginning(of: row)
    }

    /// Takes note of what is in view, and of what was in view before; returns the newest message that is now to be
    /// reported as read, with all older ones.
    ///
    /// - Parameters:
    ///   - before: what was in view when the person did something, unless that led away.
    ///   - isCompleting: true while completions cover the lowest messages.
    mutating func read(_ before: SeenRows?, isCompleting: Bool, _ space: TimelineSpace) -> TimelineRow? {
        let isAtEnd = scroll == .end && !window.hasNewer
        if isAtEnd { unreadLine.markSeen() }
        guard window.unread > 0 else { return nil }
        if !isCompleting { seen.formUnion(SeenRows(view(space))) }
        if let before { seen.formUnion(before) }
        guard let last = lastRead(isAtEnd: isAtEnd), last.id != markedRow else { return nil }
        markedRow = last.id
        return last
    }

    /// The other person's newest message that may be reported as read.
    private func lastRead(isAtEnd: Bool) -> TimelineRow? {
        // Unread messages that the server counts and the cache lacks: the client knows whether the end shows all.
        guard let firstUnread = window.firstUnread else { return isAtEnd ? window.newestReceivedRow : nil }
        guard let index = window.rows.firstIndex(where: { $0.id == firstUnread }) else { return nil }
        return window.rows[index...].lazy.filter { !$0.isMine }.prefix { seen.contains($0.id) }.last
    }
}

// MARK: Loading

extension TimelinePane {
    /// Loads what is on screen anew: the newest rows, or those around the view.
    mutating func reload(_ space: TimelineSpace) -> [Effect] {
        window.requestLoad() ? wantedRows(space) : []
    }

    private func wantedRows(_ space: TimelineSpace) -> [Effect] {
        // A window reaches far beyond the view in both directions, however high the terminal is.
        let limit = max(Self.windowRows, space.area.rows * 6)
        if jumpsToStart { return [.loadWindow(peer, .start, limit: limit)] }
        if let jump { return [.loadWindow(peer, .around(jump.row), limit: limit)] }
        guard case .row(let row, _) = scroll else {
            return [.loadTimeline(peer, limit: Self.pageRows, withDraft: false)]
        }
        return [.loadWindow(peer, .around(row), limit: limit)]
    }

    /// Takes the newest rows.
    ///
    /// - Parameter isCovered: true while a dialog lies over the conversation.
    mutating func take(_ timeline: Timeline, isCovered: Bool, _ space: TimelineSpace) -> [Effect] {
        let isStale = window.finishLoad()
        guard canShow(timeline) else {
            // The person went elsewhere while the newest rows were on their way.
            if !isStale { _ = window.requestLoad() }
            return wantedRows(space)
        }
        show(timeline, hasNewer: false, isCovered: isCovered, space)
        land(space)
        return isStale ? wantedRows(space) : []
    }

    /// Takes rows from the middle, unless the person has left that place by now. nil rows are a place that is gone.
    mutating func takeWindow(_ timeline: Timeline?, isCovered: Bool, _ space: TimelineSpace) -> [Effect] {
        let isStale = window.finishLoad()
        guard let timeline, !timeline.rows.isEmpty, canShow(timeline) else {
            // A place that its own window does not hold does not exist any more.
            if !isStale {
                giveUpPlace()
                _ = window.requestLoad()
            }
            return wantedRows(space)
        }
        let showsStart = jumpsToStart
        jumpsToStart = false
        show(timeline, hasNewer: timeline.hasNewer, isCovered: isCovered, space)
        if showsStart {
            scrollToStart(space)
            if chosen != nil, let first = window.rows.first { choose(first, space) }
        }
        land(space)
        return isStale ? wantedRows(space) : []
    }

    /// True when the rows hold what the view shows, or is going to show.
    private func canShow(_ timeline: Timeline) -> Bool {
        if jumpsToStart { return !timeline.hasOlder }
        if let jump { return timeline.rows.contains { $0.id == jump.row } }
        guard case .row(let row, _) = scroll else { return !timeline.hasNewer }
        // A row that is gone everywhere cannot be waited for.
        return timeline.rows.contains { $0.id == row } || !window.contains(row)
    }

    /// Returns to the end: what the view was to show cannot be had.
    private mutating func giveUpPlace() {
        jump = nil
        jumpsToStart = false
        scroll = .end
    }

    private mutating func show(
        _ timeline: Timeline, hasNewer: Bool, isCovered: Bool, _ space: TimelineSpace
    ) {
        let isFirst = !window.isLoaded
        let newest = window.newestReceivedRow?.position
        window.take(timeline, hasNewer: hasNewer)
        if timeline.unread == 0 { seen = SeenRows() }
        if choosesNewest, !hasNewer {
            choosesNewest = false
            chosen = window.rows.last.map { ChosenMessage($0) }
        }
        chosen = chosen.flatMap { $0.kept(in: window.rows) }
        if case .row(let row, _) = scroll, jump == nil, !window.contains(row) { scroll = .end }
        let shown = self
        unreadLine.take(timeline, isFirst: isFirst, newest: newest, isAtEnd: scroll == .end) { row in
            !shown.isRead(from: row, isCovered: isCovered, space)
        }
    }

    /// Loads what lies above or below before the person gets there.
    mutating func loadNeighboursIfNear(_ space: TimelineSpace) -> [Effect] {
        guard window.isLoaded, scroll != .end, !window.isLoading, !window.isFetchingOlder else { return [] }
        let view = view(space)
        guard let inView = view.rowsInView() else { return [] }
        let isNearStart = inView.lowerBound < Self.windowMargin
        let isNearEnd = window.rows.count - inView.upperBound <= Self.windowMargin
        if isNearStart && window.hasOlder || isNearEnd && window.hasNewer { return reload(space) }
        guard !window.hasOlder, window.mayFetchOlder, space.context.link == .online, space.context.isWatched,
            view.isNearStart(rows: 0)
        else { return [] }
        window.beginFetchingOlder()
        return [.fetchOlder(peer)]
    }
}
