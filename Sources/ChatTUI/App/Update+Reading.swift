import ChatClientCore
import ChatWire

/// What is told to be read: what has been in view while the terminal was in use, and no more.
extension AppState {
    /// True when the open conversation is really on screen.
    var showsConversation: Bool { open != nil && dialog == nil && isConversationOnScreen }

    /// The same, whether or not a dialog lies over it.
    private var isConversationOnScreen: Bool {
        guard stage == .chat else { return false }
        let layout = layout
        return !layout.timeline.isEmpty && (!layout.isNarrow || pane == .conversation)
    }

    /// True while somebody is taken to look at the screen: not before a key was pressed; then as the terminal
    /// tells, and where it never does, until nothing was pressed for a while.
    var isWatched: Bool {
        guard !awaitsKey else { return false }
        return alerts.tellsFocus ? terminalHasFocus : instant - lastKey < Self.watchedAfterKey
    }

    /// Long enough to follow a conversation without writing, shorter than a lunch.
    static let watchedAfterKey: Duration = .seconds(300)

    /// The person did something here. A terminal that had said it lost the keyboard was wrong, or its word
    /// about getting it back was lost: multiplexers do that. So it is not relied on until it speaks again.
    mutating func touched() {
        alerts.keyPressed(at: instant)
        lastKey = instant
        awaitsKey = false
        guard !terminalHasFocus else { return }
        terminalHasFocus = true
        alerts.focusWasUntrue()
    }

    /// What the person had before them when they pressed a key.
    func seenBefore(_ event: AppEvent) -> (peer: UserID, rows: SeenRows)? {
        guard case .input(let input) = event, input.isFromPerson, let opened = open, opened.unread > 0,
            showsConversation, completions == nil, let view = TimelineLayout(self, in: layout.timeline)
        else { return nil }
        return (opened.peer, SeenRows(view))
    }

    /// Messages are read when they have been in view, and all that are older, too.
    ///
    /// - Parameter before: what was in view when a key was pressed. It counts where the key did not lead away.
    mutating func markReadIfSeen(_ before: (peer: UserID, rows: SeenRows)?) -> [Effect] {
        guard var opened = open, opened.isLoaded, isWatched, showsConversation, leaving == nil else {
            return []
        }
        let isAtEnd = opened.scroll == .end && !opened.hasNewer
        if isAtEnd { open?.unreadMark?.isSeen = true }
        guard opened.unread > 0, let view = TimelineLayout(self, in: layout.timeline) else { return [] }
        if completions == nil { opened.seen.formUnion(SeenRows(view)) }
        if let before, before.peer == opened.peer { opened.seen.formUnion(before.rows) }
        open?.seen = opened.seen
        guard let last = opened.lastRead(isAtEnd: isAtEnd), last.id != opened.markedRow else { return [] }
        open?.markedRow = last.id
        alerts.read(opened.peer)
        return [.markRead(opened.peer, upTo: opened.firstUnread == nil ? nil : last.messageID)]
    }

    /// Tells the client whether somebody looks at the open conversation: on some servers, fetching it marks it
    /// as read.
    mutating func tellAttention() -> [Effect] {
        guard let opened = open, leaving == nil else { return [] }
        let isAttended = isWatched && isConversationOnScreen
        guard opened.isAttended != isAttended else { return [] }
        open?.isAttended = isAttended
        return [isAttended ? .open(opened.peer) : .show(opened.peer)]
    }

    // MARK: The unread line

    /// The unread line appears with messages that came unseen, and then stays put.
    ///
    /// - Parameter newest: the other person's newest message that was loaded before.
    mutating func setUnreadMark(_ timeline: Timeline, isFirst: Bool, newest: TimelinePosition?) {
        guard let opened = open else { return }
        guard timeline.unread > 0, let first = timeline.firstUnread else {
            return markFetched(timeline, newest: newest)
        }
        open?.awaitsUnread = false
        if let mark = opened.unreadMark, !mark.isSeen {
            open?.unreadMark?.count = max(mark.count, timeline.unread)
            return
        }
        let row = opened.rows.first { $0.id == first }
        let isNew = row.map { row in newest.map { row.position > $0 } ?? true } ?? true
        guard isFirst || isNew else { return }
        let comesUnseen =
            isFirst || !isWatched || opened.scroll != .end || !showsConversation || !isBeginningInView(first)
        guard comesUnseen else { return }
        putUnreadMark(.init(row: first, count: timeline.unread, isSeen: false))
    }

    /// The view goes to the line, unless the person is elsewhere in the conversation.
    private mutating func putUnreadMark(_ mark: OpenConversation.UnreadMark) {
        open?.unreadMark = mark
        let isAtEnd = open?.scroll == .end
        open?.leadsToUnread = isAtEnd
    }

    /// A server that marks all as read on fetching says no more which messages were new: those that came
    /// with what was fetched.
    private mutating func markFetched(_ timeline: Timeline, newest: TimelinePosition?) {
        guard let opened = open else { return }
        if timeline.unread > 0 {
            open?.awaitsUnread = true
            return
        }
        guard opened.awaitsUnread else { return }
        let fetched = opened.rows.filter { row in !row.isMine && newest.map { row.position > $0 } ?? true }
        guard let first = fetched.first else { return }
        open?.awaitsUnread = false
        putUnreadMark(.init(row: first.id, count: fetched.count, isSeen: false))
    }

    private func isBeginningInView(_ row: RowID) -> Bool {
        guard let view = TimelineLayout(self, in: layout.timeline) else { return false }
        return SeenRows(view).containsBeginning(of: row)
    }

    /// Keeps the unread line in view until the person moves the view: what lies above it has been read, and
    /// what lies below follows line by line.
    mutating func leadToUnread() -> [Effect] {
        guard let opened = open, opened.isLoaded, opened.leadsToUnread, let mark = opened.unreadMark,
            !mark.isSeen, opened.jump == nil, !opened.jumpsToStart, stage == .chat,
            let view = TimelineLayout(self, in: layout.timeline), view.height > 0
        else { return [] }
        guard let index = opened.rows.firstIndex(where: { $0.id == mark.row }) else {
            guard opened.hasOlder else { return [] }
            open?.jump = Jump(row: mark.row, isChosen: false)
            return reloadTimeline()
        }
        guard !view.visible().contains(where: \.isUnread) else { return [] }
        setScroll(view.around(index))
        open?.leadsToUnread = true
        guard let lowest = TimelineLayout(self, in: layout.timeline)?.rowsInView()?.upperBound else {
            return []
        }
        open?.lastSeenRow = opened.rows[lowest].id
        return []
    }
}

extension OpenConversation {
    /// The newest message of the other person that may be told to be read.
    fileprivate func lastRead(isAtEnd: Bool) -> TimelineRow? {
        // What the server counts and the cache lacks: whether the end shows all of it, the client knows.
        guard let firstUnread else { return isAtEnd ? rows.last { !$0.isMine } : nil }
        guard let index = rows.firstIndex(where: { $0.id == firstUnread }) else { return nil }
        return rows[index...].lazy.filter { !$0.isMine }.prefix { seen.contains($0.id) }.last
    }
}

extension InputEvent {
    /// True for what only a person does; the rest comes from the terminal itself.
    var isFromPerson: Bool {
        switch self {
        case .key, .mouse, .paste: true
        case .focus, .background: false
        }
    }
}
