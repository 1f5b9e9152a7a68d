import ChatWire

/// What a page of a conversation proves about what it does not show.
///
/// Some servers answer a failed read with an empty list. Caches on the way answer with pages of another time. A server
/// that orders by whole seconds may cut a page anywhere inside a second. So absence is proved only strictly inside the
/// range that a page shows. Outside that range a second witness is needed. For newer messages it is the list of
/// contacts. For older ones it is another page that ends in the same place; when the cache holds more than that, the
/// other page must come some time later.
struct PageProof: Equatable, Sendable {
    /// What the cache knew about the conversation when the page came.
    struct Known: Equatable, Sendable {
        /// The newest confirmed message that was in the cache when the page was requested.
        var newest: MessageID?
        /// The messages on the page that were confirmed in the cache.
        var shown: Set<MessageID> = []
        /// Where the last short page ended, and since when pages end there.
        var shortAt: MessageID?
        var shortSince: Timestamp?
        /// Whether the cache holds confirmed messages below the page.
        var hasOlder = false
        /// Whether the cache holds nothing confirmed and knows of nothing that is missing.
        var isBlank = false
    }

    /// Whether the page agrees with what is known about the newest messages.
    let isTrusted: Bool
    /// From this id to its end, the page shows everything that the server has; nil when it proves nothing.
    let floor: MessageID?
    /// Whether the conversation begins with the page.
    let reachesBeginning: Bool
    /// Where the page ended, and since when pages end there, while another page has yet to confirm that it is the
    /// beginning.
    let shortAt: MessageID?
    let shortSince: Timestamp?
    /// Whether the cache holds messages that are gone if pages keep ending there.
    let isShorterThanCache: Bool
    /// The messages on the page that were confirmed before, without those of the second in which the page was cut.
    let landmarks: Set<MessageID>
    /// Whether the page has fewer messages than were asked for.
    let isShort: Bool
    /// Whether the list of contacts shows the same newest message as the page, or none for an empty page.
    let isWitnessed: Bool

    private let shown: Set<MessageID>
    private let absent: ClosedRange<Int64>?
    /// Messages of this second and before may be on the other side of the cut.
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

    /// How long pages must show less than the cache holds before they are believed.
    static let believedAfter = Duration.seconds(60)

    private static func shortSince(_ lowest: MessageID, _ page: ConversationPage, _ known: Known) -> Timestamp
    {
        // After a clock was set back, the time counts from now.
        guard known.shortAt == lowest, let since = known.shortSince, since <= page.answeredAt else {
            return page.answeredAt
        }
        return since
    }

    private static func isLong(_ since: Timestamp, _ page: ConversationPage) -> Bool {
        .microseconds(page.answeredAt.microseconds &- since.microseconds) >= believedAfter
    }

    var isEmpty: Bool { shown.isEmpty }

    /// Whether the server no longer has a message that is in the cache.
    func provesAbsence(of id: MessageID, at time: Timestamp) -> Bool {
        guard let absent, absent.contains(id.rawValue), !shown.contains(id) else { return false }
        return reachesBeginning || cutSecond.map { time.seconds > $0 } ?? true
    }

    /// The range in which the page may prove messages to be absent.
    var searched: ClosedRange<Int64>? { absent }
}

/// How the newer end of a page compares with what is known.
private struct PageEnd {
    let isTrusted: Bool
    /// Whether the page shows the requested range, even if of another time.
    let isAnswer: Bool
    /// Whether the list of contacts shows the same newest message as the page, or none for an empty page.
    let agrees: Bool
    /// Messages above this id may be newer than the page.
    let absentUpTo: Int64

    init(_ page: ConversationPage, _ known: PageProof.Known) {
        if let before = page.before {
            // A server that does not know the parameter answers with another page.
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

    /// Whether the list shows a message that is newer than the whole page.
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

    /// The lowest id that is newer than a whole second; nil when there is none or no second is given.
    fileprivate func floor(above second: Int64?) -> MessageID? {
        guard let second else { return nil }
        let cut = messages(upTo: second).max() ?? MessageID(0)
        return messages.filter { $0.createdAt.seconds > second && $0.id > cut }.map(\.id).min()
    }
}
