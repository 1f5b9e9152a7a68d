import ChatClientCore
import ChatWire

/// What the commands behind a slash do.
extension AppState {
    /// Runs the text behind a slash. What names no command stays in the composer, unsent.
    mutating func run(_ line: String) -> [Effect] {
        let command: SlashCommand
        let argument: String
        switch SlashLine(line, on: .full, strings.language) {
        case .command(let read, let words): (command, argument) = (read, words)
        case .mistake(let mistake):
            say(words(for: mistake, on: .full), .warning, for: .seconds(10))
            return []
        }
        remember("/" + line)
        let peer = open?.peer
        let before = notice
        notice = nil
        let draft = discardDraft()
        let effects = draft + run(command, argument)
        let isRefused = notice?.kind == .warning
        notice = notice ?? before
        // Words that could not be used are not thrown away.
        guard !argument.isEmpty, isRefused, dialog == nil, open?.peer == peer,
            open?.editor.isEmpty == true
        else { return effects }
        open?.editor.replace(with: "/" + line)
        open?.isCommandTyped = true
        return effects + editorChanged()
    }

    /// A command's text may have been saved as a draft while it was written.
    private mutating func discardDraft() -> [Effect] {
        guard let opened = open else { return [] }
        let wasSaved = !opened.savedDraft.isEmpty
        emptyComposer()
        return wasSaved ? [.saveDraft("", for: opened.peer)] : []
    }

    private mutating func run(_ command: SlashCommand, _ argument: String) -> [Effect] {
        switch command {
        case .help: dialog = .help(scroll: 0)
        case .keys: dialog = .keys(KeyTrial())
        case .goTo: return goTo(argument)
        case .next: return openNextUnread()
        case .search: return beginSearch(argument, everywhere: false)
        case .date: return goToDate(argument)
        case .unread: return goToUnread()
        case .end: return goToEnd()
        case .find: return beginFinding(argument)
        case .rename: return renameOpen(argument)
        case .remove: return askToRemove()
        case .deleteConversation: return askToDeleteConversation()
        case .edit: return editExternally(argument)
        case .copy: return copyNewest()
        case .delete: return deleteNewest()
        case .outbox: return showOutbox()
        case .retry: return retryUnsent()
        case .discard: return discardUnsent()
        case .gap: return fillGap()
        case .list: return arrangeList(argument)
        case .pin: return togglePinned()
        case .mute: return toggleMuted()
        case .profile: return switchProfile(argument)
        case .reconnect: return [.reconnect]
        case .signOut: return closeConversation() + [.open(nil), .signOut]
        case .quit: return leave(.quit)
        case .older, .conversations, .status, .typing: say(strings.plainModeOnly, .warning)
        }
        return []
    }

    // MARK: Going somewhere

    private mutating func goTo(_ name: String) -> [Effect] {
        var switcher = Switcher()
        switcher.query = LineEditor(name)
        guard !name.isEmpty else {
            dialog = .switcher(switcher)
            return []
        }
        switch Destination(name, among: conversations) {
        case .one(let peer): return openConversation(with: peer)
        case .several: dialog = .switcher(switcher)
        case .nobody: say(strings.nobodyNamed(name), .warning)
        }
        return []
    }

    /// Without a name it adds who writes here and is no contact yet.
    private mutating func beginFinding(_ query: String) -> [Effect] {
        if query.isEmpty, let conversation = openConversation, !conversation.isContact {
            return [.addContact(conversation.peer, name: conversation.name)]
        }
        var finder = PeopleFinder()
        finder.query = LineEditor(query)
        finder = queryChanged(finder)
        if finder.askAt != nil { finder.askAt = instant }
        dialog = .find(finder)
        return askIfDue()
    }

    // MARK: Messages

    private mutating func copyNewest() -> [Effect] {
        guard let row = open?.rows.last(where: { !$0.isMine }) ?? open?.rows.last else {
            say(strings.nothingToChoose)
            return []
        }
        return [.copy(row.content)]
    }

    private mutating func deleteNewest() -> [Effect] {
        guard let row = newestOwnRow else {
            say(strings.nothingToDelete)
            return []
        }
        return delete(row)
    }

    private mutating func retryUnsent() -> [Effect] {
        let waiting = waitingHere
        say(waiting.isEmpty ? strings.nothingToRetry : strings.retried(waiting.count))
        return waiting.isEmpty ? [] : [.retry(waiting)]
    }

    private mutating func discardUnsent() -> [Effect] {
        let waiting = waitingHere
        say(waiting.isEmpty ? strings.nothingToRetry : strings.discarded(waiting.count))
        return waiting.isEmpty ? [] : [.discard(waiting)]
    }

    // MARK: The program

    private mutating func switchProfile(_ name: String) -> [Effect] {
        guard let profiles else {
            say(strings.oneProfileOnly, .warning)
            return []
        }
        guard !name.isEmpty else {
            say(strings.profileIs(profile, others: profiles.filter { $0 != profile }), for: .seconds(15))
            return []
        }
        guard ProfileName.isValid(name) else {
            say(strings.noProfileName, .warning, for: .seconds(10))
            return []
        }
        guard name != profile else {
            say(strings.profileIs(profile, others: []))
            return []
        }
        return leave(.profile(name))
    }
}
