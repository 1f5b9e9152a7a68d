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
                let name = hit.row.isMine ? strings.plainYou : displayName(of: hit.peer, or: hit.peerName)
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
            return strings.received(displayName(of: entry.peer), state)
        }
    }

    // MARK: The open conversation

    /// What a command on the open conversation leads to; without one it says so.
    private mutating func withOpen(
        _ body: (inout PlainState, Conversation) -> PlainOutput
    ) -> PlainOutput {
        guard let conversation = open.flatMap({ conversation(with: $0) }) else {
            return PlainOutput(lines: [strings.plainNobodyOpen])
        }
        return body(&self, conversation)
    }

    mutating func togglePinned() -> PlainOutput {
        withOpen { state, conversation in
            let (peer, isPinned) = (conversation.peer, !conversation.isPinned)
            return PlainOutput(
                lines: [state.strings.pinned(state.displayName(of: peer), isPinned)],
                effects: [.pin(isPinned, peer)])
        }
    }

    mutating func toggleMuted() -> PlainOutput {
        withOpen { state, conversation in
            let (peer, isMuted) = (conversation.peer, !conversation.isMuted)
            return PlainOutput(
                lines: [state.strings.muted(state.displayName(of: peer), isMuted)],
                effects: [.mute(isMuted, peer)])
        }
    }

    mutating func rename(_ name: String) -> PlainOutput {
        withOpen { state, conversation in
            guard !name.isEmpty else {
                return PlainOutput(lines: [
                    state.strings.plainNewName(state.displayName(of: conversation.peer))
                ])
            }
            guard name.unicodeScalars.count <= AppState.nameLengthMax else {
                return PlainOutput(lines: [state.strings.nameTooLong])
            }
            return PlainOutput(
                lines: [state.strings.renamed(name)], effects: [.rename(conversation.peer, to: name)])
        }
    }

    mutating func askToRemove() -> PlainOutput {
        withOpen { state, conversation in
            let name = state.displayName(of: conversation.peer)
            return state.ask(
                state.strings.plainRemove(name), then: .removeContact(conversation.peer),
                done: state.strings.removed(name))
        }
    }

    mutating func deleteNewest() -> PlainOutput {
        withOpen { state, _ in
            guard let row = state.newestOwnRow else {
                return PlainOutput(lines: [state.strings.plainNothingToDelete])
            }
            if row.state.isUnsent, let message = row.tempID {
                return PlainOutput(lines: [state.strings.discarded(1)], effects: [.discard([message])])
            }
            return state.ask(
                state.strings.plainDelete(state.excerpt(row.content)), then: .delete(row.id),
                done: state.strings.plainDeleting)
        }
    }

    mutating func askToDeleteConversation() -> PlainOutput {
        withOpen { state, conversation in
            state.ask(
                state.strings.plainDeleteConversation(state.displayName(of: conversation.peer)),
                then: .deleteConversation(conversation.peer), done: state.strings.plainDeleting)
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
