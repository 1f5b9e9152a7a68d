import ChatClientCore
import ChatWire

/// The conversation on screen: the rows that are loaded, the place among them, what has been read, and what is
/// being written.
struct OpenConversation: Hashable, Sendable {
    /// Which part of the messages is in view.
    enum Scroll: Hashable, Sendable {
        case end
        /// The last line in view belongs to this row, with so many of the row's lines below the view.
        case row(RowID, linesBelow: Int)
    }

    var window: MessageWindow
    var composer: Composer
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
    var seen = SeenRows()
    /// The newest row that was reported as read.
    var markedRow: RowID?
    /// Whether the client was told that somebody looks at the conversation.
    var isAttended: Bool
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
    init(_ peer: UserID, draft: String?, isAttended: Bool, searched: SearchQuestion?) {
        window = MessageWindow(loading: peer)
        composer = Composer(peer: peer)
        self.isAttended = isAttended
        self.searched = searched
        if let draft { composer.restore(draft: draft) }
    }

    // MARK: On the screen

    func layout(_ context: ScreenContext) -> Layout {
        let (size, pane, preferences) = (context.size, context.pane, context.preferences)
        let probe = Layout(size: size, pane: pane, composerLines: 1, preferences: preferences)
        let lines = EditorLayout.lineCount(
            of: composer.editor.text, width: probe.composer.columns - Layout.promptColumns,
            most: Layout.composerRowsMax)
        return lines == 1
            ? probe : Layout(size: size, pane: pane, composerLines: lines, preferences: preferences)
    }

    func view(_ context: ScreenContext) -> TimelineLayout {
        TimelineLayout(self, context, in: layout(context).timeline)
    }

    /// What stands out in the messages.
    var highlight: SearchHighlight? {
        guard chosen != nil, let searched, searched.peer == nil || searched.peer == peer else { return nil }
        return SearchHighlight(searched.text)
    }

    /// Lays out the texts in view. The screen is the same without this; later frames are only quicker.
    mutating func layOutTexts(_ context: ScreenContext) {
        let view = view(context)
        let (rows, setting) = (view.rowsNearView(views: 0), view.textSetting)
        texts.add(rows, setting)
    }

    /// Lays out the texts around the view as well, for the next scroll, and forgets what is further away.
    mutating func layOutTextsAhead(_ context: ScreenContext) {
        let view = view(context)
        let (rows, setting) = (view.rowsNearView(views: 1), view.textSetting)
        texts.add(rows, setting)
        texts.keep(rows)
    }
}

// MARK: Loading

extension OpenConversation {
    /// Loads what is on screen anew: the newest rows, or those around the view.
    mutating func reload(_ context: ScreenContext) -> [Effect] {
        window.requestLoad() ? wantedRows(context) : []
    }

    private func wantedRows(_ context: ScreenContext) -> [Effect] {
        // A window reaches far beyond the view in both directions, however high the terminal is.
        let limit = max(Self.windowRows, layout(context).timeline.rows * 6)
        if jumpsToStart { return [.loadWindow(peer, .start, limit: limit)] }
        if let jump { return [.loadWindow(peer, .around(jump.row), limit: limit)] }
        guard case .row(let row, _) = scroll else {
            return [.loadTimeline(peer, limit: Self.pageRows, withDraft: false)]
        }
        return [.loadWindow(peer, .around(row), limit: limit)]
    }

    /// Takes the newest rows, with the kept draft when the conversation is being opened.
    ///
    /// - Parameter isCovered: true while a dialog lies over the conversation.
    mutating func take(
        _ timeline: Timeline, draft: String?, isCovered: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        let isFirst = !window.isLoaded
        let isStale = window.finishLoad()
        if let draft, isFirst, composer.editor.isEmpty { composer.restore(draft: draft) }
        guard canShow(timeline) else {
            // The person went elsewhere while the newest rows were on their way.
            if !isStale { _ = window.requestLoad() }
            return wantedRows(context)
        }
        show(timeline, hasNewer: false, isCovered: isCovered, context)
        land(context)
        return context.model.connectOnce() + (isStale ? wantedRows(context) : [])
    }

    /// Takes rows from the middle, unless the person has left that place by now. nil rows are a place that is gone.
    mutating func takeWindow(
        _ timeline: Timeline?, isCovered: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        let isStale = window.finishLoad()
        guard let timeline, !timeline.rows.isEmpty, canShow(timeline) else {
            // A place that its own window does not hold does not exist any more.
            if !isStale {
                giveUpPlace()
                _ = window.requestLoad()
            }
            return wantedRows(context)
        }
        let showsStart = jumpsToStart
        jumpsToStart = false
        show(timeline, hasNewer: timeline.hasNewer, isCovered: isCovered, context)
        if showsStart {
            scrollToStart(context)
            if chosen != nil, let first = window.rows.first { choose(first, context) }
        }
        land(context)
        return context.model.connectOnce() + (isStale ? wantedRows(context) : [])
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
        _ timeline: Timeline, hasNewer: Bool, isCovered: Bool, _ context: ScreenContext
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
            !shown.isRead(from: row, isCovered: isCovered, context)
        }
    }

    /// Loads what lies above or below before the person gets there.
    mutating func loadNeighboursIfNear(_ context: ScreenContext) -> [Effect] {
        guard window.isLoaded, scroll != .end, !window.isLoading, !window.isFetchingOlder else { return [] }
        let view = view(context)
        guard let inView = view.rowsInView() else { return [] }
        let isNearStart = inView.lowerBound < Self.windowMargin
        let isNearEnd = window.rows.count - inView.upperBound <= Self.windowMargin
        if isNearStart && window.hasOlder || isNearEnd && window.hasNewer { return reload(context) }
        guard !window.hasOlder, window.mayFetchOlder, context.link == .online, context.isWatched,
            view.isNearStart(rows: 0)
        else { return [] }
        window.beginFetchingOlder()
        return [.fetchOlder(peer)]
    }
}
