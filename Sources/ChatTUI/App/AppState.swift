import ChatClientCore
import ChatWire

/// All that the terminal client shows, as a value. `update` is the only place that changes it, and the screen is a
/// function of it.
struct AppState: Sendable, ShowsModel {
    /// What the whole screen is for.
    enum Stage: Hashable, Sendable {
        /// Before the cache has answered.
        case starting
        case signIn(SignInForm)
        case chat
    }

    var context: ScreenContext
    var chat = ChatScreen()
    private(set) var stage: Stage = .starting
    let server: String
    /// Whether the person may choose another server on the first screen, and what that screen begins with.
    var changesServer = false
    var signInDraft = SignInDraft()

    var model: ChatModel { context.model }
    var size: Size { context.size }
    var theme: Theme { context.theme }
    var symbols: Symbols { context.symbols }

    init(
        size: Size, language: Language, theme: ThemeName = .dark, colours: ColourDepth = .palette,
        ascii: Bool = false, server: String, now: Timestamp, instant: MonotonicInstant
    ) {
        let model = ChatModel(
            strings: language.catalogue(CatalogueStyle(isASCII: ascii)), keymap: .standard, now: now,
            instant: instant)
        context = ScreenContext(model: model, size: size, theme: theme, colours: colours, ascii: ascii)
        self.server = server
    }

    // MARK: Derived

    var layout: Layout { chat.panes.layout(context) }

    /// The open conversation as the list has it.
    var openConversation: Conversation? { chat.panes.open.flatMap { conversation(with: $0.peer) } }

    /// True when the cache has answered with what the first picture shows.
    var isReadyToShow: Bool {
        switch stage {
        case .starting: false
        case .signIn: true
        case .chat: chat.panes.open?.window.isLoaded ?? true
        }
    }

    /// When `tick` is due though nothing else happens.
    var nextDeadline: MonotonicInstant? {
        let departure = context.departure
        // Times like "14:03" become "yesterday" at midnight.
        var deadlines = [instant + .seconds(60)]
        deadlines += [
            context.notice?.until, departure.interruptDeadline, departure.deadline,
            chat.panes.open?.composer.draftDeadline,
        ].compactMap(\.self)
        if chat.held.count != nil, chat.dialog == nil {
            let quiet = context.attention.lastKey + HeldMessages.askingPause
            deadlines.append(max(quiet, instant + .seconds(1)))
        }
        if case .find(let finder) = chat.dialog, let askAt = finder.askAt { deadlines.append(askAt) }
        if let seconds = secondsToNextTry, seconds > 0 { deadlines.append(instant + .seconds(1)) }
        return deadlines.min()
    }

    /// The window's title: the number of unread messages, and the open conversation.
    var windowTitle: String {
        let unread = totalUnread > 0 ? "(\(totalUnread)) " : ""
        let place = chat.panes.open.map { displayName(of: $0.peer) + " - " } ?? ""
        return unread + place + "MyChat"
    }

    // MARK: Laying out

    /// Lays out the texts in view. The screen is the same without this; later frames are only quicker.
    mutating func layOutTexts() {
        guard let space = chat.panes.open?.space(context) else { return }
        chat.panes.open?.timeline.layOutTexts(space)
    }

    /// Lays out the texts around the view as well, for the next scroll.
    mutating func layOutTextsAhead() {
        guard let space = chat.panes.open?.space(context) else { return }
        chat.panes.open?.timeline.layOutTextsAhead(space)
    }

    // MARK: Updating

    /// Takes one event and returns what is to be done about it. Pure: the caller sets the model's clocks before.
    mutating func update(_ event: AppEvent) -> [Effect] {
        let isShown = stage == .chat
        let before = isShown ? chat.inView(before: event, context) : nil
        var effects = handle(event)
        effects += chat.settle(before, isShown: stage == .chat, &context)
        return effects
    }

    private mutating func handle(_ event: AppEvent) -> [Effect] {
        switch event {
        case .input(let input): return handle(input)
        case .resized(let size): context.size = size
        case .tick: return tick()
        case .signal(let number): return chat.leave(.signal(number), &context)
        case .terminalLost: return chat.leave(.terminalLost, &context)
        case .started(let account, let link, let outbox): return start(account, link, outbox)
        case .change(let change): return handle(change)
        case .conversationsLoaded(let list): return take(list)
        case .timelineLoaded(let timeline, let draft):
            return chat.take(timeline.peer, &context) {
                $0.take(timeline, draft: draft, isCovered: $2, &$1)
            }
        case .windowLoaded(let peer, let timeline):
            return chat.take(peer, &context) { $0.takeWindow(timeline, isCovered: $2, &$1) }
        case .located(let peer, let row):
            return chat.take(peer, &context) { open, context, _ in open.located(row, &context) }
        case .unreadLocated(let peer, let row, let count):
            return chat.take(peer, &context) { open, context, _ in
                open.unreadLocated(row, count: count, &context)
            }
        case .gapFilled(let peer, let error):
            return chat.take(peer, &context) { open, context, _ in open.gapFilled(error, &context) }
        case .olderFetched(let peer, let foundMore):
            return chat.take(peer, &context) { open, _, _ in open.olderFetched(foundMore) }
        case .searched(let question, let page, let isMore):
            return chat.take(.hits(question, page, isMore: isMore), &context)
        case .searchFailed(let error): return chat.take(.searchFailed(error), &context)
        case .outboxLoaded(let entries): return chat.take(.outbox(entries), &context)
        case .peopleFound(let people, let query): return chat.take(.people(people, query: query), &context)
        case .findFailed(let error, let query): return chat.take(.findFailed(error, query: query), &context)
        case .editedExternally(let outcome): return chat.editedExternally(outcome, &context)
        case .sendRefused(let text, let peer, let error):
            context.say(strings.error(error), .error, for: .seconds(15))
            return chat.panes.putBack(text, to: peer, context)
        case .signedIn(let account): return signedIn(account)
        case .signInRefused(let error): refuseSignIn(error)
        case .contactAdded(let peer, let name): return chat.contactAdded(peer, name, &context)
        case .failed(let error): context.say(strings.error(error), .error)
        case .copied(let outcome):
            context.say(strings.copied(outcome), outcome == .refused ? .warning : .information)
        case .linkOpened(let isOpened):
            if !isOpened { context.say(strings.cannotOpenLink, .warning) }
        case .finished(let summary): return context.departure.finish(summary)
        }
        return []
    }

    private mutating func tick() -> [Effect] {
        let instant = instant
        if let until = context.notice?.until, instant >= until { context.notice = nil }
        context.departure.forgetInterrupt(at: instant)
        var effects = chat.panes.open?.composer.saveDraftIfDue(at: instant) ?? []
        effects += chat.dialog?.askIfDue(at: instant) ?? []
        if stage == .chat { chat.askAboutHeldIfQuiet(&context) }
        if let deadline = context.departure.deadline, instant >= deadline {
            effects += context.departure.finish(outbox)
        }
        return effects
    }
}

// MARK: The person

extension AppState {
    private mutating func handle(_ input: InputEvent) -> [Effect] {
        guard context.departure.reason == nil else { return [] }
        if input.isFromPerson { context.attention.touched(at: instant) }
        switch input {
        case .key(let key): return handle(key)
        case .mouse(let event): return handle(event)
        case .paste(let text): return paste(text)
        case .focus(let hasFocus): context.attention.focusChanged(hasFocus)
        case .background(let red, let green, let blue):
            context.takeBackground(red: red, green: green, blue: blue)
        }
        return []
    }

    private mutating func handle(_ key: Key) -> [Effect] {
        // A key that is being tried does nothing else.
        if chat.dialog?.isKeyTrial == true { return chat.handle(key, nil, &context) }
        chat.panes.list.scroll = nil
        let command = chat.keys.command(for: key, in: keymap)
        switch command {
        case .quit: return chat.leave(.quit, &context)
        case .interrupt: return interrupt()
        case .suspend:
            context.attention.awaitsKey = true
            return [.suspend]
        case .redraw: return [.redraw]
        default: break
        }
        switch stage {
        case .starting: return []
        case .signIn(let form): return handleSignIn(form, key, command)
        case .chat: return chat.handle(key, command, &context)
        }
    }

    private mutating func interrupt() -> [Effect] {
        guard !context.departure.interrupt(at: instant) else { return chat.leave(.quit, &context) }
        let unsent = outbox.unsent
        let key = keyName(.interrupt) ?? ""
        context.say(
            unsent > 0 ? strings.againQuits(key, unsent: unsent) : strings.againQuits(key), .warning,
            for: Departure.interruptDelay)
        return []
    }

    private mutating func paste(_ text: String) -> [Effect] {
        switch stage {
        case .starting: return []
        case .signIn(var form):
            form[form.field].insert(text.joinedLines)
            stage = .signIn(form)
            return []
        case .chat: return chat.paste(text, &context)
        }
    }

    /// The wheel scrolls what is under it; a click does what was drawn there.
    private mutating func handle(_ event: MouseEvent) -> [Effect] {
        switch event.action {
        case .wheelUp: return wheel(1, at: event.place)
        case .wheelDown: return wheel(-1, at: event.place)
        case .press(.left): return click(at: event.place)
        case .press, .release: return []
        }
    }

    private mutating func wheel(_ direction: Int, at place: Point) -> [Effect] {
        guard stage == .chat else { return [] }
        // In a dialog the wheel is the key that moves line by line.
        guard chat.dialog == nil else {
            return handle(keymap.key(for: direction > 0 ? .up : .down) ?? Key(direction > 0 ? .up : .down))
        }
        chat.panes.wheel(direction, at: place, context)
        return []
    }

    private mutating func click(at place: Point) -> [Effect] {
        let target = AppView.render(self).target(at: place)
        if case .key(let key) = target, chat.dialog == nil { return handle(key) }
        switch stage {
        case .starting: break
        case .signIn(var form):
            guard case .field(let field) = target, !form.isWorking else { break }
            form.field = field
            stage = .signIn(form)
        case .chat: return chat.click(target, at: place, &context)
        }
        return []
    }
}

// MARK: The client's news

extension AppState {
    private mutating func start(_ account: Account?, _ link: LinkState, _ outbox: OutboxSummary) -> [Effect] {
        context.model.start(account, link, outbox)
        if context.size.columns < Layout.twoPanesColumnsMin { context.pane = .list }
        return account == nil ? beginSignIn() : context.model.loadList()
    }

    private mutating func handle(_ change: ChatChange) -> [Effect] {
        switch change {
        case .link(let state):
            // The notice says how to get the account back; that is done.
            if state == .online, context.notice?.text == model.wayBack { context.notice = nil }
            if state == .online { storageWorks() }
            context.model.link = state
            return []
        case .outbox(let summary):
            storageWorks()
            context.model.outbox = summary
            if case .outbox = chat.dialog { return [.loadOutbox] }
            return []
        case .account(let account): return accountChanged(account)
        case .notice(let notice):
            chat.show(notice, &context)
            if case .received(let person, _, let content, _) = notice {
                return context.alert(person, content)
            }
            guard [.signInAgain, .sessionEnded].contains(notice), !isSignInStage else { return [] }
            return askToSignIn(email: account?.user.email)
        case .timeline(let peer):
            return chat.panes.open?.peer == peer ? chat.panes.open?.reload(context) ?? [] : []
        case .conversations, .typing, .presence: return account == nil ? [] : context.model.loadList()
        }
    }

    /// Clears the notice about the disk: something could be written.
    private mutating func storageWorks() {
        if context.notice?.text == strings.storageFailed { context.notice = nil }
    }

    private mutating func take(_ list: [Conversation]) -> [Effect] {
        var effects = context.model.take(list)
        context.attention.alerts.listed(list)
        if stage == .starting || isSignInStage, account != nil { stage = .chat }
        chat.panes.list.take(list, open: chat.panes.open?.peer)
        guard chat.panes.open == nil else { return effects }
        // With both panes in view the newest conversation fills the second.
        guard context.size.columns >= Layout.twoPanesColumnsMin, let first = list.first else {
            return effects + context.model.connectOnce()
        }
        // Nobody chose it: the next key shows that somebody is there.
        context.attention.awaitsKey = true
        effects += chat.panes.show(first.peer, &context)
        return effects
    }
}

// MARK: Signing in

extension AppState {
    private var isSignInStage: Bool {
        if case .signIn = stage { true } else { false }
    }

    private mutating func accountChanged(_ account: Account?) -> [Effect] {
        let previous = self.account
        context.model.account = account
        guard let account else { return isSignInStage ? [] : askToSignIn(email: previous?.user.email) }
        return account.user.id == previous?.user.id ? [] : context.model.loadList()
    }

    /// Goes back to the first screen; the text in the composer is kept as a draft.
    private mutating func askToSignIn(email: String?) -> [Effect] {
        let effects = chat.panes.close() + [.open(nil)]
        context.model.forgetAccount()
        chat.panes.list.cursor = nil
        chat.dialog = nil
        if context.notice?.kind.isProblem == false { context.notice = nil }
        stage = .signIn(
            SignInForm(
                server: server, changesServer: changesServer, draft: SignInDraft(email: email ?? "")))
        return effects
    }

    /// Shows the first screen. When the draft says everything that it asks for, as after the choice of another
    /// server, it signs in at once.
    private mutating func beginSignIn() -> [Effect] {
        let form = SignInForm(server: server, changesServer: changesServer, draft: signInDraft)
        signInDraft = SignInDraft()
        stage = .signIn(form)
        return form.isComplete ? submit(form) : []
    }

    private mutating func handleSignIn(_ before: SignInForm, _ key: Key, _ command: Command?) -> [Effect] {
        var form = before
        if form.handle(key, command) { return submit(form) }
        stage = .signIn(form)
        return []
    }

    private mutating func submit(_ before: SignInForm) -> [Effect] {
        var form = before
        let submission = form.submit(to: server, strings)
        stage = .signIn(form)
        switch submission {
        case nil: return []
        case .here(let effect): return [effect]
        case .elsewhere(let server): return chat.leave(.server(server, form.draft), &context)
        }
    }

    private mutating func signedIn(_ account: Account) -> [Effect] {
        context.model.account = account
        context.notice = nil
        stage = .starting
        return [.rememberServer] + context.model.loadList()
    }

    private mutating func refuseSignIn(_ error: ChatError) {
        guard case .signIn(var form) = stage else { return }
        var reason: Refusal?
        if case .refused(_, let message) = error { reason = Refusal(message: message) }
        form.refuse(strings.error(error), for: reason)
        stage = .signIn(form)
    }
}
