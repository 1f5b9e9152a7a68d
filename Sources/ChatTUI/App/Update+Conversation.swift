import ChatClientCore
import ChatWire

extension AppState {
    // MARK: Opening and closing

    /// Puts a conversation on screen; what was written in the one before is kept.
    mutating func openConversation(with peer: UserID) -> [Effect] {
        listCursor = peer
        pane = .conversation
        guard open?.peer != peer else { return [] }
        var effects = closeConversation()
        var opened = OpenConversation(peer: peer)
        if let draft = conversation(with: peer)?.draft {
            opened.restore(draft: draft)
        }
        _ = opened.reload.request()
        opened.isAttended = isWatched
        open = opened
        effects.append(isWatched ? .open(peer) : .show(peer))
        effects.append(.loadTimeline(peer, limit: OpenConversation.pageRows, withDraft: true))
        return effects
    }

    /// Takes the conversation off the screen.
    mutating func closeConversation() -> [Effect] {
        guard let closing = open else { return [] }
        var effects: [Effect] = []
        if closing.isTypingTold { effects.append(.typing(false, to: closing.peer)) }
        if closing.draft != closing.savedDraft {
            effects.append(.saveDraft(closing.draft, for: closing.peer))
        }
        open = nil
        return effects
    }

    // MARK: Loading

    /// Loads anew what is on screen: the newest rows, or those around the view.
    mutating func reloadTimeline() -> [Effect] {
        guard open?.reload.request() == true else { return [] }
        return wantedRows
    }

    private var wantedRows: [Effect] {
        guard let opened = open else { return [] }
        if opened.jumpsToStart { return [.loadWindow(opened.peer, .start, limit: windowLimit)] }
        if let jump = opened.jump { return [.loadWindow(opened.peer, .around(jump.row), limit: windowLimit)] }
        guard case .row(let row, _) = opened.scroll else {
            return [.loadTimeline(opened.peer, limit: OpenConversation.pageRows, withDraft: false)]
        }
        return [.loadWindow(opened.peer, .around(row), limit: windowLimit)]
    }

    /// A window reaches far beyond the view in both directions, however high the terminal is.
    private var windowLimit: Int { max(OpenConversation.windowRows, layout.timeline.rows * 6) }

    mutating func take(_ timeline: Timeline, draft: String?) -> [Effect] {
        guard var opened = open, opened.peer == timeline.peer else { return [] }
        let isFirst = !opened.isLoaded
        let isStale = opened.reload.finish()
        if let draft, isFirst, opened.editor.isEmpty {
            opened.restore(draft: draft)
        }
        guard opened.canShow(timeline) else {
            // The person went elsewhere while the newest rows were on their way.
            if !isStale { _ = opened.reload.request() }
            open = opened
            return wantedRows
        }
        let newest = opened.newestReceived
        opened.take(timeline, hasNewer: false)
        open = opened
        setUnreadMark(timeline, isFirst: isFirst, newest: newest)
        let effects = connectOnce()
        land()
        return effects + (isStale ? wantedRows : [])
    }

    /// Rows from the middle; those of a place that the person has left by now are not taken.
    mutating func takeWindow(_ peer: UserID, _ timeline: Timeline?) -> [Effect] {
        guard var opened = open, opened.peer == peer else { return [] }
        let isStale = opened.reload.finish()
        guard let timeline, !timeline.rows.isEmpty, opened.canShow(timeline) else {
            // A place that its own window does not hold is no place any more.
            if !isStale {
                opened.giveUpPlace()
                _ = opened.reload.request()
            }
            open = opened
            return wantedRows
        }
        let showsStart = opened.jumpsToStart
        let isFirst = !opened.isLoaded
        opened.jumpsToStart = false
        let newest = opened.newestReceived
        opened.take(timeline, hasNewer: timeline.hasNewer)
        open = opened
        setUnreadMark(timeline, isFirst: isFirst, newest: newest)
        if showsStart { showStart() }
        land()
        return connectOnce() + (isStale ? wantedRows : [])
    }

    private mutating func showStart() {
        guard let view = TimelineLayout(self, in: layout.timeline) else { return }
        setScroll(view.atStart())
        if open?.chosen != nil, let first = open?.rows.first { choose(first) }
    }

    mutating func olderFetched(_ peer: UserID, _ foundMore: Bool) -> [Effect] {
        guard open?.peer == peer else { return [] }
        open?.isFetchingOlder = false
        guard foundMore else {
            open?.mayFetchOlder = false
            return []
        }
        // The cache holds more now; the view's way up goes through it.
        open?.hasOlder = true
        return []
    }

    /// Loads what lies above or below before the person gets there.
    mutating func loadNeighboursIfNear() -> [Effect] {
        guard let opened = open, opened.isLoaded, opened.scroll != .end, opened.reload == .idle,
            !opened.isFetchingOlder, let view = TimelineLayout(self, in: layout.timeline),
            let inView = view.rowsInView()
        else { return [] }
        let isNearStart = inView.lowerBound < OpenConversation.windowMargin
        let isNearEnd = opened.rows.count - inView.upperBound <= OpenConversation.windowMargin
        if isNearStart && opened.hasOlder || isNearEnd && opened.hasNewer { return reloadTimeline() }
        guard !opened.hasOlder, opened.mayFetchOlder, link == .online, isWatched, view.isNearStart(rows: 0)
        else { return [] }
        open?.isFetchingOlder = true
        return [.fetchOlder(opened.peer)]
    }

    mutating func unreadLocated(_ peer: UserID, _ row: RowID?, count: Int) -> [Effect] {
        guard let opened = open, opened.peer == peer else { return [] }
        if let row, opened.unreadMark == nil {
            open?.unreadMark = .init(row: row, count: max(1, count), isSeen: opened.unread == 0)
        }
        guard let row else {
            say(strings.nothingUnread)
            return []
        }
        return jump(to: row, choosing: false)
    }

    // MARK: Scrolling

    mutating func scroll(up lines: Int) {
        guard let view = TimelineLayout(self, in: layout.timeline) else { return }
        setScroll(view.scrolled(up: lines))
    }

    mutating func scrollToStart() {
        guard let view = TimelineLayout(self, in: layout.timeline) else { return }
        setScroll(view.atStart())
    }

    mutating func setScroll(_ scroll: OpenConversation.Scroll) {
        guard var opened = open else { return }
        if opened.scroll == .end, scroll != .end {
            opened.lastSeenRow = opened.rows.last { !$0.isMine }?.id
        }
        opened.scroll = scroll
        opened.leadsToUnread = false
        opened.raiseLastSeen()
        open = opened
    }

    // MARK: Sending

    /// Sends what the composer holds, or runs it when it is a command.
    mutating func enter() -> [Effect] {
        guard let opened = open else { return [] }
        if let edited = opened.edited { return finishEditing(edited) }
        var text = opened.editor.text
        guard !text.allSatisfy(\.isWhitespace) else { return goToEnd() }
        if opened.isCommand { return run(String(text.dropFirst())) }
        if opened.isCommandTyped, text.hasPrefix("//") { text.removeFirst() }
        guard text.unicodeScalars.count <= Self.messageLengthMax else {
            say(strings.tooLong(Self.messageLengthMax), .error)
            return []
        }
        remember((text.hasPrefix("/") ? "/" : "") + text)
        emptyComposer()
        return goToEnd() + [.send(text, to: opened.peer)]
    }

    /// The server counts Unicode code points.
    static let messageLengthMax = 5000
    static let historyMax = 100

    mutating func remember(_ text: String) {
        guard let peer = open?.peer, histories[peer]?.last != text else { return }
        histories[peer, default: []].append(text)
        if histories[peer, default: []].count > Self.historyMax { histories[peer]?.removeFirst() }
    }

    /// The composer after its text has gone; the draft on the disk goes with the message.
    mutating func emptyComposer() {
        open?.editor.clear()
        open?.isCommandTyped = false
        open?.historyPosition = nil
        open?.savedDraft = ""
        open?.draftDeadline = nil
        open?.isTypingTold = false
    }

    /// A message that could not be stored goes back to where it was written.
    mutating func sendRefused(_ text: String, _ peer: UserID, _ error: ChatError) -> [Effect] {
        say(strings.error(error), .error, for: .seconds(15))
        var shown = text.hasPrefix("/") ? "/" + text : text
        guard let opened = open, opened.peer == peer else { return [.saveDraft(shown, for: peer)] }
        if !opened.editor.isEmpty { shown += "\n" }
        open?.editor.insertAtStart(shown)
        open?.isCommandTyped = shown.hasPrefix("/")
        return editorChanged()
    }

    // MARK: Drafts and typing

    static let draftDelay: Duration = .milliseconds(500)

    /// To be called after every change of the composer's text.
    mutating func editorChanged() -> [Effect] {
        if open?.editor.text.hasPrefix("/") == false { open?.isCommandTyped = false }
        guard let opened = open else { return [] }
        if opened.draftDeadline == nil, opened.draft != opened.savedDraft {
            open?.draftDeadline = instant + Self.draftDelay
        }
        let text = opened.editor.text
        let types =
            opened.edited == nil && !text.allSatisfy(\.isWhitespace)
            && !opened.isCommand
        if types {
            open?.isTypingTold = true
            return [.typing(true, to: opened.peer)]
        }
        guard opened.isTypingTold else { return [] }
        open?.isTypingTold = false
        return [.typing(false, to: opened.peer)]
    }

    mutating func saveDraftIfDue() -> [Effect] {
        guard let opened = open, let deadline = opened.draftDeadline, instant >= deadline else { return [] }
        open?.draftDeadline = nil
        let text = opened.draft
        guard text != opened.savedDraft else { return [] }
        open?.savedDraft = text
        return [.saveDraft(text, for: opened.peer)]
    }
}
