import ChatClientCore
import ChatWire

/// What follows from keys and clicks in the dialogs.
extension ChatScreen {
    mutating func perform(_ action: DialogAction, _ context: inout ScreenContext) -> [Effect] {
        switch action {
        case .stay(let effects): return effects
        case .close(let effects):
            dialog = nil
            return effects
        case .show(let peer):
            dialog = nil
            return panes.show(peer, &context)
        case .showMessage(let peer, let row):
            dialog = nil
            let effects = panes.show(peer, &context)
            return effects + (panes.open?.jump(to: row, choosing: true, &context) ?? [])
        case .follow(let trail):
            dialog = nil
            return panes.follow(trail, &context)
        case .answer(let subject, let answer):
            dialog = nil
            return answer == .no ? [] : answered(subject, answer, &context)
        case .perform(.edit, let entry):
            dialog = nil
            let effects = panes.show(entry.peer, &context)
            return effects + panes.perform(.edit, on: entry.row, opening: &dialog, &context)
        case .perform(let command, let entry):
            // These need nothing but the message, and the panel stays.
            guard [.retry, .delete, .sendAsNew, .copy].contains(command) else { return [] }
            return panes.perform(command, on: entry.row, opening: &dialog, &context)
        }
    }

    private mutating func answered(
        _ subject: Question.Subject, _ answer: Question.Answer, _ context: inout ScreenContext
    ) -> [Effect] {
        if let reply = subject.reply(to: answer, context) { return context.take(reply) }
        guard case .paste(let text, _) = subject else { return showOutbox() }
        return panes.open?.insert(answer == .oneLine ? text.joinedLines : text, &context) ?? []
    }

    // MARK: Clicks

    /// Takes a click on what was drawn there.
    mutating func click(
        _ target: ClickTarget?, at place: Point, _ context: inout ScreenContext
    ) -> [Effect] {
        if case .completion(let index) = target { return takeCompletion(index, context) }
        return dialog == nil ? panes.click(at: place, &context) : clickDialog(target, &context)
    }

    private mutating func takeCompletion(_ index: Int, _ context: ScreenContext) -> [Effect] {
        guard let list = completions(context), list.items.indices.contains(index) else { return [] }
        panes.open?.composer.take(list.items[index], of: list)
        return panes.open?.editorChanged(context) ?? []
    }

    /// Chooses a line of a list and takes it at once, where that is what Enter does. Where a line decides about
    /// messages, the first click only chooses it.
    private mutating func clickDialog(_ target: ClickTarget?, _ context: inout ScreenContext) -> [Effect] {
        guard case .item(let index) = target else {
            switch dialog {
            case .question: break
            case .details: dialog = nil
            default: if target == nil { dialog = nil }
            }
            return []
        }
        let wasChosen = dialog?.selection == index
        dialog?.selection = index
        guard wasChosen || dialog?.needsSecondClick == false else { return [] }
        return handle(Key(.enter), .accept, &context)
    }

    // MARK: The outbox

    mutating func showOutbox() -> [Effect] {
        dialog = .outbox(OutboxPanel())
        return [.loadOutbox]
    }

    // MARK: Finding people

    mutating func contactAdded(
        _ peer: UserID, _ name: String, _ context: inout ScreenContext
    ) -> [Effect] {
        if case .find = dialog { dialog = nil }
        context.say(context.strings.added(name))
        let effects = context.model.loadList()
        return effects + panes.show(peer, &context)
    }
}
