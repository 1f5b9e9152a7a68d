import ChatClientCore
import ChatWire

/// What the commands behind a slash do.
extension ChatScreen {
    /// Runs the text behind a slash. What names no command stays in the composer, unsent.
    mutating func run(_ line: String, _ context: inout ScreenContext) -> [Effect] {
        let command: SlashCommand
        let argument: String
        switch SlashLine(line, on: .full, context.strings.language) {
        case .command(let read, let words): (command, argument) = (read, words)
        case .mistake(let mistake):
            context.say(context.model.words(for: mistake, on: .full), .warning, for: .seconds(10))
            return []
        }
        panes.remember("/" + line)
        let peer = panes.open?.peer
        let before = context.notice
        context.notice = nil
        let emptied = panes.open?.composer.emptyOfCommand() ?? []
        let effects = emptied + run(command, argument, &context)
        let isRefused = context.notice?.kind == .warning
        context.notice = context.notice ?? before
        // Words that could not be used are not thrown away.
        guard !argument.isEmpty, isRefused, dialog == nil, panes.open?.peer == peer,
            panes.open?.composer.editor.isEmpty == true
        else { return effects }
        panes.open?.composer.replace(withCommand: line)
        return effects + (panes.open?.editorChanged(context) ?? [])
    }

    private mutating func run(
        _ command: SlashCommand, _ argument: String, _ context: inout ScreenContext
    ) -> [Effect] {
        switch command.entry.full {
        case .key(let key): return perform(key, &context)
        case .run(_, let action): return action(&self, argument, &context)
        case .elsewhere:
            context.say(context.strings.plainModeOnly, .warning)
            return []
        }
    }

    /// The messages of the open conversation that wait for the person.
    var waiting: [TempID] { panes.open?.window.waiting ?? [] }

    mutating func tryKeys() -> [Effect] {
        dialog = .keys(KeyTrial())
        return []
    }

    func copyNewest(_ context: inout ScreenContext) -> [Effect] {
        if let open = panes.open { return open.copyNewest(&context) }
        context.say(context.strings.nothingToChoose)
        return []
    }

    /// Begins to leave: what must not be lost is saved first.
    mutating func leave(_ reason: TerminalExit.Reason, _ context: inout ScreenContext) -> [Effect] {
        guard context.departure.begin(reason, at: context.instant) else { return [] }
        return panes.close() + [.open(nil), .finish]
    }

    /// Asks about the person of the open conversation.
    mutating func ask(
        _ subject: (UserID, _ name: String) -> Question.Subject, _ context: ScreenContext
    ) -> [Effect] {
        guard let peer = panes.open?.peer else { return [] }
        dialog = .question(Question(subject(peer, context.displayName(of: peer))))
        return []
    }

    mutating func switchProfile(_ name: String, _ context: inout ScreenContext) -> [Effect] {
        switch profiles.change(to: name, context.strings) {
        case .change(let name): return leave(.profile(name), &context)
        case .say(let text, let kind, let duration): context.say(text, kind, for: duration)
        }
        return []
    }
}
