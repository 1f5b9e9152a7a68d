import ChatClientCore
import ChatWire

/// What `mychat watch` has already reported: it finds the news in the current rows of a conversation. A value without
/// a client or a clock.
struct WatchLedger {
    enum News: Hashable, Sendable {
        /// A new message: from the other person, or entered here or on another device.
        case message(TimelineRow)
        /// A reported message has a new state.
        case state(TimelineRow)
        /// A reported message is gone.
        case deleted(TimelineRow)
    }

    private struct Told {
        /// The newest position that was reported, or present when the watch began.
        var upTo: TimelinePosition?
        /// The newest reported rows, for noticing their changes.
        var rows: [RowID: TimelineRow] = [:]
    }

    /// Changes of older messages are not reported.
    static let rememberedMax = 200

    private var conversations: [UserID: Told] = [:]

    /// The rows of a conversation when the watch began: they are not news, but their later states are.
    mutating func begin(with peer: UserID, rows: [TimelineRow]) {
        conversations[peer] = nil
        _ = news(of: peer, in: rows)
    }

    /// True when a page that begins with `oldest` reaches back to the known rows of the conversation.
    func reaches(back oldest: TimelineRow?, of peer: UserID) -> Bool {
        guard let upTo = conversations[peer]?.upTo else { return false }
        return oldest.map { $0.position <= upTo } ?? true
    }

    /// The news of a conversation, oldest first. The rows are its newest ones without a hole; empty when there are
    /// none.
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
                // Older than the reported messages: fetched history, not news.
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
