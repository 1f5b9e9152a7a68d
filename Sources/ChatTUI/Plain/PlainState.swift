import ChatClientCore
import ChatWire

/// The client without a screen: a line goes in, lines come out, and nothing that was printed is taken back. A value
/// like `AppState`, with the same events and effects.
struct PlainState: Sendable, ShowsModel {
    /// What the next line answers.
    enum Question: Hashable, Sendable {
        case person([Person])
        /// Whether to do something that cannot be undone, and what to say once it is done.
        case confirm(Effect, done: String)
    }

    /// What must arrive before the next line means anything.
    enum Awaited: Hashable, Sendable {
        /// The answer to a search, or to a change of contacts.
        case answer
        /// Older messages.
        case older
        /// The first message of a day, and then the messages from there on.
        case place
        case day(RowID)
        case gap
    }

    var model: ChatModel
    var open: PlainConversation?
    /// The people behind the numbers of the list that was printed last.
    var listed: [UserID] = []
    var question: Question?
    var awaited: Awaited?
    var tellsTyping = false
    private(set) var leaving: TerminalExit.Reason?
    /// Set at the end of the input: by then the program leaves, or as soon as everything is sent.
    private(set) var leaveAt: MonotonicInstant?
    /// True once everything that was entered before the end of the input is in the outbox.
    private var isAllEntered = false

    init(language: Language, ascii: Bool = false, now: Timestamp, instant: MonotonicInstant) {
        model = ChatModel(
            strings: language.catalogue(CatalogueStyle(isASCII: ascii)), keymap: .none, now: now,
            instant: instant)
    }

    var wording: PlainWording { PlainWording(model: model) }

    /// True when a line that was typed means something now.
    var takesLines: Bool {
        account != nil && model.isListLoaded && awaited == nil && leaving == nil && leaveAt == nil
            && open?.window.isLoaded != false
    }

    // MARK: Events

    mutating func update(_ event: AppEvent) -> PlainOutput {
        var output = handle(event)
        if leaveAt != nil { output = output + leaveIfDone() }
        return output
    }

    private mutating func handle(_ event: AppEvent) -> PlainOutput {
        switch event {
        case .started(let account, let link, let outbox): return start(account, link, outbox)
        case .change(let change): return handle(change)
        case .conversationsLoaded(let list): return take(list)
        case .timelineLoaded(let timeline, _): return take(timeline)
        case .windowLoaded(let peer, let timeline): return takeWindow(peer, timeline)
        case .located(let peer, let row): return located(peer, row)
        case .gapFilled(let peer, let error): return gapFilled(peer, error)
        case .olderFetched(let peer, let foundMore): return olderFetched(peer, foundMore)
        case .peopleFound(let people, _): return found(people)
        case .searched(_, let page, _): return found(page)
        case .outboxLoaded(let entries): return PlainOutput(lines: wording.outbox(entries))
        case .contactAdded(let peer, let name):
            awaited = nil
            return PlainOutput(lines: [strings.added(name)], effects: model.loadList()) + show(peer)
        case .sendRefused(let text, _, let error):
            return .line(strings.plainFailure(strings.error(error), wording.excerpt(text)))
        case .searchFailed(let error), .findFailed(let error, _), .failed(let error): return failed(error)
        case .finished(let summary): return finish(summary)
        case .signal(let number): return leave(.signal(number))
        case .terminalLost: return leave(.terminalLost)
        case .tick: return tick()
        case .input, .resized, .unreadLocated, .editedExternally, .signedIn, .signInRefused, .copied,
            .linkOpened:
            return PlainOutput()
        }
    }

    private mutating func start(
        _ account: Account?, _ link: LinkState, _ outbox: OutboxSummary
    ) -> PlainOutput {
        model.start(account, link, outbox)
        guard let account else { return leave(.quit) }
        return PlainOutput(lines: [strings.plainWelcome(account.user.email)], effects: model.loadList())
    }

    private mutating func handle(_ change: ChatChange) -> PlainOutput {
        switch change {
        case .link(let state): return linkChanged(state)
        case .outbox(let summary): model.outbox = summary
        case .account(let account):
            model.account = account
            guard account == nil else { break }
            return .line(strings.link(.signedOut, secondsToNextTry: nil)) + leave(.quit)
        case .notice(let notice): return PlainOutput(lines: wording.notice(notice, open: open?.peer))
        case .timeline(let peer):
            if open?.peer == peer { return PlainOutput(effects: open?.reload() ?? []) }
        case .typing(let peer, let isTyping):
            guard tellsTyping, isTyping, peer == open?.peer else { break }
            return .line(strings.plainTypingStarts(displayName(of: peer)))
        case .conversations, .presence: return PlainOutput(effects: model.loadList())
        }
        return PlainOutput()
    }

    /// Only what changed for the person is said, not each attempt to connect.
    private mutating func linkChanged(_ state: LinkState) -> PlainOutput {
        let before = link
        model.link = state
        func isAway(_ state: LinkState) -> Bool {
            if case .offline = state { return true }
            return state == .connecting
        }
        if isAway(before), isAway(state) { return PlainOutput() }
        if state == .connecting, !model.hasConnected { return PlainOutput() }
        return .line(strings.plainLink(state, secondsToNextTry: nil))
    }

    /// The failure of a load is followed by the load's own event, which ends the wait.
    private mutating func failed(_ error: ChatError) -> PlainOutput {
        switch awaited {
        case .older, .day: break
        case .answer, .place, .gap, nil: awaited = nil
        }
        return .line(strings.error(error))
    }

    private mutating func tick() -> PlainOutput {
        guard let leaveAt, instant >= leaveAt else { return PlainOutput() }
        return leave(.quit)
    }

    // MARK: The list

    private mutating func take(_ list: [Conversation]) -> PlainOutput {
        let isFirst = !model.isListLoaded
        let before = open.flatMap { conversation(with: $0.peer)?.presence }
        var output = PlainOutput(effects: model.take(list))
        if isFirst {
            output.lines += printList() + [strings.plainNobodyOpen]
            // A client that connected before has no news of it.
            if link == .online { output.lines.append(strings.plainLink(link, secondsToNextTry: nil)) }
            output.effects += model.connectOnce()
        } else if let peer = open?.peer, let now = conversation(with: peer)?.presence, let before,
            now != before, now != .unknown, before != .unknown
        {
            let words = now == .online ? strings.online : strings.offline
            output.lines.append(strings.plainConversation(displayName(of: peer), words))
        }
        return output
    }

    private mutating func take(_ timeline: Timeline) -> PlainOutput {
        let wording = wording
        guard open?.peer == timeline.peer else { return PlainOutput() }
        return open?.take(timeline, wording) ?? PlainOutput()
    }

    mutating func printList() -> [String] {
        listed = conversations.map(\.peer)
        return wording.list
    }

    mutating func show(_ peer: UserID) -> PlainOutput {
        awaited = nil
        open = PlainConversation(loading: peer)
        return PlainOutput(effects: [.open(peer), PlainConversation.load(peer)])
    }
}

// MARK: Leaving

extension PlainState {
    /// How long what was entered may take to be sent after the end of the input.
    private static let sendingPatience: Duration = .seconds(15)

    /// The input has ended: what was entered gets its chance to be sent.
    mutating func inputEnded() -> PlainOutput {
        guard leaving == nil, leaveAt == nil else { return PlainOutput() }
        leaveAt = instant + Self.sendingPatience
        return PlainOutput(effects: [.finish])
    }

    private mutating func leaveIfDone() -> PlainOutput {
        guard leaving == nil, isAllEntered else { return PlainOutput() }
        switch link {
        case .connecting, .offline(.notStarted, _): return PlainOutput()
        case .online: return outbox.unsent > 0 || awaited != nil ? PlainOutput() : leave(.quit)
        case .offline, .signedOut, .inUseElsewhere, .refused: return leave(.quit)
        }
    }

    mutating func leave(_ reason: TerminalExit.Reason) -> PlainOutput {
        guard leaving == nil else { return PlainOutput() }
        leaving = reason
        // The last word on what was entered here, before the end.
        let last = leaveAt == nil ? [] : open.map { [PlainConversation.load($0.peer)] } ?? []
        return PlainOutput(effects: last + [.open(nil), .finish])
    }

    private mutating func finish(_ summary: OutboxSummary) -> PlainOutput {
        guard let leaving else {
            model.outbox = summary
            isAllEntered = true
            return PlainOutput()
        }
        let exit = TerminalExit(reason: leaving, unsent: summary.unsent, waiting: summary.waiting)
        return PlainOutput(effects: [.leave(exit)])
    }
}
