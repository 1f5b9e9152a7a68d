import ChatClientCore
import ChatWire

/// What the client has told so far, and how the person reads it. Both screens have one: what follows from it is
/// decided and worded here, and each screen only shows it in its own way.
struct ChatModel: Sendable {
    var strings: any Catalogue
    var calendar: Calendar = .local
    /// The keys that hints name. Where no key is bound, a hint names the command to write instead.
    var keymap: Keymap
    /// Wall clock and monotonic clock, set before each event.
    var now: Timestamp
    var instant: MonotonicInstant

    var account: Account?
    var link: LinkState = .connecting
    var outbox = OutboxSummary()
    private(set) var conversations: [Conversation] = []
    private(set) var isListLoaded = false
    private var listReload = Reload.idle
    /// Set once the client was told to keep the link up.
    private(set) var hasConnected = false

    init(strings: any Catalogue, keymap: Keymap, now: Timestamp, instant: MonotonicInstant) {
        self.strings = strings
        self.keymap = keymap
        self.now = now
        self.instant = instant
    }

    // MARK: The client's news

    mutating func start(_ account: Account?, _ link: LinkState, _ outbox: OutboxSummary) {
        self.account = account
        self.link = link
        self.outbox = outbox
    }

    mutating func loadList() -> [Effect] { listReload.request() ? [.loadConversations] : [] }

    mutating func take(_ list: [Conversation]) -> [Effect] {
        conversations = list
        isListLoaded = true
        return listReload.finish() ? [.loadConversations] : []
    }

    /// Starts the network, which waits until the cache has been shown.
    mutating func connectOnce() -> [Effect] {
        guard !hasConnected, account != nil else { return [] }
        hasConnected = true
        return [.connect]
    }

    mutating func forgetAccount() {
        account = nil
        conversations = []
        isListLoaded = false
        hasConnected = false
    }

    // MARK: Derived

    var today: CalendarTime { calendar.time(of: now) }
    var totalUnread: Int { conversations.reduce(0) { $0 + max(0, $1.unread) } }

    func conversation(with peer: UserID) -> Conversation? { conversations.first { $0.peer == peer } }

    /// A person's name. `name` stands in for a person who is not in the list; the id stands in for a name that
    /// shows nothing.
    func displayName(of peer: UserID, or name: String = "") -> String {
        let name = conversation(with: peer)?.name ?? name
        return Sanitizer.hasVisibleSign(name) ? name : "#\(peer.rawValue)"
    }

    /// The part of a person's name that fits a column: the first word.
    func shortName(of peer: UserID) -> String {
        let name = Sanitizer.line(displayName(of: peer))
        return name.split(separator: " ").map(String.init).first(where: Sanitizer.hasVisibleSign) ?? name
    }

    /// Seconds until the next attempt to connect, rounded up.
    var secondsToNextTry: Int? {
        guard case .offline(_, let next?) = link else { return nil }
        let nanoseconds = (next - instant).saturatedNanoseconds
        return Int(max(0, (nanoseconds + 999_999_999) / 1_000_000_000))
    }

    /// The next conversation with unread messages after this one; the search wraps around.
    func nextUnread(after peer: UserID?) -> UserID? {
        let start = conversations.firstIndex { $0.peer == peer } ?? -1
        let order = conversations[(start + 1)...] + conversations[..<max(0, start)]
        return order.first { $0.unread > 0 }?.peer
    }

    /// The beginning of the day that a text names; nil when it names none.
    func midnight(_ text: String) -> Timestamp? {
        DateWords.day(
            text, today: today, monthFirst: strings.dates.hasMonthFirst, language: strings.language
        ).map { calendar.midnight(of: $0) }
    }
}

// MARK: Keys and commands in words

extension ChatModel {
    /// The program's own words as this terminal can show them.
    func shown(_ text: String) -> String { strings.say(text) }

    /// The key bound to a command, as this terminal can show it; nil where none is bound.
    func keyName(_ command: Command) -> String? { keymap.key(for: command).map { shown($0.displayName) } }

    /// The key to press for a command; where none is bound, the words to write.
    func way(to command: SlashCommand) -> String {
        command.entry.key.flatMap { keyName($0) } ?? "/" + strings.words(for: command).names[0]
    }
}

// MARK: News in words

extension ChatModel {
    func words(for line: SlashLine.Mistake, on screen: CommandScreen) -> String {
        switch (line, screen) {
        case (.unknown(let name, let suggestion), _):
            strings.unknownCommand(name, suggestion: suggestion)
        case (.elsewhere, .full): strings.plainModeOnly
        case (.elsewhere, .plain): strings.plainFullScreenOnly
        case (.takesNothing(let name), .full): strings.takesNothing(name)
        case (.takesNothing(let name), .plain): strings.plainTakesNothing(name)
        }
    }

    /// How to take the account back from another client.
    var wayBack: String { strings.inUseElsewhereHelp(way(to: .reconnect)) }

    /// Why a message was not sent, in the reader's language where the reason is known.
    func failureWords(_ row: TimelineRow) -> String {
        row.failure.map { strings.serverWords($0) } ?? strings.refusedWithoutWords
    }

    /// The client's notice in words; nil for a message, which each screen shows in its own way.
    func words(for notice: ChatNotice) -> String? {
        switch notice {
        case .received: nil
        case .sendFailed(let peer, _, let reason):
            strings.received(displayName(of: peer), strings.notSent(strings.serverWords(reason)))
        case .held(let count): strings.heldNotice(count)
        case .formerServer(let reason, let held): strings.formerServer(reason, held: held)
        case .goneFromServer(let count): strings.goneFromServer(count)
        case .signInAgain: strings.signInAgain
        case .sessionEnded: strings.sessionEnded
        case .inUseElsewhere: wayBack
        case .cacheSetAside(let path, let rescued): strings.cacheSetAside(path, rescued)
        case .contactChangeRefused(let peer, let reason):
            strings.contactChangeRefused(displayName(of: peer), strings.serverWords(reason))
        case .conversationKept(let peer, let reason):
            strings.conversationKept(displayName(of: peer), reason.map { strings.serverWords($0) })
        case .storage: strings.storageFailed
        case .serverError(let words): strings.serverWords(words)
        }
    }
}

/// Anything that has a ``ChatModel`` and reads from it as from its own properties.
protocol ShowsModel {
    var model: ChatModel { get }
}

extension ShowsModel {
    var strings: any Catalogue { model.strings }
    var calendar: Calendar { model.calendar }
    var keymap: Keymap { model.keymap }
    var today: CalendarTime { model.today }
    var instant: MonotonicInstant { model.instant }
    var account: Account? { model.account }
    var link: LinkState { model.link }
    var outbox: OutboxSummary { model.outbox }
    var conversations: [Conversation] { model.conversations }
    var totalUnread: Int { model.totalUnread }
    var secondsToNextTry: Int? { model.secondsToNextTry }

    func conversation(with peer: UserID) -> Conversation? { model.conversation(with: peer) }
    func displayName(of peer: UserID, or name: String = "") -> String {
        model.displayName(of: peer, or: name)
    }
    func shortName(of peer: UserID) -> String { model.shortName(of: peer) }
    func failureWords(_ row: TimelineRow) -> String { model.failureWords(row) }
    func keyName(_ command: Command) -> String? { model.keyName(command) }
    func way(to command: SlashCommand) -> String { model.way(to: command) }
}
