import ChatClientCore
import ChatWire

/// What both screens know of the client and of the open conversation. What follows from it is said and decided here,
/// once: the full screen and plain mode differ in how they show it.
protocol ConversationModel {
    var strings: any Catalogue { get }
    var calendar: Calendar { get }
    var now: Timestamp { get }
    var instant: MonotonicInstant { get }
    var link: LinkState { get }
    var conversations: [Conversation] { get }
    var openPeer: UserID? { get }
    /// The messages of the open conversation that are loaded.
    var openRows: [TimelineRow] { get }

    /// What to press or to write for a command.
    func way(to command: SlashCommand) -> String
}

extension ConversationModel {
    var today: CalendarTime { calendar.time(of: now) }
    var totalUnread: Int { conversations.reduce(0) { $0 + max(0, $1.unread) } }

    func conversation(with peer: UserID) -> Conversation? { conversations.first { $0.peer == peer } }

    /// A person's name; the one that came with a message, of somebody who is not in the list yet; or the id,
    /// when a name shows nothing.
    func displayName(of peer: UserID, or name: String = "") -> String {
        let name = conversation(with: peer)?.name ?? name
        return Sanitizer.hasVisibleSign(name) ? name : "#\(peer.rawValue)"
    }

    /// Seconds until the link is tried again; a second that has begun counts.
    var secondsToNextTry: Int? {
        guard case .offline(_, let next?) = link else { return nil }
        let nanoseconds = (next - instant).saturatedNanoseconds
        return Int(max(0, (nanoseconds + 999_999_999) / 1_000_000_000))
    }

    // MARK: What commands act on

    /// The next conversation with something unread, from the open one on.
    var nextUnread: UserID? {
        let start = conversations.firstIndex { $0.peer == openPeer } ?? -1
        let order = conversations[(start + 1)...] + conversations[..<max(0, start)]
        return order.first { $0.unread > 0 }?.peer
    }

    /// The messages of the open conversation that wait for the person.
    var waitingHere: [TempID] {
        openRows.filter { $0.state == .failed || $0.state == .held }.compactMap(\.tempID)
    }

    var newestOwnRow: TimelineRow? { openRows.last(where: \.isMine) }

    /// The beginning of the day that a text names; nil when it names none.
    func midnight(_ text: String) -> Timestamp? {
        DateWords.day(
            text, today: today, monthFirst: strings.dates.hasMonthFirst, language: strings.language
        ).map { calendar.midnight(of: $0) }
    }

    // MARK: What is said

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

    var wayBack: String { strings.inUseElsewhereHelp(way(to: .reconnect)) }

    /// Why a message was not sent, in the reader's language where it is known.
    func failureWords(_ row: TimelineRow) -> String {
        row.failure.map { strings.serverWords($0) } ?? strings.refusedWithoutWords
    }

    /// What the client tells; nil for a message, which each screen shows in its own way.
    func words(for notice: ChatNotice) -> String? {
        switch notice {
        case .received: nil
        case .sendFailed(let peer, _, let reason):
            strings.received(displayName(of: peer), strings.notSent(strings.serverWords(reason)))
        case .held(let count): strings.heldNotice(count)
        case .formerServer(let reason, let held): strings.formerServer(reason, held: held)
        case .goneFromServer(let count): strings.goneFromServer(count)
        case .signInAgain: strings.signInAgain
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
