import ChatClientCore
import ChatWire

/// The screen of a person who is signed in: the panes, what lies over them, and what keys and commands do there.
struct ChatScreen: Sendable {
    var panes = Panes()
    var dialog: Dialog?
    var held = HeldMessages()
    var keys = KeySequence()
    var profiles = Profiles()

    /// A paste of more lines is asked about before it goes into the composer.
    static let pasteLinesMax = 10

    /// The list over the composer; nil when there is none.
    func completions(_ context: ScreenContext) -> CompletionList? {
        guard dialog == nil, context.pane == .conversation, let open = panes.open, open.timeline.chosen == nil
        else {
            return nil
        }
        return completionSource(context).list(for: open.composer)
    }

    private func completionSource(_ context: ScreenContext) -> CompletionSource {
        CompletionSource(model: context.model, profiles: profiles.others)
    }

    // MARK: Keys

    mutating func handle(_ key: Key, _ before: Command?, _ context: inout ScreenContext) -> [Effect] {
        if dialog != nil { return handleDialog(key, before, &context) }
        var command = before
        if keys.isCutAltEnter(key, at: context.instant), panes.open != nil {
            context.pane = .conversation
            command = .newline
        }
        if let command, let effects = complete(command, &context) { return effects }
        if panes.isChoosing(context),
            let effects = panes.handleChosen(key, command, opening: &dialog, &context)
        {
            return effects
        }
        // Letters go to the composer, wherever the keyboard is.
        if let text = key.typedText {
            return insert(text, isTyped: true, &context)
        }
        return command.map { perform($0, &context) } ?? []
    }

    private mutating func handleDialog(
        _ key: Key, _ command: Command?, _ context: inout ScreenContext
    ) -> [Effect] {
        guard let action = dialog?.handle(key, command, context) else { return [] }
        return perform(action, &context)
    }

    private mutating func complete(_ command: Command, _ context: inout ScreenContext) -> [Effect]? {
        guard let list = completions(context),
            let step = panes.open?.composer.complete(command, from: list)
        else { return nil }
        guard case .taken(let runs) = step else { return [] }
        let effects = panes.open?.editorChanged(context) ?? []
        // A command that is complete now is run by the same Enter.
        guard runs, let composer = panes.open?.composer, composer.isCommand,
            !composer.editor.text.hasSuffix(" ")
        else { return effects }
        return effects + enter(&context)
    }

    mutating func perform(_ command: Command, _ context: inout ScreenContext) -> [Effect] {
        let hasOpen = panes.open != nil
        switch command {
        case .help: dialog = .help(scroll: 0)
        case .switcher: dialog = .switcher(Switcher())
        case .findPeople: dialog = .find(PeopleFinder())
        case .reconnect: return [.reconnect]
        case .nextUnread: return panes.showNextUnread(&context)
        case .previousConversation: return panes.showNeighbour(-1, &context)
        case .nextConversation: return panes.showNeighbour(1, &context)
        case .conversation(let number): return panes.showNumber(number, &context)
        case .switchPane:
            if completeName(context) { return panes.open?.editorChanged(context) ?? [] }
            panes.switchPane(&context)
        case .pageUp: panes.page(1, context)
        case .pageDown: panes.page(-1, context)
        case .lineUp: panes.open?.scroll(up: 1, context)
        case .lineDown: panes.open?.scroll(up: -1, context)
        case .scrollToStart: return panes.open?.goToStart(context) ?? []
        case .scrollToEnd: return panes.goToEnd(context)
        case .chooseMessage: panes.open?.beginChoosing(&context)
        case .toggleList: return context.toggleList(hasOpen: hasOpen)
        case .widenList: return context.resizeList(by: 1, hasOpen: hasOpen)
        case .narrowList: return context.resizeList(by: -1, hasOpen: hasOpen)
        case .togglePinned:
            return panes.meant(context).map { context.take(context.model.togglePinned($0)) } ?? []
        case .toggleMuted:
            return panes.meant(context).map { context.take(context.model.toggleMuted($0)) } ?? []
        case .search: return panes.beginSearch("", isEverywhere: !hasOpen, opening: &dialog)
        case .searchAll: return panes.beginSearch("", isEverywhere: true, opening: &dialog)
        case .outbox: return showOutbox()
        case .externalEditor: return panes.open?.editExternally() ?? []
        case .prefix: keys.prefixPressed()
        case .cancel: return cancel(&context)
        case .accept where context.pane == .conversation: return enter(&context)
        case .up, .down, .accept, .newline, .edit: return panes.perform(command, &context)
        case .message(let command): return panes.perform(command, opening: &dialog, &context)
        case .quit, .interrupt, .suspend, .redraw: break
        }
        return []
    }

    private mutating func completeName(_ context: ScreenContext) -> Bool {
        guard context.pane == .conversation, panes.open?.timeline.chosen == nil else { return false }
        let source = completionSource(context)
        return panes.open?.composer.completeName(from: source) ?? false
    }

    private mutating func cancel(_ context: inout ScreenContext) -> [Effect] {
        if panes.open?.composer.edited != nil, context.pane == .conversation {
            return panes.open?.composer.stopChanging(at: context.instant) ?? []
        }
        keys.escapePressed(at: context.instant)
        return panes.cancel(&context)
    }

    // MARK: The composer

    /// Sends what the composer holds, or runs it when it is a command.
    mutating func enter(_ context: inout ScreenContext) -> [Effect] {
        let strings = context.strings
        switch panes.open?.composer.submission {
        case .nothing: return panes.goToEnd(context)
        case .command(let line): return run(line, &context)
        case .message(let text): return panes.send(text, context)
        case .change(let edited, let text): return panes.open?.change(edited, to: text, context) ?? []
        case .emptyChange: context.say(strings.emptyEdit(context.keyName(.cancel)), .warning)
        case .tooLong: context.say(strings.tooLong(ChatModel.messageLengthMax), .error)
        case nil: break
        }
        return []
    }

    mutating func paste(_ pasted: String, _ context: inout ScreenContext) -> [Effect] {
        guard dialog == nil else { return dialog?.paste(pasted.joinedLines, context) ?? [] }
        guard let open = panes.open else { return [] }
        let text = open.composer.fitting(pasted)
        if text.utf8.count < pasted.utf8.count {
            context.say(context.strings.pasteCut(ChatModel.messageLengthMax), .warning, for: .seconds(15))
        }
        // A last break ends the last line, and begins none.
        let lines = (text.hasSuffix("\n") ? text.dropLast() : text[...])
            .split(separator: "\n", omittingEmptySubsequences: false).count
        if lines > Self.pasteLinesMax {
            dialog = .question(Question(.paste(text, lines: lines)))
            return []
        }
        return insert(text, &context)
    }

    /// Puts text into the composer, if the conversation is on screen.
    private mutating func insert(
        _ text: String, isTyped: Bool = false, _ context: inout ScreenContext
    ) -> [Effect] {
        guard panes.takesText(context) else { return [] }
        return panes.open?.insert(text, isTyped: isTyped, &context) ?? []
    }

    mutating func editedExternally(
        _ outcome: ExternalEditor.Outcome, _ context: inout ScreenContext
    ) -> [Effect] {
        // An editor may end by itself, long after the person went.
        context.attention.awaitsKey = true
        return panes.open?.take(outcome, &context) ?? []
    }

    // MARK: Held messages

    /// Asks once for all that was held, when the person is not in the middle of something.
    mutating func askAboutHeldIfQuiet(_ context: inout ScreenContext) {
        guard held.count != nil, dialog == nil, context.link == .online,
            context.instant >= context.attention.lastKey + HeldMessages.askingPause,
            panes.open?.composer.editor.isEmpty ?? true, panes.open?.timeline.chosen == nil,
            let question = held.ask(context.outbox)
        else { return }
        context.notice = nil
        dialog = .question(question)
    }
}

extension String {
    /// The lines joined to one.
    var joinedLines: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
