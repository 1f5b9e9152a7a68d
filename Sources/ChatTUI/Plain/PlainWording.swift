import ChatClientCore
import ChatWire

/// People, conversations and messages as lines of plain mode.
struct PlainWording: ShowsModel {
    let model: ChatModel

    /// Stands before the further lines of a message, so that they cannot pass for lines of another person.
    static let furtherLine = "  | "

    /// Columns of a message that are enough to recognise it.
    private static let excerptColumns = 40

    func excerpt(_ text: String) -> String {
        TextWidth.truncated(
            text.joinedLines, to: Self.excerptColumns, ellipsis: strings.isASCII ? "..." : "…")
    }

    // MARK: People and conversations

    /// The conversations, numbered for `/goto`.
    var list: [String] {
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

    func people(_ people: [Person]) -> [String] {
        people.enumerated().map { index, person in
            let isKnown = conversation(with: person.id) != nil
            let details = [person.email, isKnown ? strings.alreadyInList : nil].compactMap(\.self)
            return strings.plainListEntry(index + 1, person.name, details)
        }
    }

    func nameWithAddress(_ peer: UserID) -> String {
        "\(displayName(of: peer)) <\(conversation(with: peer)?.email ?? "#\(peer.rawValue)")>"
    }

    /// The first line of a conversation that is opened.
    func heading(_ peer: UserID) -> String {
        strings.plainConversation(displayName(of: peer), presence(peer))
    }

    private func presence(_ peer: UserID) -> String? {
        guard let conversation = conversation(with: peer) else { return nil }
        switch conversation.presence {
        case .online: return strings.online
        case .offline:
            return conversation.lastSeen.map {
                strings.lastSeen(strings.moment(calendar.time(of: $0), today: today))
            } ?? strings.offline
        case .unknown: return nil
        }
    }

    /// The open conversation's person came or went; nil for no such change.
    func change(ofPresence before: Presence?, of peer: UserID) -> String? {
        guard let before, let now = conversation(with: peer)?.presence, now != before, now != .unknown,
            before != .unknown
        else { return nil }
        return strings.plainConversation(
            displayName(of: peer), now == .online ? strings.online : strings.offline)
    }

    /// Only what changed for the person is said, not each attempt to connect.
    func change(of before: LinkState, to state: LinkState, hasConnected: Bool) -> String? {
        func isAway(_ state: LinkState) -> Bool {
            if case .offline = state { return true }
            return state == .connecting
        }
        if isAway(before), isAway(state) { return nil }
        if state == .connecting, !hasConnected { return nil }
        return strings.plainLink(state, secondsToNextTry: nil)
    }

    // MARK: Messages

    /// Messages as lines, with the days between them and the beginning of what is new.
    func lines(
        for rows: some Sequence<TimelineRow>, after previous: TimelineRow? = nil, firstUnread: RowID? = nil,
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

    private func text(of row: TimelineRow, _ clock: String) -> [String] {
        let name = row.isMine ? strings.plainYou : displayName(of: row.senderID)
        var parts = row.content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
            String.init)
        let first = parts.isEmpty ? "" : parts.removeFirst()
        var lines = [strings.plainMessage(name, clock, first)] + parts.map { Self.furtherLine + $0 }
        if row.isMine { lines[lines.count - 1] += " (\(strings.word(row.state)))" }
        if row.state == .failed { lines.append("  " + strings.notSent(failureWords(row))) }
        return lines
    }

    /// What became of a message of one's own. Sending is no news.
    func state(of row: TimelineRow) -> [String] {
        switch row.state {
        case .received, .sending: return []
        case .queued: return link == .online ? [] : [strings.plainState(.queued, excerpt(row.content))]
        case .unknown, .sent, .delivered, .read: return [strings.plainState(row.state, excerpt(row.content))]
        case .failed: return [strings.plainFailure(failureWords(row), excerpt(row.content))]
        case .held: return [strings.plainState(.held, excerpt(row.content)), strings.heldBack(row)]
        }
    }

    func hit(_ hit: SearchHit) -> String {
        let time = calendar.time(of: hit.row.time)
        let name = hit.row.isMine ? strings.plainYou : displayName(of: hit.peer, or: hit.peerName)
        let isToday = time.dayNumber == today.dayNumber
        let when = (isToday ? "" : strings.short(time, today: today) + " ") + strings.clock(time)
        return strings.plainMessage(name, when, hit.excerpt.joinedLines)
    }

    func outbox(_ entries: [OutboxPanel.Entry]) -> [String] {
        guard !entries.isEmpty else { return [strings.plainOutbox(OutboxSummary())] }
        return entries.map { entry in
            let state = strings.plainState(entry.row.state, excerpt(entry.row.content))
            return strings.received(displayName(of: entry.peer), state)
        }
    }

    /// The client's notice; nothing where the open conversation says it anyway.
    func notice(_ notice: ChatNotice, open: UserID?) -> [String] {
        switch notice {
        case .received(let person, _, let content, _):
            let isMuted = conversation(with: person.id)?.isMuted ?? false
            guard person.id != open, !isMuted else { return [] }
            let name = displayName(of: person.id, or: person.name)
            return [strings.plainElsewhere(name, content.joinedLines)]
        case .sendFailed(let peer, _, _) where peer == open: return []
        default: return [model.words(for: notice)].compactMap(\.self)
        }
    }
}

// MARK: Commands

extension PlainWording {
    /// The commands, one a line, as full-screen help has them.
    var help: [String] {
        SlashCommand.all(on: .plain).map { strings.words(for: $0) }.map { "/\($0.names[0]): \($0.help)" }
            + ["//: " + strings.doubleSlash]
    }

    var status: [String] {
        [
            strings.plainLink(link, secondsToNextTry: secondsToNextTry),
            strings.plainOutbox(outbox),
            totalUnread > 0 ? strings.unread(totalUnread) + "." : strings.nothingUnread,
        ]
    }

    /// What follows from the answer to a question: only a yes is a yes.
    func confirm(_ line: String, _ effect: Effect, _ done: String) -> PlainOutput {
        guard Language.yesWords.contains(line.trimmed.lowercased()) else {
            return .line(strings.plainNothingDone)
        }
        return PlainOutput(lines: [done], effects: [effect])
    }

    func rename(_ conversation: Conversation, to name: String) -> PlainOutput {
        guard !name.isEmpty else { return .line(strings.plainNewName(displayName(of: conversation.peer))) }
        return PlainOutput(model.rename(conversation.peer, to: name))
    }

    func askToRemove(_ conversation: Conversation) -> PlainOutput {
        let name = displayName(of: conversation.peer)
        return .ask(
            strings.plainRemove(name), then: .removeContact(conversation.peer), done: strings.removed(name))
    }

    func askToDelete(_ conversation: Conversation) -> PlainOutput {
        .ask(
            strings.plainDeleteConversation(displayName(of: conversation.peer)),
            then: .deleteConversation(conversation.peer), done: strings.plainDeleting)
    }

    func deleteNewest(in window: MessageWindow) -> PlainOutput {
        guard let row = window.newestOwnRow else { return .line(strings.plainNothingToDelete) }
        if row.state.isUnsent, let message = row.tempID {
            return PlainOutput(lines: [strings.discarded(1)], effects: [.discard([message])])
        }
        return .ask(
            strings.plainDelete(excerpt(row.content)), then: .delete(row.id), done: strings.plainDeleting)
    }

    /// The newest messages once more.
    func newest(in window: MessageWindow) -> [String] {
        let newest = window.rows.suffix(PlainConversation.pageRows)
        return newest.isEmpty ? [strings.plainNoMessages] : lines(for: newest)
    }

    /// Once more what was unread when the conversation was opened, and what came since.
    func unread(in open: PlainConversation) -> [String] {
        guard let begin = open.unreadBegins else { return [strings.nothingUnread] }
        return lines(for: open.window.rows.drop { $0.id != begin })
    }
}
