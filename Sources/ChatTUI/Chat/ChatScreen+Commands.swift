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
        switch command {
        case .help, .next, .unread, .end, .outbox, .gap, .pin, .mute, .reconnect:
            return command.entry.key.map { perform($0, &context) } ?? []
        case .keys: dialog = .keys(KeyTrial())
        case .goTo: return panes.goTo(argument, opening: &dialog, &context)
        case .search: return panes.beginSearch(argument, isEverywhere: false, opening: &dialog)
        case .date: return panes.open?.goToDate(argument, &context) ?? []
        case .find: return panes.beginFinding(argument, opening: &dialog, context)
        case .rename: return panes.open?.rename(argument, &context) ?? []
        case .remove: ask { .removeContact($0, name: context.displayName(of: $0)) }
        case .deleteConversation: ask { .deleteConversation($0, name: context.displayName(of: $0)) }
        case .edit: return panes.open?.editExternally(argument) ?? []
        case .copy:
            if let open = panes.open { return open.copyNewest(&context) }
            context.say(context.strings.nothingToChoose)
        case .delete: return panes.deleteNewest(opening: &dialog, &context)
        case .retry: return context.take(context.model.retry(panes.open?.window.waiting ?? []))
        case .discard: return context.take(context.model.discard(panes.open?.window.waiting ?? []))
        case .list: return context.arrangeList(argument, hasOpen: panes.open != nil)
        case .profile: return switchProfile(argument, &context)
        case .signOut: return panes.close() + [.open(nil), .signOut]
        case .quit: return leave(.quit, &context)
        case .older, .conversations, .status, .typing: context.say(context.strings.plainModeOnly, .warning)
        }
        return []
    }

    /// Begins to leave: what must not be lost is saved first.
    mutating func leave(_ reason: TerminalExit.Reason, _ context: inout ScreenContext) -> [Effect] {
        guard context.departure.begin(reason, at: context.instant) else { return [] }
        return panes.close() + [.open(nil), .finish]
    }

    private mutating func ask(_ subject: (UserID) -> Question.Subject) {
        guard let peer = panes.open?.peer else { return }
        dialog = .question(Question(subject(peer)))
    }

    private mutating func switchProfile(_ name: String, _ context: inout ScreenContext) -> [Effect] {
        switch profiles.change(to: name, context.strings) {
        case .change(let name): return leave(.profile(name), &context)
        case .say(let text, let kind, let duration): context.say(text, kind, for: duration)
        }
        return []
    }
}
