import ChatClientCore
import ChatWire

extension PlainState {
    // MARK: The list

    mutating func take(_ list: [Conversation]) -> PlainOutput {
        let isFirst = !conversationsLoaded
        let presences = open.flatMap { peer in conversations.first { $0.peer == peer }?.presence }
        conversations = list
        conversationsLoaded = true
        var output = PlainOutput(effects: conversationsReload.finish() ? [.loadConversations] : [])
        if isFirst {
            output.lines += self.list() + [strings.plainNobodyOpen]
            // Who connected before has no news of it.
            if link == .online { output.lines.append(strings.plainLink(link, secondsToNextTry: nil)) }
            hasConnected = true
            output.effects.append(.connect)
        } else if let open, let now = conversations.first(where: { $0.peer == open })?.presence,
            now != presences, now != .unknown, presences != .unknown, presences != nil
        {
            let words = now == .online ? strings.online : strings.offline
            output.lines.append(strings.plainConversation(displayName(of: open), words))
        }
        return output
    }

    /// The conversations, numbered for `/goto`.
    mutating func list() -> [String] {
        listed = conversations.map(\.peer)
        guard !conversations.isEmpty else { return [strings.noConversations + "."] }
        return conversations.enumerated().map { index, conversation in
            var details: [String] = []
            switch conversation.presence {
            case .online: details.append(strings.online)
            case .offline: details.append(strings.offline)
            case .unknown: break
            }
            if conversation.unread > 0 { details.append(strings.plainUnreadCount(conversation.unread)) }
            if let time = conversation.lastTime {
                details.append(strings.short(calendar.time(of: time), today: today))
            }
            return strings.plainListEntry(index + 1, displayName(of: conversation.peer), details)
        }
    }

    // MARK: Opening

    mutating func openConversation(_ peer: UserID) -> PlainOutput {
        open = peer
        rows = []
        isAnnounced = false
        isFetchingOlder = false
        dayBegins = nil
        timelineReload = .idle
        _ = timelineReload.request()
        return PlainOutput(effects: [.open(peer), loadTimeline(peer)])
    }

    mutating func take(_ timeline: Timeline) -> PlainOutput {
        guard timeline.peer == open else { return PlainOutput() }
        let isStale = timelineReload.finish()
        var output = isAnnounced ? news(in: timeline) : opening(timeline)
        if isStale { output.effects.append(loadTimeline(timeline.peer)) }
        if timeline.unread > 0, isAnnounced { output.effects.append(.markRead(timeline.peer)) }
        return output
    }

    /// The head of a conversation, and its newest messages.
    private mutating func opening(_ timeline: Timeline) -> PlainOutput {
        isAnnounced = true
        rows = timeline.rows
        mayFetchOlder = timeline.mayFetchOlder
        unreadBegins = timeline.unread > 0 ? timeline.firstUnread : nil
        let shown = Array(rows.suffix(max(Self.pageRows, min(timeline.unread, Self.loadedRows))))
        hasOlder = timeline.hasOlder || shown.count < rows.count
        rows = shown
        var lines = [strings.plainConversation(displayName(of: timeline.peer), presence(of: timeline.peer))]
        if hasOlder || mayFetchOlder { lines.append(strings.plainOlder) }
        if shown.isEmpty { lines.append(strings.plainNoMessages) }
        lines += self.lines(for: shown, firstUnread: timeline.firstUnread, unread: timeline.unread)
        return PlainOutput(lines: lines)
    }

    private func presence(of peer: UserID) -> String? {
        guard let conversation = conversations.first(where: { $0.peer == peer }) else { return nil }
        switch conversation.presence {
        case .online: return strings.online
        case .offline:
            return conversation.lastSeen.map {
                strings.lastSeen(strings.moment(calendar.time(of: $0), today: today))
            } ?? strings.offline
        case .unknown: return nil
        }
    }

    /// What is new, and what has become of what was said.
    private mutating func news(in timeline: Timeline) -> PlainOutput {
        let known = Dictionary(rows.map { ($0.id, $0) }) { _, last in last }
        let newest = rows.last(where: { !$0.state.isUnsent })?.position
        var lines: [String] = []
        var fresh: [TimelineRow] = []
        for row in timeline.rows {
            if let before = known[row.id] {
                if row.isMine, before.state != row.state { lines += stateLine(of: row, before: before.state) }
            } else if newest.map({ $0 < row.position }) ?? true {
                fresh.append(row)
                // What was typed here stands there already, as the terminal's own echo.
                if row.isMine, row.tempID != nil {
                    lines += stateLine(of: row, before: nil)
                } else {
                    lines += self.lines(for: [row], after: rows.last)
                }
            }
        }
        let current = Set(timeline.rows.map(\.id))
        let oldest = timeline.rows.first?.position
        let older = rows.filter { row in
            !current.contains(row.id) && (oldest.map { row.position < $0 } ?? false)
        }
        let shownBefore = timeline.rows.filter { known[$0.id] != nil }
        rows = older + shownBefore + fresh
        return PlainOutput(lines: lines)
    }

    /// What became of a message of one's own, in words. "Sending" is no news.
    private func stateLine(of row: TimelineRow, before: RowState?) -> [String] {
        switch row.state {
        case .received, .sending: return []
        case .queued: return link == .online ? [] : [strings.plainState(.queued, excerpt(row.content))]
        case .unknown, .sent, .delivered, .read: return [strings.plainState(row.state, excerpt(row.content))]
        case .failed, .held:
            let reason = failureWords(row)
            return row.state == .held
                ? [strings.plainState(.held, excerpt(row.content)), strings.heldBack(row)]
                : [strings.plainFailure(reason, excerpt(row.content))]
        }
    }

    /// Messages as lines, with the days between them and the beginning of what is new.
    func lines(
        for rows: [TimelineRow], after previous: TimelineRow? = nil, firstUnread: RowID? = nil,
        unread: Int = 0
    ) -> [String] {
        var lines: [String] = []
        var lastFormer = previous?.formerPeer
        var lastDay = previous.map { calendar.time(of: $0.time).dayNumber }
        for row in rows {
            let time = calendar.time(of: row.time)
            if time.dayNumber != lastDay {
                lines.append(strings.day(time, today: today))
                lastDay = time.dayNumber
            }
            if let former = row.formerPeer, former != lastFormer {
                lines.append(strings.formerMessages(with: former))
            } else if row.formerPeer == nil, lastFormer != nil {
                lines.append(strings.presentMessages)
            }
            lastFormer = row.formerPeer
            if row.isGapAbove { lines.append(strings.gap) }
            if row.id == firstUnread, unread > 0 { lines.append(strings.plainUnread(unread)) }
            lines += text(of: row, strings.clock(time))
        }
        return lines
    }

    /// What stands before the further lines of a message: they cannot pass for lines of somebody else.
    static let furtherLine = "  | "

    private func text(of row: TimelineRow, _ clock: String) -> [String] {
        let name = row.isMine ? strings.plainYou : displayName(of: row.senderID)
        var parts = row.content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
            String.init)
        let first = parts.isEmpty ? "" : parts.removeFirst()
        var lines = [strings.plainMessage(name, clock, first)] + parts.map { Self.furtherLine + $0 }
        if row.isMine { lines[lines.count - 1] += " (\(strings.word(row.state)))" }
        if row.state == .failed {
            lines.append("  " + strings.notSent(failureWords(row)))
        }
        return lines
    }

    // MARK: Older messages

    mutating func showOlder() -> PlainOutput {
        guard let open, let oldest = rows.first else { return PlainOutput(lines: [strings.plainNobodyOpen]) }
        guard !isFetchingOlder else { return PlainOutput() }
        isFetchingOlder = true
        isAsking = true
        if hasOlder {
            return PlainOutput(effects: [.loadWindow(open, .before(oldest.position), limit: Self.pageRows)])
        }
        guard mayFetchOlder, link == .online else {
            isFetchingOlder = false
            isAsking = false
            return PlainOutput(lines: [
                mayFetchOlder ? strings.plainLink(link, secondsToNextTry: nil) : strings.plainBeginning
            ])
        }
        return PlainOutput(lines: [strings.loadingOlder], effects: [.fetchOlder(open)])
    }

    mutating func takeOlder(_ peer: UserID, _ timeline: Timeline?) -> PlainOutput {
        guard peer == open, isFetchingOlder else { return PlainOutput() }
        isFetchingOlder = false
        isAsking = false
        guard let timeline else { return PlainOutput() }
        hasOlder = timeline.hasOlder
        rows = timeline.rows + rows
        var lines = self.lines(for: timeline.rows)
        if !hasOlder, !mayFetchOlder { lines.insert(strings.plainBeginning, at: 0) }
        return PlainOutput(lines: lines)
    }

    mutating func olderFetched(_ peer: UserID, _ foundMore: Bool) -> PlainOutput {
        guard peer == open, isFetchingOlder else { return PlainOutput() }
        guard foundMore, let oldest = rows.first else {
            isFetchingOlder = false
            isAsking = false
            mayFetchOlder = false
            return PlainOutput(lines: [strings.plainBeginning])
        }
        return PlainOutput(effects: [.loadWindow(peer, .before(oldest.position), limit: Self.pageRows)])
    }
}
