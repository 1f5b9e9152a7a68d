import ChatSQLite
import ChatWire

extension ChatEngine {
    // MARK: Reading

    func conversations() throws(SQLiteError) -> [Conversation] {
        let presence = presenceForScreen
        return try store.conversations.all().map { row in
            Conversation(
                peer: row.peer, name: row.name, email: row.email, preview: row.preview,
                previewIsMine: row.previewIsMine, previewState: shown(row.previewState, to: row.peer),
                lastTime: row.lastTime,
                unread: row.unread,
                presence: presence.presence(of: row.peer, isContact: row.isContact),
                lastSeen: row.lastSeen, isTyping: typists.isTyping(row.peer), draft: row.draft,
                isContact: row.isContact, isNameGiven: row.isNameGiven, isPinned: row.isPinned,
                isMuted: row.isMuted)
        }
    }

    func timeline(
        with peer: UserID, _ window: TimelineReader.Window, limit: Int
    ) throws(SQLiteError) -> Timeline {
        watched.insert(peer)
        let page = try store.timeline.page(with: peer, window, limit: limit)
        let canFetch = try olderPage(of: peer) != nil
        return Timeline(
            peer: page.peer, rows: page.rows.map(shown), hasOlder: page.hasOlder, hasNewer: page.hasNewer,
            mayFetchOlder: page.mayFetchOlder && canFetch, unread: page.unread,
            firstUnread: page.firstUnread)
    }

    func timeline(
        with peer: UserID, before: TimelinePosition?, limit: Int
    ) throws(SQLiteError) -> Timeline {
        try timeline(with: peer, before.map { .before($0) } ?? .newest, limit: limit)
    }

    func outboxRows() throws(SQLiteError) -> [(peer: UserID, row: TimelineRow)] {
        let rows = try store.timeline.unsent()
        return rows.map { ($0.peer, shown($0.row)) }
    }

    /// A row with the state that only memory knows. For a program that watches, an attempt that has begun is
    /// being made as long as the holder's link is up.
    func shown(_ row: TimelineRow) -> TimelineRow {
        guard row.state == .unknown, let tempID = row.tempID else { return row }
        let isSending = isHolder ? outbox.isSending(tempID) : linkState == .online
        return isSending ? row.with(state: .sending) : row
    }

    /// The same for the list: of one conversation only one message is sent at a time.
    private func shown(_ state: RowState?, to peer: UserID) -> RowState? {
        guard state == .unknown else { return state }
        let isSending = isHolder ? outbox.isSending(to: peer) : linkState == .online
        return isSending ? .sending : state
    }

    /// What has become of an entered message; nil for one that this cache never held, or that was taken back.
    func outcome(of tempID: TempID) throws(SQLiteError) -> SendOutcome? {
        guard let (peer, row) = try store.timeline.row(tempID) else { return nil }
        switch row.state {
        case .failed: return .failed(reason: row.failure ?? "")
        case .held: return .held
        case .queued, .sending, .unknown: return .queued
        case .received, .sent, .delivered, .read:
            // The server that had it is there no more.
            guard row.formerPeer == nil else { return .held }
            guard let id = row.messageID else { return .queued }
            return .sent(
                Message(
                    id: id, senderID: me, receiverID: peer, content: row.content, isRead: row.state == .read,
                    createdAt: row.time, tempID: tempID))
        }
    }

    // MARK: Acting

    func setDraft(_ text: String, for peer: UserID) throws(ChatError) {
        try storing { () throws(SQLiteError) in
            guard try store.conversations.draft(for: peer) != text else { return }
            try store.conversations.setDraft(text, for: peer)
            announce(.conversations)
        }
    }

    func typing(_ isTyping: Bool, to peer: UserID, at now: Moment) {
        guard case .up = link else { return }
        // Only those in the room are told, and only those in the room may tell.
        join(peer)
        let events =
            isTyping
            ? typing.keyPressed(peer, at: now.monotonic) : typing.isTyping(to: peer) ? typing.stop() : []
        for event in events { emit(event) }
    }

    func open(_ peer: UserID?, isAttended: Bool = true, at now: Moment) {
        openPeer = peer
        self.isAttended = isAttended && peer != nil
        if peer.map({ !typing.isTyping(to: $0) }) ?? true { for event in typing.stop() { emit(event) } }
        guard let peer else { return advance(at: now) }
        watched.insert(peer)
        join(peer)
        if isAttended {
            outbox.opened(peer)
            withStore(at: now) { () throws(SQLiteError) in
                if try !store.gaps.fetchState(of: peer).wasOpened { try store.conversations.setOpened(peer) }
            }
        }
        refresh(peer)
        advance(at: now)
    }

    /// The person has seen the conversation up to a message, or up to its end.
    func markRead(_ peer: UserID, upTo id: MessageID? = nil, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            let isAll = try hasSeenEnd(peer)
            guard isAll || id != nil, try store.readMarks.markRead(peer, upTo: id, countsAll: isAll) else {
                return
            }
            announce(.timeline(peer))
            announce(.conversations)
            try tellReadMarks()
        }
        advance(at: now)
    }

    /// What the server counts and the cache lacks nobody has seen: it must be fetched before it can be read.
    private func hasSeenEnd(_ peer: UserID) throws(SQLiteError) -> Bool {
        let unread = try store.unreadCounts.counts(of: peer)
        if unread.notCached <= 0 { return true }
        if fresh.contains(peer), try !store.listed.isNewer(of: peer) { return true }
        // Another program fetches; what is there may be all that can be had.
        return !isHolder && unread.all > unread.notCached
    }

    /// Tells the server of conversations read while it could not be told. Where a mark reads all that is there, a
    /// conversation waits while there is, or may be, what the person has not seen.
    func tellReadMarks() throws(SQLiteError) {
        guard case .up = link, let capabilities else { return }
        let isExact = capabilities.contains(.readUpTo)
        guard isExact || isCaughtUp else { return }
        for (peer, upTo) in try store.readMarks.pending() {
            let mark = Acknowledged.readMark(peer, upTo: upTo)
            guard !acknowledgements.values.contains(mark) else { continue }
            if !isExact {
                guard !isEmptilyCounted(peer), try !store.unreadCounts.hasUnseen(peer) else { continue }
                guard !writtenBeforeList.contains(peer) || fresh.contains(peer) else { continue }
            }
            emit(.messageRead(from: peer, upTo: isExact ? upTo : nil), acknowledgedAs: mark)
        }
    }

    // MARK: Other programs

    /// Another program committed to the cache.
    func cacheChangedElsewhere(at now: Moment) {
        indexedChanges = -1
        withStore(at: now) { () throws(SQLiteError) in
            try reconcileOutboxInTurn(at: now)
            if isHolder {
                try tellReadMarks()
                for id in try store.deletions.pending() { plan.add(.deleteMessage(id)) }
                try planWishes()
            }
        }
        announce(.conversations)
        for peer in watched.sorted() { announce(.timeline(peer)) }
        effects.append(.outboxMoved)
        advance(at: now)
    }
}
