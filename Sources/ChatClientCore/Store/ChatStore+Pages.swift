import ChatSQLite
import ChatWire

extension ChatStore {
    func ingest(_ page: ConversationPage, _ effects: inout StoreEffects) throws(SQLiteError) {
        let peer = page.peer
        try ensureConversation(peer)
        // What a page covers begins where the stream has come to.
        try endStream(of: peer, &effects)
        let messages = page.messages.filter { self.peer(of: $0) == peer }
        let newestKnown = page.before == nil ? try newestKnown(among: messages) : nil
        let received = effects.received.count
        for message in messages.reversed() {
            try ingest(message, from: .page, &effects)
        }
        // History is no news: nobody is to be told that it arrived.
        if page.before != nil { effects.received.removeSubrange(received...) }
        // A page that is not wholly of this conversation, or that was not wholly understood, proves nothing.
        guard messages.count == page.messages.count, page.leftOut == 0 else { return }
        let isComplete = page.messages.count < page.limit
        let lowest = isComplete ? 0 : messages.map(\.id.rawValue).min() ?? 0
        try removeMissing(
            from: page, lowest: lowest, ids: Set(messages.map(\.id.rawValue)),
            newestKnown: newestKnown, &effects)
        let gaps = try gapEdges(of: peer)
        let mightHaveOlder = try mayFetchOlder(of: peer, gaps: gaps)
        try cover(
            peer, lowest: lowest, below: page.before?.rawValue, newest: messages.map(\.id.rawValue).max())
        try holdGone(with: peer, isShown: !messages.isEmpty, &effects)
        let left = try gapEdges(of: peer)
        let mayHaveOlder = try mayFetchOlder(of: peer, gaps: left)
        if left != gaps || mayHaveOlder != mightHaveOlder { effects.touch(peer) }
        if page.before == nil {
            try database.run(
                """
                UPDATE conversations SET fetched_limit = ?, server_preview = NULL, server_time = NULL
                WHERE peer_id = ?
                """, page.limit, peer.rawValue)
            effects.isListChanged = true
        }
        if !page.isPeek, page.before == nil {
            try markReadByMe(peer, upTo: nil, &effects)
            try database.run(
                "UPDATE conversations SET read_is_pending = 0 WHERE peer_id = ?", peer.rawValue)
        }
    }

    /// What the page should show and does not was deleted on the server.
    private func removeMissing(
        from page: ConversationPage, lowest: Int64, ids: Set<Int64>, newestKnown: MessageID?,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let highest = min(page.before.map { $0.rawValue - 1 } ?? .max, page.knownAtRequest.rawValue)
        let cached = try database.rows(
            "SELECT server_id FROM messages WHERE peer_id = ? AND position BETWEEN ? AND ?",
            page.peer.rawValue, lowest, highest
        ) { $0.int64(0) }
        for id in cached where !ids.contains(id) {
            try rememberMissing(MessageID(id))
            guard try !keepGone(MessageID(id), above: newestKnown, &effects) else { continue }
            try delete(MessageID(id), &effects)
        }
    }
}
