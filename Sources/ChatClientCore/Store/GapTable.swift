import ChatSQLite
import ChatWire

/// A range of ids, `after < id < before`, in which the server may have messages that the cache lacks.
struct Gap: Equatable, Sendable {
    let after: Int64
    let before: Int64
}

/// The part of a conversation that the cache claims to hold: everything up to `end`, except for the gaps.
struct Completeness: Equatable, Sendable {
    let end: MessageID?
    let gaps: [Gap]

    /// Whether the server cannot have a message with this id, given that the cache does not hold one.
    func covers(_ id: MessageID) -> Bool {
        guard let end, id <= end else { return false }
        return !gaps.contains { $0.after < id.rawValue && id.rawValue < $0.before }
    }
}

/// How complete the history of each conversation is: its contiguous end, its gaps, and where pages ended.
struct GapTable {
    let database: Database
    private var meta: MetaTable { MetaTable(database: database) }

    /// What the cache claims to hold of a conversation.
    func completeness(of peer: UserID) throws(SQLiteError) -> Completeness {
        Completeness(end: try fetchState(of: peer).contiguousTo, gaps: try edges(of: peer))
    }

    /// The gaps of a conversation, oldest first.
    func edges(of peer: UserID) throws(SQLiteError) -> [Gap] {
        try database.rows(
            "SELECT after_id, before_id FROM gaps WHERE peer_id = ? ORDER BY before_id", peer.rawValue
        ) { Gap(after: $0.int64(0), before: $0.int64(1)) }
    }

    /// Whether the server may have older messages than the cache.
    func mayFetchOlder(of peer: UserID, gaps: [Gap]) throws(SQLiteError) -> Bool {
        if !gaps.isEmpty { return true }
        return try fetchState(of: peer).contiguousTo == nil
    }

    /// What has been fetched of a conversation.
    func fetchState(of peer: UserID) throws(SQLiteError) -> FetchState {
        try database.first(
            "SELECT contiguous_to, fetched_limit, was_opened, unread FROM conversations WHERE peer_id = ?",
            peer.rawValue
        ) {
            FetchState(
                contiguousTo: $0.optionalInt64(0).map { MessageID($0) }, fetchedLimit: $0.int(1),
                wasOpened: $0.bool(2), unread: $0.int(3))
        } ?? FetchState(contiguousTo: nil, fetchedLimit: 0, wasOpened: false, unread: 0)
    }

    struct FetchState: Equatable {
        var contiguousTo: MessageID?
        var fetchedLimit: Int
        var wasOpened: Bool
        var unread: Int
    }

    // MARK: Pages

    /// Opens a gap from the beginning up to `edge`: nothing below is known to be complete.
    func open(of peer: UserID, below edge: Int64) throws(SQLiteError) {
        try database.run("DELETE FROM gaps WHERE peer_id = ? AND before_id < ?", peer.rawValue, edge)
        try insertGap(peer, after: 0, before: edge)
    }

    /// Closes, shortens or opens gaps by what a page proves.
    ///
    /// - Parameters:
    ///   - lowest: the lowest id that the page covers; 0 when it reaches the beginning.
    ///   - highest: the page covers everything below this id, down to `lowest`; nil for the newest page.
    ///   - newest: the newest id that the page shows.
    func cover(
        _ peer: UserID, lowest: Int64, below highest: Int64?, newest: Int64?
    ) throws(SQLiteError) {
        let known = try edges(of: peer)
        for gap in known where gap.before > lowest && gap.after < (highest ?? .max) {
            try database.run(
                "DELETE FROM gaps WHERE peer_id = ? AND before_id = ?", peer.rawValue, gap.before)
            if gap.after < lowest, lowest > 0 {
                try insertGap(peer, after: gap.after, before: lowest)
            }
            if let highest, gap.before > highest {
                try insertGap(peer, after: highest, before: gap.before)
            }
        }
        guard highest == nil else { return }
        let contiguous = try fetchState(of: peer).contiguousTo?.rawValue ?? 0
        try close(of: peer, behind: contiguous)
        if lowest > contiguous, lowest > 0 {
            try insertGap(peer, after: contiguous, before: lowest)
        }
        try setContiguous(peer, to: max(newest ?? 0, contiguous))
    }

    /// Opens a gap before the newest page when the page proves nothing, because all its messages are of the second in
    /// which it was cut. Anything may be missing after the contiguous end.
    ///
    /// - Parameter ids: the ids on the page.
    func open(of peer: UserID, before ids: [Int64]) throws(SQLiteError) {
        guard let lowest = ids.min(), let newest = ids.max(),
            let end = try fetchState(of: peer).contiguousTo?.rawValue
        else { return }
        try close(of: peer, behind: end)
        try insertGap(peer, after: end, before: lowest > end + 1 ? lowest : newest)
    }

    /// Removes gaps after the contiguous end, where one is enough. An empty gap stays, because it waits for the stream.
    private func close(of peer: UserID, behind end: Int64) throws(SQLiteError) {
        try database.run(
            "DELETE FROM gaps WHERE peer_id = ?1 AND after_id >= ?2 AND before_id > ?2 + 1", peer.rawValue,
            end)
    }

    /// Moves the contiguous end up to `id`.
    private func setContiguous(_ peer: UserID, to id: Int64) throws(SQLiteError) {
        try database.run(
            """
            UPDATE conversations SET contiguous_to = max(coalesce(contiguous_to, 0), ?1)
            WHERE peer_id = ?2 AND contiguous_to IS NOT max(coalesce(contiguous_to, 0), ?1)
            """, id, peer.rawValue)
    }

    /// Where the last short page of a conversation ended, and since when pages end there. A page is short when it has
    /// fewer messages than were asked for. When another page ends there too, the conversation begins there.
    func shortEnd(of peer: UserID) throws(SQLiteError) -> (at: MessageID?, since: Timestamp?) {
        try database.first(
            "SELECT short_at, short_since FROM conversations WHERE peer_id = ?", peer.rawValue
        ) {
            (
                $0.optionalInt64(0).map { MessageID($0) },
                $0.optionalInt64(1).map { Timestamp(microseconds: $0) }
            )
        } ?? (nil, nil)
    }

    func setShortEnd(_ id: MessageID?, _ since: Timestamp?, of peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            UPDATE conversations SET short_at = ?1, short_since = ?2
            WHERE peer_id = ?3 AND (short_at IS NOT ?1 OR short_since IS NOT ?2)
            """, id?.rawValue, since?.microseconds, peer.rawValue)
    }

    // MARK: The stream of changes

    /// Forgets the place in the stream of changes. The stream starts over somewhere, and messages may be missing
    /// between the cache and that place. So each conversation gets an empty gap after its end, which the stream widens
    /// or removes.
    func forgetCursor() throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try meta.set(.cursor, to: nil)
            try meta.set(.streamIsWhole, to: nil)
            try database.run(
                """
                INSERT OR IGNORE INTO gaps (peer_id, before_id, after_id)
                SELECT peer_id, contiguous_to + 1, contiguous_to FROM conversations
                WHERE contiguous_to IS NOT NULL
                """)
        }
    }

    /// Closes all gaps up to `id`, because the stream of changes has brought every message from the beginning.
    ///
    /// - Returns: the conversations that were not known to be complete.
    func close(upTo id: MessageID) throws(SQLiteError) -> Set<UserID> {
        try database.transaction { () throws(SQLiteError) in
            let incomplete = try database.rows(
                """
                SELECT peer_id FROM gaps WHERE before_id <= ?1
                UNION SELECT peer_id FROM conversations WHERE contiguous_to IS NULL
                """, id.rawValue
            ) { UserID($0.int64(0)) }
            try database.run("DELETE FROM gaps WHERE before_id <= ?", id.rawValue)
            try database.run(
                """
                UPDATE conversations SET short_at = NULL, contiguous_to = coalesce((
                    SELECT max(position) FROM messages m
                    WHERE m.peer_id = conversations.peer_id AND position <= ?), 0)
                WHERE contiguous_to IS NULL
                """, id.rawValue)
            try meta.set(.streamIsWhole, to: nil)
            return Set(incomplete)
        }
    }

    /// Notes that the stream of changes has reached `id`. The conversation is known up to there, except for a gap after
    /// its end when the stream has started over behind it.
    ///
    /// A batch may bring many messages of one conversation. All but the first only move the end, which is stored once
    /// at the end of the batch (``endStream(of:_:)``).
    func stream(_ peer: UserID, to id: MessageID, _ effects: inout StoreEffects) throws(SQLiteError) {
        if let end = effects.streamed[peer] {
            effects.streamed[peer] = max(end, id)
        } else if try extendContiguous(peer, to: id, &effects) {
            effects.streamed[peer] = id
        }
    }

    /// Stores how far the stream has come in a conversation.
    func endStream(of peer: UserID, _ effects: inout StoreEffects) throws(SQLiteError) {
        guard let end = effects.streamed.removeValue(forKey: peer) else { return }
        try setContiguous(peer, to: end.rawValue)
    }

    /// Turns the empty gap after the end of a conversation into what the stream has skipped.
    ///
    /// - Returns: false when nothing is known about the conversation.
    private func extendContiguous(
        _ peer: UserID, to id: MessageID, _ effects: inout StoreEffects
    ) throws(SQLiteError) -> Bool {
        let state = try database.first(
            """
            SELECT c.contiguous_to, g.before_id FROM conversations c
            LEFT JOIN gaps g ON g.peer_id = c.peer_id AND g.before_id = c.contiguous_to + 1
            WHERE c.peer_id = ?
            """, peer.rawValue
        ) { ($0.optionalInt64(0), $0.optionalInt64(1)) }
        guard let (end, emptyGap) = state, let end else { return false }
        if let emptyGap {
            effects.touch(peer)
            try database.run(
                "DELETE FROM gaps WHERE peer_id = ? AND before_id = ?", peer.rawValue, emptyGap)
            // A stream that repeats known messages has skipped nothing after them.
            if id.rawValue > end { try insertGap(peer, after: end, before: id.rawValue) }
        }
        return true
    }

    /// Inserts a gap, unless no id fits into it. Ids count from 1.
    private func insertGap(_ peer: UserID, after: Int64, before: Int64) throws(SQLiteError) {
        guard before > after + 1 else { return }
        try database.run(
            """
            INSERT INTO gaps (peer_id, before_id, after_id) VALUES (?, ?, ?)
            ON CONFLICT (peer_id, before_id) DO UPDATE SET after_id = min(after_id, excluded.after_id)
            """, peer.rawValue, before, after)
    }
}
