import ChatWire

/// What a page of a conversation proves about what it does not show.
///
/// Servers answer a read that failed with an empty list, caches between answer with pages of another time, and a
/// server that orders by whole seconds shows any part of the second in which a page is cut. So absence is proved only
/// strictly inside of what a page shows. Beyond that a second witness is needed: for what is newer, the list of
/// contacts; for what is older, another page that ends in the same place, and, where that is less than the cache holds,
/// some time later.
struct PageProof: Equatable, Sendable {
    /// What the cache held of the conversation when the page came.
    struct Known: Equatable, Sendable {
        /// The newest confirmed message, of those that were there when the page was asked for.
        var newest: MessageID?
        /// Those on the page that were confirmed in the cache.
        var shown: Set<MessageID> = []
        /// Where the last page ended that was shorter than it could have been, and since when pages end there.
        var shortAt: MessageID?
        var shortSince: Timestamp?
        /// Confirmed messages are held below the page.
        var hasOlder = false
        /// Nothing confirmed is held, and nothing is known to be missing.
        var isBlank = false
    }

    /// The page does not contradict what is known of the newest messages.
    let isTrusted: Bool
    /// Nothing stands at the server between here and the end of the page but what the page shows; nil when it proves
    /// nothing.
    let floor: MessageID?
    /// The conversation begins with the page.
    let reachesBeginning: Bool
    /// Where the page ended, when it may be the beginning and another page has yet to say so; and since when.
    let shortAt: MessageID?
    let shortSince: Timestamp?
    /// Messages in the cache are gone if pages go on ending there.
    let isShorterThanCache: Bool
    /// Those on the page that the cache knew as confirmed before, and that are not in the second of its cut.
    let landmarks: Set<MessageID>
    /// Fewer messages than were asked for.
    let isShort: Bool
    /// The list of contacts names the page's newest message as the conversation's, or says that there is none.
    let isWitnessed: Bool

    private let shown: Set<MessageID>
    private let absent: ClosedRange<Int64>?
    /// Messages up to this second may be on the other side of the cut.
    private let cutSecond: Int64?

    init(_ page: ConversationPage, _ known: Known) {
        let ids = page.messages.map(\.id)
        shown = Set(ids)
        isShort = page.messages.count < page.limit
        let end = PageEnd(page, known)
        isTrusted = end.isTrusted
        isWitnessed = end.agrees
        cutSecond = page.isOrderedByID ? nil : page.messages.map(\.createdAt.seconds).min()
        landmarks = known.shown.subtracting(isShort ? [] : page.messages(upTo: cutSecond))
        guard end.isAnswer, let lowest = ids.min() else {
            floor = nil
            shortAt = known.shortAt
            shortSince = known.shortSince
            isShorterThanCache = false
            reachesBeginning = end.isTrusted && page.before == nil && (end.agrees || known.isBlank)
            absent = end.isTrusted && end.agrees && end.absentUpTo > 0 ? 1...end.absentUpTo : nil
            return
        }
        let since = Self.shortSince(lowest, page, known)
        reachesBeginning =
            isShort && known.shortAt == lowest && (!known.hasOlder || end.agrees && Self.isLong(since, page))
        shortAt = isShort && !reachesBeginning ? lowest : nil
        shortSince = shortAt == nil ? nil : since
        isShorterThanCache = shortAt != nil && known.hasOlder && end.agrees
        let first = reachesBeginning ? 1 : lowest.rawValue + 1
        absent = end.isTrusted && first <= end.absentUpTo ? first...end.absentUpTo : nil
        floor = page.floor(above: cutSecond) ?? (page.isOrderedByID ? lowest : nil)
    }

    /// Pages that show less than the cache holds are believed when they do so for this long.
    static let believedAfter = Duration.seconds(60)

    private static func shortSince(_ lowest: MessageID, _ page: ConversationPage, _ known: Known) -> Timestamp
    {
        // A clock that was set back begins anew.
        guard known.shortAt == lowest, let since = known.shortSince, since <= page.answeredAt else {
            return page.answeredAt
        }
        return since
    }

    private static func isLong(_ since: Timestamp, _ page: ConversationPage) -> Bool {
        .microseconds(page.answeredAt.microseconds &- since.microseconds) >= believedAfter
    }

    var isEmpty: Bool { shown.isEmpty }

    /// True for a message in the cache that the server does not have any more.
    func provesAbsence(of id: MessageID, at time: Timestamp) -> Bool {
        guard let absent, absent.contains(id.rawValue), !shown.contains(id) else { return false }
        return reachesBeginning || cutSecond.map { time.seconds > $0 } ?? true
    }

    /// The part of the conversation in which messages may be found absent.
    var searched: ClosedRange<Int64>? { absent }
}

/// How the newer end of a page stands to what is known.
private struct PageEnd {
    let isTrusted: Bool
    /// The page shows what was asked for, if of another time.
    let isAnswer: Bool
    /// The list of contacts names the page's newest message as the conversation's, or says that there is none.
    let agrees: Bool
    /// Messages above this may have come since, or the page is of a time before them.
    let absentUpTo: Int64

    init(_ page: ConversationPage, _ known: PageProof.Known) {
        if let before = page.before {
            // A server that does not know what was asked answers with another page.
            isAnswer = page.messages.allSatisfy { $0.id < before }
            isTrusted = isAnswer && !page.messages.isEmpty
            agrees = false
            absentUpTo = min(before.rawValue - 1, page.knownAtRequest.rawValue)
            return
        }
        isAnswer = true
        let newest = page.messages.map(\.id).max()
        agrees = page.listed.map { Self.agrees($0, page) } ?? false
        let listedTo = page.listed?.knownAtRequest ?? MessageID(0)
        let witnessed = agrees ? min(page.knownAtRequest, listedTo) : MessageID(0)
        absentUpTo = max(witnessed.rawValue, min(newest?.rawValue ?? 0, page.knownAtRequest.rawValue))
        if let known = known.newest, known > newest ?? MessageID(0) {
            isTrusted = known <= witnessed
        } else {
            isTrusted = page.listed.map { !Self.isNewer($0, than: page) } ?? true
        }
    }

    /// The list names a message that is newer than all of the page.
    private static func isNewer(_ listed: ListedNewest, than page: ConversationPage) -> Bool {
        guard let time = listed.time else { return false }
        return time.seconds > page.messages.map(\.createdAt.seconds).max() ?? .min
    }

    private static func agrees(_ listed: ListedNewest, _ page: ConversationPage) -> Bool {
        guard let second = page.messages.map(\.createdAt.seconds).max() else { return listed.time == nil }
        guard listed.time?.seconds == second else { return false }
        return page.messages.contains {
            $0.createdAt.seconds == second && (listed.content == nil || listed.content == $0.content)
        }
    }
}

extension ConversationPage {
    fileprivate func messages(upTo second: Int64?) -> Set<MessageID> {
        guard let second else { return [] }
        return Set(messages.filter { $0.createdAt.seconds <= second }.map(\.id))
    }

    /// The lowest id that is newer than all of a second; nil without one, or without a second.
    fileprivate func floor(above second: Int64?) -> MessageID? {
        guard let second else { return nil }
        let cut = messages(upTo: second).max() ?? MessageID(0)
        return messages.filter { $0.createdAt.seconds > second && $0.id > cut }.map(\.id).min()
    }
}
