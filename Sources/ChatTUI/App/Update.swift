import ChatClientCore
import ChatWire

extension AppState {
    /// Takes in one event and says what is to be done about it. Pure: the clock is
    /// `now` and `instant`, which the caller sets before.
    mutating func update(_ event: AppEvent) -> [Effect] {
        let before = seenBefore(event)
        var effects = handle(event)
        effects += leadToUnread()
        effects += tellAttention()
        effects += markReadIfSeen(before)
        effects += loadNeighboursIfNear()
        return effects
    }

    private mutating func handle(_ event: AppEvent) -> [Effect] {
        switch event {
        case .input(let input): return handle(input)
        case .resized(let newSize):
            size = newSize
            return []
        case .tick: return tick()
        case .signal(let number): return leave(.signal(number))
        case .terminalLost: return leave(.terminalLost)
        case .started(let account, let link, let outbox): return start(account, link, outbox)
        case .change(let change): return handle(change)
        case .conversationsLoaded(let list): return take(list)
        case .timelineLoaded(let timeline, let draft): return take(timeline, draft: draft)
        case .windowLoaded(let peer, let timeline): return takeWindow(peer, timeline)
        case .located(let peer, let row): return located(peer, row)
        case .unreadLocated(let peer, let row, let count): return unreadLocated(peer, row, count: count)
        case .gapFilled(let peer, let error): return gapFilled(peer, error)
        case .searched(let question, let page, let isMore): return searched(question, page, isMore: isMore)
        case .searchFailed(let error): return searchFailed(error)
        case .outboxLoaded(let entries): return outboxLoaded(entries)
        case .editedExternally(let outcome): return editedExternally(outcome)
        case .olderFetched(let peer, let foundMore): return olderFetched(peer, foundMore)
        case .sendRefused(let text, let peer, let error): return sendRefused(text, peer, error)
        case .signedIn(let account): return signedIn(account)
        case .signInRefused(let error): return signInRefused(error)
        case .peopleFound(let people, let query): return found(people, query)
        case .findFailed(let error, let query): return findFailed(error, query)
        case .contactAdded(let peer, let name): return contactAdded(peer, name)
        case .failed(let error):
            say(strings.error(error), .error)
            return []
        case .copied(let outcome):
            say(strings.copied(outcome), outcome == .refused ? .warning : .information)
            return []
        case .linkOpened(let isOpened):
            if !isOpened { say(strings.cannotOpenLink, .warning) }
            return []
        case .finished(let summary): return finish(summary)
        }
    }

    private mutating func handle(_ input: InputEvent) -> [Effect] {
        guard leaving == nil else { return [] }
        switch input {
        case .key(let key):
            touched()
            return handle(key)
        case .mouse(let event):
            touched()
            return handle(event)
        case .paste(let text):
            touched()
            return paste(text)
        case .focus(let hasFocus):
            terminalHasFocus = hasFocus
            alerts.focusTold()
            return []
        case .background(let red, let green, let blue):
            // Perceived brightness, by the weights of ITU-R BT.601.
            let brightness = (299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1000
            if followsBackground {
                theme = Theme(brightness > 0x7FFF ? .light : .dark, colours: colours)
            }
            return []
        }
    }

    private mutating func tick() -> [Effect] {
        var effects: [Effect] = []
        if let until = notice?.until, instant >= until { notice = nil }
        if let until = interruptUntil, instant >= until { interruptUntil = nil }
        effects += saveDraftIfDue()
        effects += askIfDue()
        askAboutHeldIfQuiet()
        if let leaveAt, instant >= leaveAt { effects += finish(outbox) }
        return effects
    }

    // MARK: The client's news

    private mutating func start(_ account: Account?, _ link: LinkState, _ outbox: OutboxSummary) -> [Effect] {
        self.account = account
        self.link = link
        self.outbox = outbox
        if size.columns < Layout.twoPanesColumnsMin { pane = .list }
        guard account != nil else {
            return beginSignIn()
        }
        return conversationsReload.request() ? [.loadConversations] : []
    }

    private mutating func handle(_ change: ChatChange) -> [Effect] {
        switch change {
        case .link(let state):
            // Its notice tells how to get back; that is done.
            if state == .online, notice?.text == wayBack { notice = nil }
            if state == .online { storageWorks() }
            link = state
            return []
        case .outbox(let summary):
            storageWorks()
            outbox = summary
            if case .outbox = dialog { return [.loadOutbox] }
            return []
        case .account(let account): return accountChanged(account)
        case .notice(let notice):
            show(notice)
            if case .received(let person, _, let content, _) = notice { return alert(person, content) }
            return notice == .signInAgain && !isSignInStage ? askToSignIn(email: account?.user.email) : []
        case .timeline(let peer):
            guard open?.peer == peer else { return [] }
            return reloadTimeline()
        case .conversations, .typing, .presence:
            guard account != nil else { return [] }
            return conversationsReload.request() ? [.loadConversations] : []
        }
    }

    private mutating func accountChanged(_ account: Account?) -> [Effect] {
        let previous = self.account
        self.account = account
        guard account != nil else {
            return isSignInStage ? [] : askToSignIn(email: previous?.user.email)
        }
        if account?.user.id == previous?.user.id { return [] }
        return conversationsReload.request() ? [.loadConversations] : []
    }

    /// Back to the first screen; what was being written is kept.
    private mutating func askToSignIn(email: String?) -> [Effect] {
        let effects = closeConversation() + [.open(nil)]
        account = nil
        conversations = []
        conversationsLoaded = false
        hasConnected = false
        listCursor = nil
        dialog = nil
        if [.information, .news].contains(notice?.kind) { notice = nil }
        stage = .signIn(
            SignInForm(
                server: server, changesServer: changesServer, draft: SignInDraft(email: email ?? "")))
        return effects
    }

    /// The first screen; with all that it asks for already said, as when another server was chosen on it,
    /// it only waits.
    private mutating func beginSignIn() -> [Effect] {
        let form = SignInForm(server: server, changesServer: changesServer, draft: signInDraft)
        signInDraft = SignInDraft()
        stage = .signIn(form)
        return form.isComplete ? submit(form) : []
    }

    /// Something could be written: what was said about the disk is over.
    private mutating func storageWorks() {
        if notice?.text == strings.storageFailed { notice = nil }
    }

    private mutating func show(_ notice: ChatNotice) {
        switch notice {
        case .received(let person, _, let content, let isOpen):
            guard !isOpen || open?.peer != person.id else { return }
            // The list shows it too; a warning that is being read is nowhere else.
            guard ![.warning, .error].contains(self.notice?.kind) else { return }
            say(strings.received(displayName(of: person.id, or: person.name), content), .news)
        case .sendFailed(let peer, _, _) where open?.peer == peer: return
        case .held(let count): heldToAsk = (heldToAsk ?? 0) + count
        case .formerServer(_, let held): askAboutFormer(held)
        case .goneFromServer(let count): askAboutFormer(count)
        case .sendFailed, .signInAgain, .inUseElsewhere, .cacheSetAside, .contactChangeRefused,
            .conversationKept,
            .storage, .serverError:
            break
        }
        guard let words = words(for: notice) else { return }
        let (kind, seconds) = Self.weight(of: notice)
        say(words, kind, for: .seconds(seconds))
    }

    /// How a notice is told, and for how many seconds.
    private static func weight(of notice: ChatNotice) -> (Notice.Kind, Int) {
        switch notice {
        case .received: (.news, 6)
        case .sendFailed, .serverError: (.error, 6)
        case .storage, .contactChangeRefused: (.error, 15)
        case .held, .inUseElsewhere, .conversationKept: (.warning, 15)
        case .formerServer, .goneFromServer, .signInAgain, .cacheSetAside: (.warning, 30)
        }
    }

    private mutating func take(_ list: [Conversation]) -> [Effect] {
        conversations = list
        conversationsLoaded = true
        alerts.listed(list)
        if stage == .starting || isSignInStage, account != nil { stage = .chat }
        var effects: [Effect] = conversationsReload.finish() ? [.loadConversations] : []
        if let cursor = listCursor, !list.contains(where: { $0.peer == cursor }) { listCursor = nil }
        if listCursor == nil { listCursor = open?.peer ?? list.first?.peer }
        // With both panes in view the newest conversation fills the second.
        if open == nil, size.columns >= Layout.twoPanesColumnsMin, let first = list.first {
            // Nobody chose it: the next key shows that somebody is there.
            awaitsKey = true
            effects += openConversation(with: first.peer)
        }
        if open == nil { effects += connectOnce() }
        return effects
    }

    /// The network is begun only when the cache has been shown.
    mutating func connectOnce() -> [Effect] {
        guard !hasConnected, account != nil else { return [] }
        hasConnected = true
        return [.connect]
    }

    private var isSignInStage: Bool {
        if case .signIn = stage { return true }
        return false
    }

    // MARK: Leaving

    /// Begins to leave: what must not be lost is saved first, within a second.
    mutating func leave(_ reason: TerminalExit.Reason) -> [Effect] {
        guard leaving == nil else { return [] }
        leaving = reason
        leaveAt = instant + .seconds(1)
        return closeConversation() + [.open(nil), .finish]
    }

    private mutating func finish(_ summary: OutboxSummary) -> [Effect] {
        leaveAt = nil
        guard let leaving else { return [] }
        return [.leave(TerminalExit(reason: leaving, unsent: summary.unsent, waiting: summary.waiting))]
    }
}
