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
        return effects + panes.editorChanged(context)
    }

    private mutating func run(
        _ command: SlashCommand, _ argument: String, _ context: inout ScreenContext
    ) -> [Effect] {
        switch command {
        case .help, .next, .unread, .end, .outbox, .gap, .pin, .mute, .reconnect:
            return command.entry.key.map { perform($0, &context) } ?? []
        case .keys: dialog = .keys(KeyTrial())
        case .goTo: return goTo(argument, &context)
        case .search: return beginSearch(argument, isEverywhere: false)
        case .date: return goToDate(argument, &context)
        case .find: return beginFinding(argument, context)
        case .rename: return rename(argument, &context)
        case .remove: ask { .removeContact($0, name: context.displayName(of: $0)) }
        case .deleteConversation: ask { .deleteConversation($0, name: context.displayName(of: $0)) }
        case .edit: return editExternally(argument)
        case .copy: return copyNewest(&context)
        case .delete: return deleteNewest(&context)
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

    private mutating func goTo(_ name: String, _ context: inout ScreenContext) -> [Effect] {
        let switcher = Switcher(query: LineEditor(name))
        guard !name.isEmpty else {
            dialog = .switcher(switcher)
            return []
        }
        switch Destination(name, among: context.conversations) {
        case .one(let peer): return panes.show(peer, &context)
        case .several: dialog = .switcher(switcher)
        case .nobody: context.say(context.strings.nobodyNamed(name), .warning)
        }
        return []
    }

    private func goToDate(_ text: String, _ context: inout ScreenContext) -> [Effect] {
        guard let peer = panes.open?.peer else { return [] }
        guard let midnight = context.model.midnight(text) else {
            context.say(context.strings.noDate, .warning, for: .seconds(10))
            return []
        }
        return [.locate(peer, at: midnight)]
    }

    private mutating func rename(_ name: String, _ context: inout ScreenContext) -> [Effect] {
        guard let peer = panes.open?.peer else { return [] }
        guard !name.isEmpty else {
            // The present name, to be changed.
            let command = context.strings.words(for: .rename).names[0]
            panes.open?.composer.replace(withCommand: "\(command) \(context.displayName(of: peer))")
            return []
        }
        return context.take(context.model.rename(peer, to: name))
    }

    private mutating func ask(_ subject: (UserID) -> Question.Subject) {
        guard let peer = panes.open?.peer else { return }
        dialog = .question(Question(subject(peer)))
    }

    private func copyNewest(_ context: inout ScreenContext) -> [Effect] {
        let window = panes.open?.window
        guard let row = window?.newestReceivedRow ?? window?.rows.last else {
            context.say(context.strings.nothingToChoose)
            return []
        }
        return [.copy(row.content)]
    }

    private mutating func deleteNewest(_ context: inout ScreenContext) -> [Effect] {
        guard let row = panes.open?.window.newestOwnRow else {
            context.say(context.strings.nothingToDelete)
            return []
        }
        return perform(MessageCommand.delete, on: row, &context)
    }

    private mutating func switchProfile(_ name: String, _ context: inout ScreenContext) -> [Effect] {
        let strings = context.strings
        guard let profiles else {
            context.say(strings.oneProfileOnly, .warning)
            return []
        }
        guard !name.isEmpty else {
            let others = profiles.filter { $0 != profile }
            context.say(strings.profileIs(profile, others: others), for: .seconds(15))
            return []
        }
        guard ProfileName.isValid(name) else {
            context.say(strings.noProfileName, .warning, for: .seconds(10))
            return []
        }
        guard name != profile else {
            context.say(strings.profileIs(profile, others: []))
            return []
        }
        return leave(.profile(name), &context)
    }
}
