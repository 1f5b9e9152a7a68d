import ChatClientCore
import ChatWire

/// The loaded rows of one conversation, and what is known about the rows around them. Both screens have one.
struct MessageWindow: Hashable, Sendable {
    let peer: UserID
    /// Oldest first.
    private(set) var rows: [TimelineRow] = []
    private(set) var isLoaded = false
    /// True when the cache holds rows older than these.
    private(set) var hasOlder = false
    /// True when the window does not reach the newest message.
    private(set) var hasNewer = false
    /// True when the server may hold messages older than the whole cache.
    private(set) var mayFetchOlder = false
    private(set) var isFetchingOlder = false
    /// How many messages the account has not seen.
    private(set) var unread = 0
    /// The first of them that is in the cache; it need not be loaded.
    private(set) var firstUnread: RowID?
    /// The gap line whose messages are being fetched.
    private(set) var gapBeingFilled: RowID?
    private var reload = Reload.idle

    /// A window whose first load is in flight.
    init(loading peer: UserID) {
        self.peer = peer
        _ = reload.request()
    }

    // MARK: Loading

    var isLoading: Bool { reload != .idle }

    /// Asks for a load; true when it should start now.
    mutating func requestLoad() -> Bool { reload.request() }

    /// Takes note that a load has arrived; true when its rows are stale and another load should start.
    mutating func finishLoad() -> Bool { reload.finish() }

    /// Replaces all rows.
    mutating func take(_ timeline: Timeline, hasNewer: Bool) {
        rows = timeline.rows
        hasOlder = timeline.hasOlder
        self.hasNewer = hasNewer
        mayFetchOlder = timeline.mayFetchOlder
        unread = timeline.unread
        firstUnread = timeline.firstUnread
        isLoaded = true
    }

    /// Keeps only the newest rows: the others count as older ones in the cache.
    mutating func keepNewest(_ count: Int) {
        guard count < rows.count else { return }
        rows.removeFirst(rows.count - count)
        hasOlder = true
    }

    /// Puts a page of older rows above the loaded ones.
    mutating func prepend(_ timeline: Timeline) {
        isFetchingOlder = false
        hasOlder = timeline.hasOlder
        rows = timeline.rows + rows
    }

    // MARK: Fetching from the server

    mutating func beginFetchingOlder() { isFetchingOlder = true }

    /// What was fetched is in the cache, from where it is loaded like other rows.
    mutating func olderFetched(_ foundMore: Bool) {
        isFetchingOlder = false
        if foundMore { hasOlder = true } else { mayFetchOlder = false }
    }

    mutating func beginFilling(_ gap: RowID) { gapBeingFilled = gap }
    mutating func gapFilled() { gapBeingFilled = nil }

    /// The gap nearest above a row, that row included; without one, nearest above the end.
    func nearestGap(above index: Int? = nil) -> RowID? {
        let end = index ?? rows.count - 1
        guard rows.indices.contains(end) else { return nil }
        return rows[...end].last(where: \.isGapAbove)?.id
    }

    // MARK: Rows

    func index(of row: RowID) -> Int? { rows.lastIndex { $0.id == row } }
    func contains(_ row: RowID) -> Bool { rows.contains { $0.id == row } }

    /// The messages that wait for the person's decision.
    var waiting: [TempID] {
        rows.filter { $0.state == .failed || $0.state == .held }.compactMap(\.tempID)
    }

    var newestOwnRow: TimelineRow? { rows.last(where: \.isMine) }
    var newestReceivedRow: TimelineRow? { rows.last { !$0.isMine } }
}

// MARK: Following a conversation line by line

extension MessageWindow {
    /// A difference between the loaded rows and a later load of the newest ones.
    enum Change: Hashable, Sendable {
        case added(TimelineRow)
        /// A message of one's own has reached another state.
        case moved(TimelineRow)
    }

    /// Takes a later load of the newest rows, keeps the older rows that are loaded, and returns the differences in
    /// the order of the rows.
    mutating func follow(_ timeline: Timeline) -> [Change] {
        let known = Dictionary(rows.map { ($0.id, $0) }) { _, last in last }
        let newest = rows.last { !$0.state.isUnsent }?.position
        var changes: [Change] = []
        var added: [TimelineRow] = []
        for row in timeline.rows {
            if let before = known[row.id] {
                if row.isMine, before.state != row.state { changes.append(.moved(row)) }
            } else if newest.map({ $0 < row.position }) ?? true {
                added.append(row)
                changes.append(.added(row))
            }
        }
        let current = Set(timeline.rows.map(\.id))
        let oldest = timeline.rows.first?.position
        let older = rows.filter { row in
            !current.contains(row.id) && (oldest.map { row.position < $0 } ?? false)
        }
        rows = older + timeline.rows.filter { known[$0.id] != nil } + added
        return changes
    }
}
