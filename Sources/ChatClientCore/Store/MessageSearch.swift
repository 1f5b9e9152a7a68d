import ChatSQLite
import ChatWire

/// Finds messages by their words.
struct MessageSearch {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var searchIndex: SearchIndex { SearchIndex(database: database) }
    private var timeline: TimelineReader { TimelineReader(database: database, me: me) }

    /// What a search found, with the places of its words.
    struct Found {
        let peer: UserID
        let row: TimelineRow
        let words: [SearchWord]
        let matches: [SearchQuery.Match]
    }

    struct SearchResult {
        var found: [Found]
        /// Where to go on; nil when everything was searched.
        var next: Int64?
        var unsearched: Int
    }

    /// The newest messages below a position in which the query's words occur.
    ///
    /// Costs what is found, not what is stored: the index gives the newest first, and stops. What it gives
    /// is compared with the messages themselves, up to a number that keeps a screen waiting for a moment at
    /// most; a page may therefore end early, and say where to go on.
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

    /// So many are compared while guessing that a beginning is frequent.
    private static let guessMax = 1000
    /// So many are compared for one page.
    private static let comparedMax = 5000

    /// The index holds beginnings of two and three letters. For other ones SQLite would first gather all
    /// messages that have one, which takes long exactly when it is frequent; but then the newest messages
    /// hold enough of them. So these are looked at first: those that the index gives for the first three
    /// letters, or for the query without its last letter.
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

    /// The server ids of messages that may match, the newest first.
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

    /// Compares messages with the query until enough are found.
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
        let row = try database.prepare(TimelineReader.rowColumns + "WHERE m.server_id = ?")
        defer { row.reset() }
        try row.bindAll([key])
        return try row.step() ? found(row, matching: query, with: peer) : nil
    }

    private func found(
        _ row: Statement, matching query: SearchQuery, with peer: UserID?
    ) throws(SQLiteError) -> Found? {
        let owner = UserID(row.int64(10))
        guard peer == nil || owner == peer else { return nil }
        let words = row.withBytes(5) { SearchWord.all(of: $0) }
        let matches = query.match(words)
        if !matches.isEmpty, !query.literals.isEmpty, !query.accepts(row.string(5)) { return nil }
        return matches.isEmpty
            ? nil : Found(peer: owner, row: try timeline.decode(row), words: words, matches: matches)
    }

    // MARK: Without the index

    /// So many of the messages that the index lacks are searched one by one.
    private static let unindexedMax = 2000

    /// Unsent messages, and those that came since the index was extended last: the newest of them.
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
            // The index knows messages by their numbers, which those of a former server have no more.
            (
                """
                WHERE m.former_id IS NOT NULL AND m.former IS NOT NULL AND m.row_id <= ?
                ORDER BY m.former_id DESC LIMIT \(Self.unindexedMax)
                """, [mark]
            ),
        ]
        for (condition, values) in sources {
            let rows = try database.prepare(TimelineReader.rowColumns + condition)
            defer { rows.reset() }
            try rows.bindAll(values)
            while try rows.step() {
                if let one = try self.found(rows, matching: query, with: peer) { found.append(one) }
            }
        }
        return found
    }

    /// How many messages are neither in the index nor searched one by one.
    private func unsearchedCount() throws(SQLiteError) -> Int {
        max(0, try searchIndex.waitingCount() - Self.unindexedMax)
    }
}
