import ChatClientCore

/// The line above the messages that came unseen. Once it is there, it stays put while the conversation is open.
struct UnreadLine: Hashable, Sendable {
    struct Mark: Hashable, Sendable {
        var row: RowID
        var count: Int
        /// Set once its messages have been seen: newer ones then get a line of their own.
        var isSeen: Bool
    }

    private(set) var mark: Mark?
    /// True while the view is to show the line: until the person moves the view.
    private(set) var leadsView = true
    /// True while the server counts unread messages of which none is here yet.
    private var awaitsMessages = false

    /// The mark that the view has to show.
    var markToShow: Mark? { mark.flatMap { leadsView && !$0.isSeen ? $0 : nil } }

    mutating func viewMoved() { leadsView = false }
    mutating func viewLed() { leadsView = true }
    mutating func markSeen() { mark?.isSeen = true }

    /// Puts the line at a row that was looked up, where there is none yet.
    mutating func put(at row: RowID, count: Int, isSeen: Bool) {
        guard mark == nil else { return }
        mark = Mark(row: row, count: count, isSeen: isSeen)
    }

    /// Takes a load of the conversation.
    ///
    /// - Parameters:
    ///   - newest: the other person's newest message that was loaded before.
    ///   - isAtEnd: true when the view shows the end, so that it may go to the line.
    ///   - comesUnseen: whether messages from this row on came without being seen at once.
    mutating func take(
        _ timeline: Timeline, isFirst: Bool, newest: TimelinePosition?, isAtEnd: Bool,
        comesUnseen: (RowID) -> Bool
    ) {
        guard timeline.unread > 0, let first = timeline.firstUnread else {
            return takeFetched(timeline, newest: newest, isAtEnd: isAtEnd)
        }
        awaitsMessages = false
        if let mark, !mark.isSeen {
            self.mark?.count = max(mark.count, timeline.unread)
            return
        }
        let row = timeline.rows.first { $0.id == first }
        let isNew = row.map { row in newest.map { row.position > $0 } ?? true } ?? true
        guard isFirst || isNew && comesUnseen(first) else { return }
        put(Mark(row: first, count: timeline.unread, isSeen: false), isAtEnd: isAtEnd)
    }

    /// A server that marks everything as read when it is fetched no longer says which messages were new. They are
    /// the ones that came with the fetch.
    private mutating func takeFetched(_ timeline: Timeline, newest: TimelinePosition?, isAtEnd: Bool) {
        if timeline.unread > 0 {
            awaitsMessages = true
            return
        }
        guard awaitsMessages else { return }
        let fetched = timeline.rows.filter { row in !row.isMine && newest.map { row.position > $0 } ?? true }
        guard let first = fetched.first else { return }
        awaitsMessages = false
        put(Mark(row: first.id, count: fetched.count, isSeen: false), isAtEnd: isAtEnd)
    }

    /// The view goes to the line, unless the person is elsewhere in the conversation.
    private mutating func put(_ mark: Mark, isAtEnd: Bool) {
        self.mark = mark
        leadsView = isAtEnd
    }
}
