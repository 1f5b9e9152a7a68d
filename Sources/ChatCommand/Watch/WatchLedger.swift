import ChatClientCore
import ChatWire

/// What of the cache has been told to whoever reads the output of `mychat watch`: from the rows of a
/// conversation as they are now it makes out what is news. A value without client or clock.
struct WatchLedger {
    enum News: Hashable, Sendable {
        /// A message that was not there before: of the other person, or entered here or on another device.
        case message(TimelineRow)
        /// A message told of before has another state.
        case state(TimelineRow)
        /// A message told of before is not there any more.
        case deleted(TimelineRow)
    }

    private struct Told {
        /// The newest position told of, or present when the watch began.
        var upTo: TimelinePosition?
        /// The newest rows told of, by which changes of them are noticed.
        var rows: [RowID: TimelineRow] = [:]
    }

    /// Changes of older messages than these are not told.
    static let rememberedMax = 200

    private var conversations: [UserID: Told] = [:]

    /// The rows that a conversation had when the watch began: they are no news, their later states are.
    mutating func begin(with peer: UserID, rows: [TimelineRow]) {
        conversations[peer] = nil
        _ = news(of: peer, in: rows)
    }

    /// True when a page that begins with `oldest` reaches back to what is known of the conversation.
    func reaches(back oldest: TimelineRow?, of peer: UserID) -> Bool {
        guard let upTo = conversations[peer]?.upTo else { return false }
        return oldest.map { $0.position <= upTo } ?? true
    }

    /// What is new in a conversation, oldest first. The rows are its newest, without a hole; none when there
    /// are none.
    mutating func news(of peer: UserID, in rows: [TimelineRow]) -> [News] {
        var told = conversations[peer] ?? Told()
        var news: [News] = []
        let present = Set(rows.map(\.id))
        let gone = told.rows.values.filter { row in
            !present.contains(row.id)
                && (row.state.isUnsent || rows.first.map { $0.position <= row.position } ?? true)
        }
        for row in gone.sorted(by: { $0.position < $1.position }) {
            told.rows[row.id] = nil
            news.append(.deleted(row))
        }
        for row in rows {
            if let before = told.rows[row.id] {
                if before.state != row.state { news.append(.state(row)) }
            } else if row.state.isUnsent || told.upTo.map({ $0 < row.position }) ?? true {
                news.append(.message(row))
            } else {
                // Older than what was told of: fetched from the past, no news.
                continue
            }
            told.rows[row.id] = row
            if !row.state.isUnsent { told.upTo = max(told.upTo ?? row.position, row.position) }
        }
        forgetOldest(&told)
        conversations[peer] = told
        return news
    }

    private func forgetOldest(_ told: inout Told) {
        guard told.rows.count > Self.rememberedMax else { return }
        let oldest = told.rows.values.sorted { $0.position < $1.position }
        for row in oldest.prefix(told.rows.count - Self.rememberedMax) { told.rows[row.id] = nil }
    }
}
