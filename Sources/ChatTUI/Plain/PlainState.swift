import ChatClientCore
import ChatWire

/// What a line or an event leads to in plain mode: lines to append, and what to do.
struct PlainOutput: Hashable, Sendable {
    var lines: [String] = []
    var effects: [Effect] = []

    static func + (one: PlainOutput, other: PlainOutput) -> PlainOutput {
        PlainOutput(lines: one.lines + other.lines, effects: one.effects + other.effects)
    }
}

/// The client without a screen: a line goes in, lines come out, and nothing that was said is taken back.
/// A value like `AppState`, and on the same effects.
struct PlainState: Sendable {
    /// What the next line answers.
    enum Question: Hashable, Sendable {
        case person([Person])
        /// Whether to do something that cannot be taken back, and what to say once it is asked for.
        case confirm(Effect, done: String)
    }

    var strings: any Catalogue
    var calendar: Calendar = .local
    var now: Timestamp
    var instant: MonotonicInstant

    var account: Account?
    var link: LinkState = .connecting
    var outbox = OutboxSummary()
    var conversations: [Conversation] = []
    /// Whom the numbers of the list mean that was said last.
    var listed: [UserID] = []
    var conversationsLoaded = false
    var conversationsReload = AppState.Reload.idle
    var hasConnected = false

    /// The open conversation, what is known of its messages, and whether its beginning was said.
    var open: UserID?
    var rows: [TimelineRow] = []
    var isAnnounced = false
    var hasOlder = false
    var mayFetchOlder = false
    var timelineReload = AppState.Reload.idle
    /// Set while `/older` waits for the cache or the server.
    var isFetchingOlder = false
    /// The first message that was unread when the conversation was opened.
    var unreadBegins: RowID?
    /// The first message of the day that `/date` asked for.
    var dayBegins: RowID?

    var question: Question?
    /// Set while the answer to a command is awaited: the next line may belong to it.
    var isAsking = false
    var tellsTyping = false
    var leaving: TerminalExit.Reason?
    /// The input has ended: leaves when everything is sent, at the latest then.
    var leaveAt: MonotonicInstant?
    /// True once everything entered before the end of the input is in the outbox.
    var isAllEntered = false

    /// How many messages are said at once.
    static let pageRows = 10
    static let loadedRows = 80

    init(language: Language, ascii: Bool = false, now: Timestamp, instant: MonotonicInstant) {
        strings = language.catalogue(CatalogueStyle(isASCII: ascii))
        self.now = now
        self.instant = instant
    }

    /// True when a line that was typed means something now.
    var takesLines: Bool {
        account != nil && conversationsLoaded && !isAsking && leaving == nil && leaveAt == nil
            && (open == nil || isAnnounced)
    }

    // MARK: Events

    mutating func update(_ event: AppEvent) -> PlainOutput {
        var output = handle(event)
        if leaveAt != nil { output = output + leaveIfDone() }
        return output
    }

    private mutating func handle(_ event: AppEvent) -> PlainOutput {
        switch event {
        case .started(let account, let link, let outbox):
            self.account = account
            self.link = link
            self.outbox = outbox
            guard let account else { return leave(.quit) }
            _ = conversationsReload.request()
            return PlainOutput(
                lines: [strings.plainWelcome(account.user.email)], effects: [.loadConversations])
        case .change(let change): return handle(change)
        case .conversationsLoaded(let list): return take(list)
        case .timelineLoaded(let timeline, _): return take(timeline)
        case .windowLoaded(let peer, let timeline):
            return dayBegins == nil ? takeOlder(peer, timeline) : takeDay(peer, timeline)
        case .located(let peer, let row): return located(peer, row)
        case .gapFilled(let peer, let error): return gapFilled(peer, error)
        case .olderFetched(let peer, let foundMore): return olderFetched(peer, foundMore)
        case .peopleFound(let people, _): return found(people)
        case .searched(_, let page, _): return found(page)
        case .searchFailed(let error):
            isAsking = false
            return PlainOutput(lines: [strings.error(error)])
        case .outboxLoaded(let entries): return PlainOutput(lines: lines(for: entries))
        case .findFailed(let error, _):
            isAsking = false
            return PlainOutput(lines: [strings.error(error)])
        case .contactAdded(let peer, let name):
            isAsking = false
            let reload: [Effect] = conversationsReload.request() ? [.loadConversations] : []
            return PlainOutput(lines: [strings.added(name)], effects: reload) + openConversation(peer)
        case .sendRefused(let text, _, let error):
            return PlainOutput(lines: [strings.plainFailure(strings.error(error), excerpt(text))])
        case .failed(let error):
            isAsking = false
            return PlainOutput(lines: [strings.error(error)])
        case .finished(let summary): return finish(summary)
        case .signal(let number): return leave(.signal(number))
        case .terminalLost: return leave(.terminalLost)
        case .tick: return tick()
        default: return PlainOutput()
        }
    }

    private mutating func handle(_ change: ChatChange) -> PlainOutput {
        switch change {
        case .link(let state): return linkChanged(state)
        case .outbox(let summary):
            outbox = summary
            return PlainOutput()
        case .account(let account):
            self.account = account
            guard account == nil else { return PlainOutput() }
            return PlainOutput(lines: [strings.link(.signedOut, secondsToNextTry: nil)]) + leave(.quit)
        case .notice(let notice): return PlainOutput(lines: lines(for: notice))
        case .timeline(let peer):
            guard peer == open, timelineReload.request() else { return PlainOutput() }
            return PlainOutput(effects: [loadTimeline(peer)])
        case .typing(let peer, let isTyping):
            guard tellsTyping, isTyping, peer == open else { return PlainOutput() }
            return PlainOutput(lines: [strings.plainTypingStarts(displayName(of: peer))])
        case .conversations, .presence:
            return PlainOutput(effects: conversationsReload.request() ? [.loadConversations] : [])
        }
    }

    /// Only what changed for the person is said, not each try to connect.
    private mutating func linkChanged(_ state: LinkState) -> PlainOutput {
        let before = link
        link = state
        func isAway(_ state: LinkState) -> Bool {
            if case .offline = state { return true }
            return state == .connecting
        }
        if isAway(before), isAway(state) { return PlainOutput() }
        if state == .connecting, !hasConnected { return PlainOutput() }
        return PlainOutput(lines: [strings.plainLink(state, secondsToNextTry: nil)])
    }

    private func lines(for notice: ChatNotice) -> [String] {
        switch notice {
        case .received(let person, _, let content, _):
            let isMuted = conversation(with: person.id)?.isMuted ?? false
            guard person.id != open, !isMuted else { return [] }
            return [strings.plainElsewhere(displayName(of: person.id, or: person.name), oneLine(content))]
        case .sendFailed(let peer, _, _) where peer == open: return []
        default: return [words(for: notice)].compactMap(\.self)
        }
    }

    private mutating func tick() -> PlainOutput {
        guard let leaveAt, instant >= leaveAt else { return PlainOutput() }
        return leave(.quit)
    }

    // MARK: Names and words

    func loadTimeline(_ peer: UserID) -> Effect {
        .loadTimeline(peer, limit: Self.loadedRows, withDraft: false)
    }

    /// Enough of a message to know which one is meant.
    func excerpt(_ text: String) -> String {
        TextWidth.truncated(oneLine(text), to: 40, ellipsis: strings.isASCII ? "..." : "…")
    }

    func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    // MARK: Leaving

    /// The input has ended: what was entered gets its chance to be sent.
    mutating func inputEnded() -> PlainOutput {
        guard leaving == nil, leaveAt == nil else { return PlainOutput() }
        leaveAt = instant + .seconds(15)
        return PlainOutput(effects: [.finish])
    }

    private mutating func leaveIfDone() -> PlainOutput {
        guard leaving == nil, isAllEntered else { return PlainOutput() }
        switch link {
        case .connecting, .offline(.notStarted, _): return PlainOutput()
        case .online: return outbox.unsent > 0 || isAsking ? PlainOutput() : leave(.quit)
        case .offline, .signedOut, .inUseElsewhere, .refused: return leave(.quit)
        }
    }

    mutating func leave(_ reason: TerminalExit.Reason) -> PlainOutput {
        guard leaving == nil else { return PlainOutput() }
        leaving = reason
        // The last word on what was entered here, before the end.
        let last: [Effect] = leaveAt == nil ? [] : open.map { [loadTimeline($0)] } ?? []
        return PlainOutput(effects: last + [.open(nil), .finish])
    }

    private mutating func finish(_ summary: OutboxSummary) -> PlainOutput {
        guard let leaving else {
            outbox = summary
            isAllEntered = true
            return PlainOutput()
        }
        return PlainOutput(
            effects: [.leave(TerminalExit(reason: leaving, unsent: summary.unsent, waiting: summary.waiting))]
        )
    }
}

extension PlainState: ConversationModel {
    var openPeer: UserID? { open }
    var openRows: [TimelineRow] { rows }

    /// Without keys, every command is written.
    func way(to command: SlashCommand) -> String { "/" + strings.words(for: command).names[0] }
}
