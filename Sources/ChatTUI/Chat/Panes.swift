import ChatClientCore
import ChatWire

/// The list of conversations and the open one beside it.
struct Panes: Sendable {
    var list = ListPane()
    var open: OpenConversation?
    /// The hits that n and N go through.
    private(set) var trail: SearchTrail?
    private var sent = SentTexts()

    func layout(_ context: ScreenContext) -> Layout {
        open?.layout(context)
            ?? Layout(
                size: context.size, pane: context.pane, composerLines: 1, preferences: context.preferences)
    }

    /// True while keys act on the chosen message.
    func isChoosing(_ context: ScreenContext) -> Bool {
        open?.timeline.chosen != nil && context.pane == .conversation
    }

    /// True while typed text goes to the composer.
    func takesText(_ context: ScreenContext) -> Bool {
        open != nil && (!layout(context).isNarrow || context.pane == .conversation)
    }

    /// The open conversation, or the one that the cursor of the list is on while the list has the keyboard.
    func meant(_ context: ScreenContext) -> Conversation? {
        let peer = context.pane == .list ? list.cursor : open?.peer ?? list.cursor
        return peer.flatMap { context.conversation(with: $0) }
    }

    // MARK: Opening and closing

    /// Puts a conversation on screen; the text in the composer of the one before is kept.
    mutating func show(_ peer: UserID, _ context: inout ScreenContext) -> [Effect] {
        list.cursor = peer
        context.pane = .conversation
        guard open?.peer != peer else { return [] }
        var effects = close()
        let isWatched = context.isWatched
        open = OpenConversation(
            peer, draft: context.conversation(with: peer)?.draft, isAttended: isWatched,
            searched: trail?.results.question)
        effects.append(isWatched ? .open(peer) : .show(peer))
        effects.append(.loadTimeline(peer, limit: TimelinePane.pageRows, withDraft: true))
        return effects
    }

    /// Takes the conversation off the screen.
    mutating func close() -> [Effect] {
        defer { open = nil }
        return open?.composer.closing ?? []
    }

    mutating func showNeighbour(_ delta: Int, _ context: inout ScreenContext) -> [Effect] {
        let conversations = context.conversations
        guard !conversations.isEmpty else { return [] }
        let current = open?.peer ?? list.cursor
        guard let index = conversations.firstIndex(where: { $0.peer == current }) else {
            return show(conversations[0].peer, &context)
        }
        return showNumber(index + delta + 1, &context)
    }

    /// The conversation at a place of the list, counted from 1.
    mutating func showNumber(_ number: Int, _ context: inout ScreenContext) -> [Effect] {
        guard context.conversations.indices.contains(number - 1) else { return [] }
        return show(context.conversations[number - 1].peer, &context)
    }

    mutating func showNextUnread(_ context: inout ScreenContext) -> [Effect] {
        guard let next = context.model.nextUnread(after: open?.peer) else {
            context.say(context.strings.nothingUnread)
            return []
        }
        return show(next, &context)
    }

    // MARK: Moving between and in the panes

    mutating func switchPane(_ context: inout ScreenContext) {
        context.pane = context.pane == .list && open != nil ? .conversation : .list
        guard context.pane == .list else { return }
        list.cursor = open?.peer ?? list.cursor ?? context.conversations.first?.peer
    }

    /// Esc: the first of these that there is to leave.
    mutating func cancel(_ context: inout ScreenContext) -> [Effect] {
        if open != nil, open?.timeline.scroll != .end, context.pane == .conversation {
            return goToEnd(context)
        } else if context.notice != nil {
            context.notice = nil
        } else if layout(context).isNarrow {
            context.pane = .list
        } else if context.pane == .list, open != nil {
            context.pane = .conversation
        }
        return []
    }

    /// Moves by a page up (1) or down (-1).
    mutating func page(_ direction: Int, _ context: ScreenContext) {
        let layout = layout(context)
        if layout.isNarrow, context.pane == .list {
            let items = max(1, layout.list.rows / ConversationList.itemRows)
            list.move(by: -direction * items, in: context.conversations)
        } else {
            open?.scroll(up: direction * max(1, layout.timeline.rows - 1), context)
        }
    }

    mutating func goToEnd(_ context: ScreenContext) -> [Effect] { open?.goToEnd(context) ?? [] }

    /// A key that moves or writes, in the pane that has the keyboard.
    mutating func perform(_ command: Command, _ context: inout ScreenContext) -> [Effect] {
        guard context.pane == .conversation else { return performInList(command, &context) }
        let history = open.map { sent[$0.peer] } ?? []
        return open?.write(command, history: history, context) ?? []
    }

    private mutating func performInList(_ command: Command, _ context: inout ScreenContext) -> [Effect] {
        let conversations = context.conversations
        switch command {
        case .up: list.move(by: -1, in: conversations)
        case .down: list.move(by: 1, in: conversations)
        case .edit(.lineStart), .edit(.textStart): list.move(by: -conversations.count, in: conversations)
        case .edit(.lineEnd), .edit(.textEnd): list.move(by: conversations.count, in: conversations)
        case .edit(.right), .accept: return list.cursor.map { show($0, &context) } ?? []
        default: break
        }
        return []
    }

    // MARK: Sending

    /// Keeps a text for Up in the composer.
    mutating func remember(_ text: String) {
        if let peer = open?.peer { sent.add(text, to: peer) }
    }

    mutating func send(_ text: String, _ context: ScreenContext) -> [Effect] {
        remember(Composer.withSecondSlash(text))
        return open?.send(text, context) ?? []
    }

    /// A message that could not be stored goes back to where it was written.
    mutating func putBack(_ text: String, to peer: UserID, _ context: ScreenContext) -> [Effect] {
        guard open?.peer == peer else { return [.saveDraft(Composer.withSecondSlash(text), for: peer)] }
        open?.composer.putBack(text)
        return open?.editorChanged(context) ?? []
    }
}

// MARK: Hits of a search

extension Panes {
    /// Begins to go through the hits of a search at one of them.
    mutating func follow(_ trail: SearchTrail, _ context: inout ScreenContext) -> [Effect] {
        self.trail = trail
        open?.timeline.searched = trail.results.question
        return goToHit(trail.index, &context)
    }

    /// Shows the message of a hit, chosen, with what stands around it.
    private mutating func goToHit(_ index: Int, _ context: inout ScreenContext) -> [Effect] {
        guard var trail, trail.results.hits.indices.contains(index) else { return [] }
        trail.index = index
        self.trail = trail
        let hit = trail.results.hits[index]
        let effects = show(hit.peer, &context)
        let total = "\(trail.results.hits.count)" + (trail.results.next == nil ? "" : "+")
        context.say(context.hitHint(index + 1, of: total))
        return effects + (open?.jump(to: hit.row.id, choosing: true, &context) ?? [])
    }

    /// Goes to the next hit (1), which is older, or to the one before (-1).
    mutating func nextHit(_ step: Int, _ context: inout ScreenContext) -> [Effect] {
        guard let trail else {
            context.say(context.noSearchYet)
            return []
        }
        let target = trail.index + step
        if trail.results.hits.indices.contains(target) { return goToHit(target, &context) }
        if step > 0, let next = trail.results.next, let question = trail.results.question {
            return [.search(question, after: next)]
        }
        context.say(step > 0 ? context.strings.noOlderHit : context.strings.noNewerHit)
        return []
    }

    /// Takes more hits; when they were requested at the last one, goes on to the next.
    mutating func takeMoreHits(
        _ question: SearchQuestion, _ page: SearchPage, _ context: inout ScreenContext
    ) -> [Effect] {
        guard var trail, trail.results.question == question else { return [] }
        let isAtLast = trail.index == trail.results.hits.count - 1
        trail.results.append(page)
        self.trail = trail
        return isAtLast && !page.hits.isEmpty ? goToHit(trail.index + 1, &context) : []
    }
}
