import ChatSQLite
import ChatWire

/// Stores a page of a conversation, and what the page proves.
struct PageIngest {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var deletions: MessageDeletions { MessageDeletions(database: database, me: me) }
    private var readMarks: ReadMarks { ReadMarks(database: database, me: me) }
    private var gaps: GapTable { GapTable(database: database) }
    private var gone: GoneMessages { GoneMessages(database: database, me: me) }
    private var messageIngest: MessageIngest { MessageIngest(database: database, me: me) }

    func ingest(_ page: ConversationPage, _ effects: inout StoreEffects) throws(SQLiteError) {
        let peer = page.peer
        try conversations.ensure(peer)
        // The page is compared with the contiguous end, so the end must be stored before.
        try gaps.endStream(of: peer, &effects)
        let shown = page.messages.filter { messages.peer(of: $0) == peer }
        let claimed = try gaps.completeness(of: peer)
        let known = try known(before: page, shown, claimed)
        let newestKnown = page.before == nil ? try messages.newestKnown(among: shown) : nil
        let received = effects.received.count
        let heldBefore = effects.goneFromServer
        var isRefuted = false
        for message in shown.reversed() {
            try deletions.forgetDoubtful(of: message.id)
            let before = effects.added
            try messageIngest.ingest(message, from: .page, &effects)
            if effects.added > before, claimed.covers(message.id) { isRefuted = true }
        }
        // Older messages are not news, so nobody is notified of them.
        if page.before != nil { effects.received.removeSubrange(received...) }
        // A page proves nothing when a part of it belongs elsewhere or could not be read.
        guard shown.count == page.messages.count, page.leftOut == 0 else { return }
        let proof = PageProof(page, known)
        effects.proof = proof
        try removeMissing(from: page, proof, newestKnown: newestKnown, &effects)
        // A page of another time still shows everything that was in its range.
        try cover(page, proof, isRefuted: isRefuted, &effects)
        try gone.holdGone(with: peer, isShown: !shown.isEmpty, &effects)
        if effects.goneFromServer > heldBefore { try gone.putInOrder(with: peer) }
        guard page.before == nil, proof.isTrusted else { return }
        try noteNewest(of: page, &effects)
    }

    /// What the cache knows about a conversation before the page is stored.
    private func known(
        before page: ConversationPage, _ shown: [Message], _ claimed: Completeness
    ) throws(SQLiteError) -> PageProof.Known {
        var known = PageProof.Known(
            newest: try messages.newestSentID(with: page.peer, upTo: page.knownAtRequest))
        (known.shortAt, known.shortSince) = try gaps.shortEnd(of: page.peer)
        if let lowest = shown.map(\.id.rawValue).min() {
            known.hasOlder = try messages.rowFrom(0, of: page.peer).map { $0.position < lowest } ?? false
        }
        known.isBlank = known.newest == nil && claimed.gaps.isEmpty
        for message in shown where try messages.storedRow(message.id)?.peer == page.peer {
            known.shown.insert(message.id)
        }
        return known
    }

    /// Deletes the messages that the page proves to be absent from the server.
    private func removeMissing(
        from page: ConversationPage, _ proof: PageProof, newestKnown: MessageID?,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        guard let searched = proof.searched else { return }
        let cached = try database.rows(
            """
            SELECT server_id, created_at FROM messages WHERE peer_id = ? AND position BETWEEN ? AND ?
            ORDER BY position DESC
            """, page.peer.rawValue, searched.lowerBound,
            min(searched.upperBound, TimelinePosition.firstUnsent - 1)
        ) { (MessageID($0.int64(0)), Timestamp(microseconds: $0.int64(1))) }
        let missing = cached.filter { proof.provesAbsence(of: $0.0, at: $0.1) }.map(\.0)
        guard !missing.isEmpty else { return }
        var tail = try gone.tail(of: page.peer, above: newestKnown)
        for id in missing {
            try gone.remember(id)
            guard try !gone.keepGone(id, of: page.peer, &tail, &effects) else { continue }
            try deletions.delete(id, &effects, isDoubtful: true)
        }
    }

    /// Updates the gaps by what the page proves.
    private func cover(
        _ page: ConversationPage, _ proof: PageProof, isRefuted: Bool, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let peer = page.peer
        let before = try gaps.edges(of: peer)
        let mightHaveOlder = try gaps.mayFetchOlder(of: peer, gaps: before)
        try gaps.setShortEnd(proof.shortAt, proof.shortSince, of: peer)
        if page.before == nil, !proof.isEmpty {
            try database.run(
                "UPDATE conversations SET fetched_limit = ?1 WHERE peer_id = ?2 AND fetched_limit <> ?1",
                page.limit,
                peer.rawValue)
        }
        if let lowest = proof.reachesBeginning ? 0 : proof.floor?.rawValue {
            // The cache has claimed a completeness that it did not have, so it claims nothing below the page.
            if isRefuted, lowest > 0 { try gaps.open(of: peer, below: lowest) }
            try gaps.cover(
                peer, lowest: lowest, below: page.before?.rawValue,
                newest: page.messages.map(\.id.rawValue).max())
        } else if page.before == nil {
            try gaps.open(of: peer, before: page.messages.map(\.id.rawValue))
        }
        let left = try gaps.edges(of: peer)
        let mayHaveOlder = try gaps.mayFetchOlder(of: peer, gaps: left)
        if left != before || mayHaveOlder != mightHaveOlder { effects.touch(peer) }
    }

    /// Stores what follows from the newest page when it can be trusted. The server had nothing newer. Unless the
    /// request was a peek, it has marked everything as read that was there then, but not what the link has brought
    /// since.
    private func noteNewest(
        of page: ConversationPage, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try database.run(
            """
            UPDATE conversations SET fetched_limit = ?, server_preview = NULL, server_time = NULL
            WHERE peer_id = ?
            """, page.limit, page.peer.rawValue)
        effects.isListChanged = true
        guard !page.isPeek else { return }
        let last = page.messages.map(\.id).reduce(page.knownAtRequest) { max($0, $1) }
        try readMarks.readByMe(page.peer, upTo: last, &effects)
        try database.run(
            "UPDATE conversations SET read_is_pending = 0 WHERE peer_id = ? AND read_to <= ?",
            page.peer.rawValue, last.rawValue)
    }
}
