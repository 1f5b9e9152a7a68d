import ChatClientCore
import ChatWire

/// The client without a screen: a line goes in, lines come out, and nothing that was printed is taken back. A value
/// like `AppState`, with the same events and effects.
struct PlainState: Sendable, ShowsModel {
    var model: ChatModel
    var open: PlainConversation?
    /// The people behind the numbers of the list that was printed last.
    var listed: [UserID] = []
    var question: PlainQuestion?
    var awaited: PlainAwaited?
    var tellsTyping = false
    private(set) var departure = PlainDeparture()

    init(language: Language, ascii: Bool = false, now: Timestamp, instant: MonotonicInstant) {
        model = ChatModel(
            strings: language.catalogue(CatalogueStyle(isASCII: ascii)), keymap: .none, now: now,
            instant: instant)
    }

    var wording: PlainWording { PlainWording(model: model) }

    /// True when a line that was typed means something now.
    var takesLines: Bool {
        account != nil && model.isListLoaded && awaited == nil && !departure.hasBegun
            && open?.window.isLoaded != false
    }

    // MARK: Events

    mutating func update(_ event: AppEvent) -> PlainOutput {
        var output = handle(event)
        if departure.isDone(link, outbox, isAwaiting: awaited != nil) { output = output + leave(.quit) }
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
        case .finished(let summary):
            model.outbox = summary
            return PlainOutput(effects: departure.finished(summary))
        case .signal(let number): return leave(.signal(number))
        case .terminalLost: return leave(.terminalLost)
        case .tick: return departure.isOverdue(at: instant) ? leave(.quit) : PlainOutput()
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

    private mutating func linkChanged(_ state: LinkState) -> PlainOutput {
        let line = wording.change(of: link, to: state, hasConnected: model.hasConnected)
        model.link = state
        return PlainOutput(lines: [line].compactMap(\.self))
    }

    /// The failure of a load is followed by the load's own event, which ends the wait.
    private mutating func failed(_ error: ChatError) -> PlainOutput {
        switch awaited {
        case .older, .day: break
        case .answer, .place, .gap, nil: awaited = nil
        }
        return .line(strings.error(error))
    }

    // MARK: Leaving

    /// The input has ended: what was entered gets its chance to be sent.
    mutating func inputEnded() -> PlainOutput {
        PlainOutput(effects: departure.inputEnded(at: instant) ? [.finish] : [])
    }

    mutating func leave(_ reason: TerminalExit.Reason) -> PlainOutput {
        guard departure.begin(reason) else { return PlainOutput() }
        // The last word on what was entered here, before the end.
        let last = departure.hasInputEnded ? open.map { [PlainConversation.load($0.peer)] } ?? [] : []
        return PlainOutput(effects: last + [.open(nil), .finish])
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
        } else if let peer = open?.peer, let line = wording.change(ofPresence: before, of: peer) {
            output.lines.append(line)
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
