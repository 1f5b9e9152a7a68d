import ChatClientCore
import ChatWire

/// Commands on messages and people that may open a dialog.
extension Panes {
    /// Keys while a message is chosen; nil for those that mean what they always mean.
    mutating func handleChosen(
        _ key: Key, _ command: Command?, opening dialog: inout Dialog?, _ context: inout ScreenContext
    ) -> [Effect]? {
        if let command = context.keymap.messageCommand(for: key) {
            return perform(command, opening: &dialog, &context)
        }
        if key.typedText != nil { return [] }
        switch command {
        case .up, .down, .accept, .newline, .edit: return []
        case .chooseMessage: return perform(.previous, opening: &dialog, &context)
        case .scrollToEnd: return perform(.last, opening: &dialog, &context)
        default: return nil
        }
    }

    /// Does what a key means while a message is chosen.
    ///
    /// - Parameter dialog: where a dialog that the command opens is put.
    mutating func perform(
        _ command: MessageCommand, opening dialog: inout Dialog?, _ context: inout ScreenContext
    ) -> [Effect] {
        if let effects = open?.move(command, context) { return effects }
        switch command {
        case .search: return beginSearch("", isEverywhere: false, opening: &dialog)
        case .nextHit: return nextHit(1, &context)
        case .previousHit: return nextHit(-1, &context)
        case .unreadLine: return open?.goToUnread(&context) ?? []
        case .fillGap: return fillGap(&context)
        default:
            guard let row = open?.timeline.chosenRow else { return [] }
            return perform(command, on: row, opening: &dialog, &context)
        }
    }

    /// Does to a message what needs nothing but the message.
    mutating func perform(
        _ command: MessageCommand, on row: TimelineRow, opening dialog: inout Dialog?,
        _ context: inout ScreenContext
    ) -> [Effect] {
        switch command {
        case .copy: return take(.copy(row), opening: &dialog, &context)
        case .openLink: return take(.openLink(row, context), opening: &dialog, &context)
        case .delete: return take(.delete(row, context), opening: &dialog, &context)
        case .retry: return take(.retry(row, context), opening: &dialog, &context)
        case .sendAsNew: return take(.sendAsNew(row, context), opening: &dialog, &context)
        case .details: dialog = .details(row)
        case .quote: return open?.quote(row, context) ?? []
        case .edit: open?.beginChanging(row, &context)
        case .previous, .next, .pageUp, .pageDown, .first, .last, .previousDay, .nextDay, .search, .nextHit,
            .previousHit, .unreadLine, .fillGap, .leave:
            break
        }
        return []
    }

    private mutating func take(
        _ decision: MessageDecision, opening dialog: inout Dialog?, _ context: inout ScreenContext
    ) -> [Effect] {
        if let text = decision.text { context.say(text, decision.kind) }
        if let shown = decision.dialog { dialog = shown }
        if let kept = decision.kept { open?.composer.editor.keepForYank(kept) }
        return decision.effects
    }

    private mutating func fillGap(_ context: inout ScreenContext) -> [Effect] {
        guard open != nil else { return context.take(CommandReply(text: context.strings.noGap)) }
        return open?.fillGap(&context) ?? []
    }

    /// Searches the open conversation, or all.
    func beginSearch(_ text: String, isEverywhere: Bool, opening dialog: inout Dialog?) -> [Effect] {
        var panel = SearchPanel(text, in: open?.peer, isEverywhere: isEverywhere)
        defer { dialog = .search(panel) }
        return panel.ask()
    }

    // MARK: Slash commands

    /// `/goto`: a name that means several people is looked for in the switcher.
    mutating func goTo(
        _ name: String, opening dialog: inout Dialog?, _ context: inout ScreenContext
    ) -> [Effect] {
        let switcher = Switcher(query: LineEditor(name))
        guard !name.isEmpty else {
            dialog = .switcher(switcher)
            return []
        }
        switch Destination(name, among: context.conversations) {
        case .one(let peer): return show(peer, &context)
        case .several: dialog = .switcher(switcher)
        case .nobody: context.say(context.strings.nobodyNamed(name), .warning)
        }
        return []
    }

    /// Without a name, `/find` adds the person who writes here and is no contact yet.
    func beginFinding(
        _ query: String, opening dialog: inout Dialog?, _ context: ScreenContext
    ) -> [Effect] {
        let conversation = open.flatMap { context.conversation(with: $0.peer) }
        if query.isEmpty, let conversation, !conversation.isContact {
            return [.addContact(conversation.peer, name: conversation.name)]
        }
        var finder = PeopleFinder(query, at: context.instant)
        defer { dialog = .find(finder) }
        return finder.askIfDue(at: context.instant)
    }

    mutating func deleteNewest(
        opening dialog: inout Dialog?, _ context: inout ScreenContext
    ) -> [Effect] {
        guard let row = open?.window.newestOwnRow else {
            context.say(context.strings.nothingToDelete)
            return []
        }
        return perform(.delete, on: row, opening: &dialog, &context)
    }
}
