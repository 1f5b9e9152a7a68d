import ChatClientCore
import ChatWire

/// Searching, the outbox, and what is done to a conversation.
extension PlainState {
    // MARK: Searching

    /// In the open conversation, else in all.
    mutating func search(_ text: String) -> PlainOutput {
        guard !text.isEmpty else { return PlainOutput(lines: [strings.plainSearchFor]) }
        isAsking = true
        return PlainOutput(effects: [.search(SearchQuestion(text: text, peer: open), after: nil)])
    }

    mutating func found(_ page: SearchPage) -> PlainOutput {
        isAsking = false
        guard !page.hits.isEmpty else { return PlainOutput(lines: [strings.noHits]) }
        // Oldest first, as everything else is said.
        return PlainOutput(
            lines: page.hits.prefix(Self.pageRows).reversed().map { hit in
                let time = calendar.time(of: hit.row.time)
                let name = hit.row.isMine ? strings.plainYou : name(of: hit.peer, or: hit.peerName)
                let isToday = time.dayNumber == today.dayNumber
                let when = (isToday ? "" : strings.short(time, today: today) + " ") + strings.clock(time)
                return strings.plainMessage(name, when, oneLine(hit.excerpt))
            })
    }

    // MARK: The outbox

    func lines(for entries: [OutboxPanel.Entry]) -> [String] {
        guard !entries.isEmpty else { return [strings.plainOutbox(OutboxSummary())] }
        return entries.map { entry in
            let state = strings.plainState(entry.row.state, excerpt(entry.row.content))
            return strings.received(name(of: entry.peer), state)
        }
    }

    // MARK: The open conversation

    mutating func change(_ command: SlashCommand, _ argument: String) -> PlainOutput {
        guard let open, let conversation = conversations.first(where: { $0.peer == open }) else {
            return PlainOutput(lines: [strings.plainNobodyOpen])
        }
        let name = name(of: open)
        switch command {
        case .pin:
            return PlainOutput(
                lines: [strings.pinned(name, !conversation.isPinned)],
                effects: [.pin(!conversation.isPinned, open)])
        case .mute:
            return PlainOutput(
                lines: [strings.muted(name, !conversation.isMuted)],
                effects: [.mute(!conversation.isMuted, open)])
        case .rename where argument.isEmpty: return PlainOutput(lines: [strings.plainNewName(name)])
        case .rename:
            return PlainOutput(lines: [strings.renamed(argument)], effects: [.rename(open, to: argument)])
        case .remove:
            return ask(strings.plainRemove(name), then: .removeContact(open), done: strings.removed(name))
        case .delete:
            guard let row = rows.last(where: \.isMine) else {
                return PlainOutput(lines: [strings.plainNothingToDelete])
            }
            if row.state.isUnsent, let message = row.tempID {
                return PlainOutput(lines: [strings.discarded(1)], effects: [.discard([message])])
            }
            return ask(
                strings.plainDelete(excerpt(row.content)), then: .delete(row.id), done: strings.plainDeleting)
        default:
            return ask(
                strings.plainDeleteConversation(name), then: .deleteConversation(open),
                done: strings.plainDeleting)
        }
    }

    private mutating func ask(_ words: String, then effect: Effect, done: String) -> PlainOutput {
        question = .confirm(effect, done: done)
        return PlainOutput(lines: [words])
    }

    /// Only a yes is a yes.
    func confirm(_ line: String, _ effect: Effect, _ done: String) -> PlainOutput {
        guard Language.yesWords.contains(line.trimmed.lowercased()) else {
            return PlainOutput(lines: [strings.plainNothingDone])
        }
        return PlainOutput(lines: [done], effects: [effect])
    }
}
