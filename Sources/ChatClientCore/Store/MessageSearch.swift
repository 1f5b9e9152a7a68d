import ChatSQLite
import ChatWire

/// Finds messages by their words.
struct MessageSearch {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var searchIndex: SearchIndex { SearchIndex(database: database) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }

    /// A message that matches, with the places of the matching words.
    struct Found {
        let peer: UserID
        let row: TimelineRow
        let words: [SearchWord]
        let matches: [SearchQuery.Match]
    }

    struct SearchResult {
        var found: [Found]
        /// The position at which the search continues; nil when everything was searched.
        var next: Int64?
        var unsearched: Int
    }

    /// The newest messages below a position that match the query.
    ///
    /// The cost depends on what is found, not on what is stored, because the index yields the newest messages first.
    /// Each candidate is compared with the message itself. The number of candidates per page is limited, so that a
    /// screen waits for a moment at most. So a page may end early; then it says where to continue.
    func page(
        _ query: SearchQuery, with peer: UserID?, below position: Int64?, limit: Int
    ) throws(SQLiteError) -> SearchResult {
        try database.readTransaction { () throws(SQLiteError) in
            let position = position ?? .max
            let sent = try searchSent(
                query, with: peer, below: min(position, TimelinePosition.firstUnsent), limit: limit)
            let floor = sent.next ?? .min
            var found = try searchUnindexed(query, with: peer).filter { one in
                one.row.position.rawValue < position && one.row.position.rawValue >= floor
                    && !sent.found.contains { $0.row.id == one.row.id }
            }
            found += sent.found
            found.sort { $0.row.position > $1.row.position }
            var next = sent.next
            if found.count > limit {
                found.removeSubrange(limit...)
                next = found.last?.row.position.rawValue ?? next
            }
            return SearchResult(found: found, next: next, unsearched: try unsearchedCount())
        }
    }

    // MARK: With the index

    /// The number of candidates that are compared on the guess that a prefix is frequent.
    private static let guessMax = 1000
    /// The number of candidates that are compared per page.
    private static let comparedMax = 5000

    /// Finds sent messages with the index.
    ///
    /// The index holds prefixes of two and three letters. For any other prefix SQLite would first gather all messages
    /// that have it, which is slow when the prefix is frequent. But then the newest messages contain it often enough.
    /// So a wider query is tried first, by the first three letters or without the last letter.
    private func searchSent(
        _ query: SearchQuery, with peer: UserID?, below position: Int64, limit: Int
    ) throws(SQLiteError) -> (found: [Found], next: Int64?) {
        if let wider = query.wider {
            let guess = try compare(
                keys(of: wider, with: peer, below: position), with: query, peer, limit: limit,
                max: Self.guessMax)
            if guess.next == nil || guess.found.count == limit { return guess }
        }
        return try compare(
            keys(of: query, with: peer, below: position), with: query, peer, limit: limit,
            max: Self.comparedMax)
    }

    /// The server ids of candidates, newest first.
    private func keys(
        of query: SearchQuery, with peer: UserID?, below position: Int64
    ) throws(SQLiteError) -> Statement {
        if query.phrases.isEmpty { return try allKeys(with: peer, below: position) }
        let keys = try database.prepare(
            """
            SELECT rowid FROM message_search WHERE message_search MATCH ? AND rowid < ?
            ORDER BY rowid DESC
            """)
        try keys.bindAll([query.matchExpression(scope: peer.map(SearchIndex.scopeWord)), position])
        return keys
    }

    private func allKeys(with peer: UserID?, below position: Int64) throws(SQLiteError) -> Statement {
        let keys: Statement
        if let peer {
            keys = try database.prepare(
                "SELECT position FROM messages WHERE peer_id = ? AND position < ? ORDER BY position DESC")
            try keys.bindAll([peer.rawValue, position])
        } else {
            keys = try database.prepare(
                "SELECT server_id FROM messages WHERE server_id < ? ORDER BY server_id DESC")
            try keys.bindAll([position])
        }
        return keys
    }

    /// Compares candidates with the query until enough match.
    private func compare(
        _ keys: Statement, with query: SearchQuery, _ peer: UserID?, limit: Int, max: Int
    ) throws(SQLiteError) -> (found: [Found], next: Int64?) {
        defer { keys.reset() }
        var found: [Found] = []
        var compared = 0
        while try keys.step() {
            let key = keys.int64(0)
            if let one = try sentRow(key, matching: query, with: peer) { found.append(one) }
            compared += 1
            if found.count == limit || compared == max { return (found, key) }
        }
        return (found, nil)
    }

    private func sentRow(
        _ key: Int64, matching query: SearchQuery, with peer: UserID?
    ) throws(SQLiteError) -> Found? {
        let row = try database.prepare(MessageTable.selection + "WHERE m.server_id = ?")
        defer { row.reset() }
        try row.bindAll([key])
        return try row.step() ? found(row, matching: query, with: peer) : nil
    }

    private func found(
        _ row: Statement, matching query: SearchQuery, with peer: UserID?
    ) throws(SQLiteError) -> Found? {
        let columns = SelectedRow<MessageTable.Column>(row)
        let owner = columns.user(.peer)
        guard peer == nil || owner == peer else { return nil }
        let words = columns.withBytes(.content) { SearchWord.all(of: $0) }
        let matches = query.match(words)
        if !matches.isEmpty, !query.literals.isEmpty, !query.accepts(columns.string(.content)) { return nil }
        return matches.isEmpty
            ? nil : Found(peer: owner, row: try messages.decode(row).row, words: words, matches: matches)
    }

    // MARK: Without the index

    /// The number of messages outside the index that are compared one by one.
    private static let unindexedMax = 2000

    /// Finds unsent messages, and the newest of those that the index lacks.
    private func searchUnindexed(
        _ query: SearchQuery, with peer: UserID?
    ) throws(SQLiteError) -> [Found] {
        let mark = try meta.number(.searchIndexedTo) ?? 0
        var found: [Found] = []
        let sources: [(condition: String, values: [Int64])] = [
            ("WHERE o.sequence IS NOT NULL AND o.is_cancelled = 0", []),
            ("WHERE m.row_id IN (SELECT row_id FROM search_additions LIMIT \(Self.unindexedMax))", []),
            (
                """
                WHERE m.row_id > ? AND o.sequence IS NULL
                ORDER BY m.row_id DESC LIMIT \(Self.unindexedMax)
                """, [mark]
            ),
            // The index refers to messages by their ids, which those of a former server have lost.
            (
                """
                WHERE m.former_id IS NOT NULL AND m.former IS NOT NULL AND m.row_id <= ?
                ORDER BY m.former_id DESC LIMIT \(Self.unindexedMax)
                """, [mark]
            ),
        ]
        for (condition, values) in sources {
            let rows = try database.prepare(MessageTable.selection + condition)
            defer { rows.reset() }
            try rows.bindAll(values)
            while try rows.step() {
                if let one = try self.found(rows, matching: query, with: peer) { found.append(one) }
            }
        }
        return found
    }

    /// How many messages are neither in the index nor compared one by one.
    private func unsearchedCount() throws(SQLiteError) -> Int {
        max(0, try searchIndex.waitingCount() - Self.unindexedMax)
    }
}
