import ChatSQLite
import ChatWire

/// The index of the words in messages. It is extended in steps after the messages are stored, so that neither a long
/// first sync nor the first start on an old cache waits for it.
///
/// All sent messages up to the row `search_indexed_to` (in `meta`) are in the index. Triggers queue every change below
/// that row: `search_removals` has what must leave the index, with the words that it was given, and `search_additions`
/// has what must enter it again. Rows above the mark, queued rows and unsent rows are searched without the index.
struct SearchIndex {
    let database: Database
    /// How many rows this connection has changed that do not concern other programs: those of the index.
    private(set) var quietChanges: Int64 = 0
    private var meta: MetaTable { MetaTable(database: database) }

    /// Adds up to `limit` messages to the index, or removes them from it, in one commit.
    ///
    /// - Returns: false when the index was complete.
    mutating func extend(limit: Int) throws(SQLiteError) -> Bool {
        guard try hasWork() else { return false }
        let before = database.totalChanges
        try database.transaction { () throws(SQLiteError) in
            var left = limit
            left -= try unindexRemoved(limit: left)
            if left > 0 { left -= try indexAgain(limit: left) }
            if left > 0 { try indexNew(limit: left) }
        }
        quietChanges += database.totalChanges - before
        return true
    }

    /// Whether messages wait for the index.
    func hasWork() throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT (SELECT max(row_id) FROM messages) > (SELECT value FROM meta WHERE key = ?)
                OR EXISTS (SELECT 1 FROM search_removals) OR EXISTS (SELECT 1 FROM search_additions)
            """, MetaKey.searchIndexedTo.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// About how many new messages wait for the index.
    func waitingCount() throws(SQLiteError) -> Int {
        let waiting = try database.first(
            "SELECT (SELECT max(row_id) FROM messages) - (SELECT value FROM meta WHERE key = ?)",
            MetaKey.searchIndexedTo.rawValue
        ) { $0.int(0) }
        return max(0, waiting ?? 0)
    }

    /// Makes a damaged index again, empty.
    func reset() throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try database.execute("DROP TABLE IF EXISTS message_search")
            try database.execute(Schema.searchIndex)
            try database.execute("DELETE FROM search_removals; DELETE FROM search_additions")
            try meta.set(.searchIndexedTo, to: 0)
        }
    }

    /// Empties the index. It is filled again from the first row.
    func clear() throws(SQLiteError) {
        try database.run("INSERT INTO message_search (message_search) VALUES ('delete-all')")
        try database.run("DELETE FROM search_removals")
        try database.run("DELETE FROM search_additions")
        try meta.set(.searchIndexedTo, to: 0)
    }

    // MARK: Steps

    private struct Indexed {
        let key: Int64
        let words: String
    }

    private func unindexRemoved(limit: Int) throws(SQLiteError) -> Int {
        let removed = try database.rows(
            "SELECT server_id, peer_id, content FROM search_removals ORDER BY server_id LIMIT ?", limit,
            map: Self.indexed)
        for one in removed {
            try database.run(
                "INSERT INTO message_search (message_search, rowid, words) VALUES ('delete', ?, ?)", one.key,
                one.words)
            try database.run("DELETE FROM search_removals WHERE server_id = ?", one.key)
        }
        return removed.count
    }

    private func indexAgain(limit: Int) throws(SQLiteError) -> Int {
        let rows = try database.rows(
            """
            SELECT m.server_id, m.peer_id, m.content FROM search_additions a JOIN messages m USING (row_id)
            ORDER BY a.row_id LIMIT ?
            """, limit, map: Self.indexed)
        for row in rows { try index(row) }
        try database.run(
            """
            DELETE FROM search_additions
            WHERE row_id IN (SELECT row_id FROM search_additions ORDER BY row_id LIMIT ?)
            """, limit)
        return rows.count
    }

    private func indexNew(limit: Int) throws(SQLiteError) {
        let mark = try meta.number(.searchIndexedTo) ?? 0
        var last = mark
        let rows = try database.rows(
            """
            SELECT server_id, peer_id, content, row_id FROM messages WHERE row_id > ?
            ORDER BY row_id LIMIT ?
            """, mark, limit
        ) { (row: Statement) throws(SQLiteError) -> Indexed? in
            last = row.int64(3)
            // The trigger queues an unsent message when the server has it.
            return row.isNull(0) ? nil : try Self.indexed(row)
        }
        for case let row? in rows { try index(row) }
        try meta.set(.searchIndexedTo, to: last)
    }

    private func index(_ row: Indexed) throws(SQLiteError) {
        try database.run("INSERT INTO message_search (rowid, words) VALUES (?, ?)", row.key, row.words)
    }

    private static func indexed(_ row: Statement) throws(SQLiteError) -> Indexed {
        let scope = scopeWord(UserID(row.int64(1)))
        return Indexed(key: row.int64(0), words: row.withBytes(2) { words(in: $0, scope: scope) })
    }

    /// The words of a message, separated by spaces, after one that stands for its conversation.
    private static func words(in content: UnsafeRawBufferPointer, scope: [UInt8]) -> String {
        var words = scope
        words.reserveCapacity(scope.count + content.count + 16)
        var scanner = SearchWordScanner(content)
        while scanner.next() {
            words.append(UInt8(ascii: " "))
            words += scanner.folded
        }
        return String(decoding: words, as: UTF8.self)
    }

    /// The word for a conversation. No text contains it, because its first character is of the private use area, where
    /// texts are split.
    static func scopeWord(_ peer: UserID) -> [UInt8] { Array("\u{F5D0}\(peer.rawValue)".utf8) }
}
