import ChatClientCore
import ChatWire

/// The cursor among the messages, and what can be done to the message that it is on.
extension ChatScreen {
    mutating func beginChoosing(_ context: inout ScreenContext) {
        guard panes.open != nil else { return }
        guard panes.open?.beginChoosing(context) == true else {
            return context.say(context.strings.nothingToChoose)
        }
        context.pane = .conversation
    }

    /// Keys while a message is chosen; nil for those that mean what they always mean.
    mutating func handleChosen(
        _ key: Key, _ command: Command?, _ context: inout ScreenContext
    ) -> [Effect]? {
        if let command = context.keymap.messageCommand(for: key) { return perform(command, &context) }
        if key.typedText != nil { return [] }
        switch command {
        case .up, .down, .accept, .newline, .edit: return []
        case .chooseMessage: return perform(MessageCommand.previous, &context)
        case .scrollToEnd: return perform(MessageCommand.last, &context)
        default: return nil
        }
    }

    mutating func perform(_ command: MessageCommand, _ context: inout ScreenContext) -> [Effect] {
        switch command {
        case .previous: panes.open?.moveChosen(by: -1, context)
        case .next: panes.open?.moveChosen(by: 1, context)
        case .pageUp: panes.open?.moveChosenByPage(1, context)
        case .pageDown: panes.open?.moveChosenByPage(-1, context)
        case .first: return panes.open?.chooseFirst(context) ?? []
        case .last: return panes.open?.chooseLast(context) ?? []
        case .previousDay: panes.open?.moveChosenByDay(-1, context)
        case .nextDay: panes.open?.moveChosenByDay(1, context)
        case .search: return beginSearch("", isEverywhere: false)
        case .nextHit: return panes.nextHit(1, &context)
        case .previousHit: return panes.nextHit(-1, &context)
        case .unreadLine: return goToUnread(&context)
        case .fillGap: return fillGap(&context)
        case .leave: panes.open?.chosen = nil
        case .copy, .quote, .openLink, .details, .delete, .retry, .edit, .sendAsNew:
            return panes.open?.chosenRow.map { perform(command, on: $0, &context) } ?? []
        }
        return []
    }

    /// Does to a message what only needs the message; moving and searching are no such commands.
    mutating func perform(
        _ command: MessageCommand, on row: TimelineRow, _ context: inout ScreenContext
    ) -> [Effect] {
        switch command {
        case .copy: return take(.copy(row), &context)
        case .openLink: return take(.openLink(row, context), &context)
        case .delete: return take(.delete(row, context), &context)
        case .retry: return take(.retry(row, context), &context)
        case .sendAsNew: return take(.sendAsNew(row, context), &context)
        case .details: dialog = .details(row)
        case .quote:
            panes.open?.chosen = nil
            panes.open?.composer.editor.insertAtStart(Quote.of(row.content))
            return panes.editorChanged(context)
        case .edit: beginChanging(row, &context)
        case .previous, .next, .pageUp, .pageDown, .first, .last, .previousDay, .nextDay, .search, .nextHit,
            .previousHit, .unreadLine, .fillGap, .leave:
            break
        }
        return []
    }

    private mutating func take(_ decision: MessageDecision, _ context: inout ScreenContext) -> [Effect] {
        if let text = decision.text { context.say(text, decision.kind) }
        if let shown = decision.dialog { dialog = shown }
        if let kept = decision.kept { panes.open?.composer.editor.keepForYank(kept) }
        return decision.effects
    }

    /// Brings an unsent message into the composer.
    private mutating func beginChanging(_ row: TimelineRow, _ context: inout ScreenContext) {
        let strings = context.strings
        guard row.isMine, let tempID = row.tempID, [.queued, .failed, .held].contains(row.state) else {
            let quote = context.keyName(.message(.quote))
            return context.say(
                row.state.isUnsent ? strings.onItsWay : strings.onlyUnsentAreEdited(quote: quote))
        }
        panes.open?.chosen = nil
        panes.open?.composer.beginChanging(row, tempID)
    }

    // MARK: Going to a message

    /// Goes to the unread line where there is one, else to the first unread message.
    mutating func goToUnread(_ context: inout ScreenContext) -> [Effect] {
        guard let mark = panes.open?.unreadLine.mark else { return panes.open?.locateUnread(context) ?? [] }
        return panes.jump(to: mark.row, choosing: false, &context)
    }

    /// Takes the answer to a date: a row, or none.
    mutating func located(_ peer: UserID, _ row: RowID?, _ context: inout ScreenContext) -> [Effect] {
        guard panes.open?.peer == peer else { return [] }
        guard let row else {
            context.say(context.strings.noMessageThere)
            return []
        }
        return panes.jump(to: row, choosing: true, &context)
    }

    mutating func unreadLocated(
        _ peer: UserID, _ row: RowID?, count: Int, _ context: inout ScreenContext
    ) -> [Effect] {
        guard let open = panes.open, open.peer == peer else { return [] }
        guard let row else {
            context.say(context.strings.nothingUnread)
            return []
        }
        panes.open?.unreadLine.put(at: row, count: max(1, count), isSeen: open.window.unread == 0)
        return panes.jump(to: row, choosing: false, &context)
    }

    // MARK: Gaps

    /// Fetches what may be missing at the gap nearest above the chosen message, or above the end.
    mutating func fillGap(_ context: inout ScreenContext) -> [Effect] {
        let gap = panes.open.flatMap { $0.window.nearestGap(above: $0.chosenIndex) }
        if let reply = context.model.reasonAgainstFilling(gap) { return context.take(reply) }
        guard let gap, let window = panes.open?.window, window.gapBeingFilled == nil else { return [] }
        panes.open?.window.beginFilling(gap)
        return [.fillGap(gap, window.peer)]
    }

    mutating func gapFilled(_ peer: UserID, _ error: ChatError?, _ context: inout ScreenContext) {
        guard panes.open?.peer == peer else { return }
        panes.open?.window.gapFilled()
        if let error { context.say(context.strings.error(error), .error) }
    }

    // MARK: Searching

    mutating func beginSearch(_ text: String, isEverywhere: Bool) -> [Effect] {
        var panel = SearchPanel(text, in: panes.open?.peer, isEverywhere: isEverywhere)
        defer { dialog = .search(panel) }
        return panel.ask()
    }

    mutating func searched(
        _ question: SearchQuestion, _ page: SearchPage, isMore: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        guard case .search(var panel) = dialog else {
            return isMore && dialog == nil ? panes.takeMoreHits(question, page, &context) : []
        }
        defer { dialog = .search(panel) }
        guard isMore else { return panel.take(page, for: question, context) }
        panel.takeMore(page, for: question)
        return []
    }

    mutating func searchFailed(_ error: ChatError, _ context: inout ScreenContext) -> [Effect] {
        let words = context.strings.error(error)
        guard case .search(var panel) = dialog else {
            context.say(words, .error)
            return []
        }
        defer { dialog = .search(panel) }
        return panel.take(problem: words)
    }
}
