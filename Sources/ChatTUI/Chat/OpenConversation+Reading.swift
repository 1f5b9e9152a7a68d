import ChatClientCore
import ChatWire

/// What is reported as read: what has been in view while somebody looked, and nothing else.
extension OpenConversation {
    /// What a person had in view when they did something.
    struct View {
        var peer: UserID
        var rows: SeenRows
    }

    /// True when the messages have a place on the screen, whether or not a dialog lies over them.
    func isOnScreen(_ context: ScreenContext) -> Bool {
        let layout = layout(context)
        return !layout.timeline.isEmpty && (!layout.isNarrow || context.pane == .conversation)
    }

    /// True when messages from this row on are seen as they come.
    func isRead(from row: RowID, isCovered: Bool, _ context: ScreenContext) -> Bool {
        context.isWatched && scroll == .end && !isCovered && isOnScreen(context)
            && SeenRows(view(context)).containsBeginning(of: row)
    }

    /// What is in view; nil when nothing is unread.
    func inView(_ context: ScreenContext) -> View? {
        window.unread > 0 ? View(peer: peer, rows: SeenRows(view(context))) : nil
    }

    /// Reports messages as read once they have been in view, together with all older ones.
    ///
    /// - Parameters:
    ///   - before: what was in view when the person did something; it counts unless that led away.
    ///   - isCompleting: true while completions cover the lowest messages.
    mutating func markReadIfSeen(
        _ before: View?, isCompleting: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        let isAtEnd = scroll == .end && !window.hasNewer
        if isAtEnd { unreadLine.markSeen() }
        guard window.unread > 0 else { return [] }
        if !isCompleting { seen.formUnion(SeenRows(view(context))) }
        if let before, before.peer == peer { seen.formUnion(before.rows) }
        guard let last = lastRead(isAtEnd: isAtEnd), last.id != markedRow else { return [] }
        markedRow = last.id
        context.attention.alerts.read(peer)
        return [.markRead(peer, upTo: window.firstUnread == nil ? nil : last.messageID)]
    }

    /// The other person's newest message that may be reported as read.
    private func lastRead(isAtEnd: Bool) -> TimelineRow? {
        // Unread messages that the server counts and the cache lacks: the client knows whether the end shows all.
        guard let firstUnread = window.firstUnread else { return isAtEnd ? window.newestReceivedRow : nil }
        guard let index = window.rows.firstIndex(where: { $0.id == firstUnread }) else { return nil }
        return window.rows[index...].lazy.filter { !$0.isMine }.prefix { seen.contains($0.id) }.last
    }

    /// Tells the client whether somebody looks at the conversation: on some servers, fetching marks it as read.
    mutating func tellAttention(isOnScreen: Bool, _ context: ScreenContext) -> [Effect] {
        let isAttended = context.isWatched && isOnScreen
        guard self.isAttended != isAttended else { return [] }
        self.isAttended = isAttended
        return [isAttended ? .open(peer) : .show(peer)]
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
