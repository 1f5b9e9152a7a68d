import ChatClientCore
import ChatWire

/// The open conversation of plain mode: what has been printed of it, and what is known around that.
struct PlainConversation: Hashable, Sendable {
    private(set) var window: MessageWindow
    /// The first message that was unread when the conversation was opened.
    var unreadBegins: RowID?

    /// How many messages are printed at once.
    static let pageRows = 10
    private static let loadedRows = 80

    init(loading peer: UserID) { window = MessageWindow(loading: peer) }

    var peer: UserID { window.peer }

    static func load(_ peer: UserID) -> Effect { .loadTimeline(peer, limit: loadedRows, withDraft: false) }

    /// Sends a text; nil for one that is too long.
    func send(_ text: String) -> Effect? {
        text.unicodeScalars.count <= ChatModel.messageLengthMax ? .send(text, to: peer) : nil
    }

    /// Loads the newest rows anew.
    mutating func reload() -> [Effect] { window.requestLoad() ? [Self.load(peer)] : [] }

    /// Takes the newest rows: prints a page of them first, and later what is new.
    mutating func take(_ timeline: Timeline, _ wording: PlainWording) -> PlainOutput {
        let isStale = window.finishLoad()
        var output = PlainOutput(
            lines: window.isLoaded ? news(in: timeline, wording) : begin(timeline, wording))
        if isStale { output.effects.append(Self.load(peer)) }
        if timeline.unread > 0 { output.effects.append(.markRead(peer)) }
        return output
    }

    private mutating func begin(_ timeline: Timeline, _ wording: PlainWording) -> [String] {
        window.take(timeline, hasNewer: false)
        window.keepNewest(max(Self.pageRows, min(timeline.unread, Self.loadedRows)))
        unreadBegins = timeline.unread > 0 ? timeline.firstUnread : nil
        var lines = [wording.heading(peer)]
        if window.hasOlder || window.mayFetchOlder { lines.append(wording.strings.plainOlder) }
        if window.rows.isEmpty { lines.append(wording.strings.plainNoMessages) }
        return lines
            + wording.lines(for: window.rows, firstUnread: timeline.firstUnread, unread: timeline.unread)
    }

    /// What is new, and what has become of the messages that were printed.
    private mutating func news(in timeline: Timeline, _ wording: PlainWording) -> [String] {
        let last = window.rows.last
        return window.follow(timeline).flatMap { change in
            switch change {
            case .moved(let row): return wording.state(of: row)
            case .added(let row):
                // What was typed here stands there already, as the terminal's own echo.
                return row.isMine && row.tempID != nil
                    ? wording.state(of: row) : wording.lines(for: [row], after: last)
            }
        }
    }

    // MARK: Older messages

    /// How older messages can be had.
    enum OlderSource: Hashable, Sendable {
        case cache(Effect)
        case server(Effect)
        /// The server may have some, and there is no link.
        case unreachable
        case none
    }

    func olderSource(_ link: LinkState) -> OlderSource {
        if let load = loadOlder, window.hasOlder { return .cache(load) }
        guard window.mayFetchOlder else { return .none }
        return link == .online ? .server(.fetchOlder(peer)) : .unreachable
    }

    private var loadOlder: Effect? {
        window.rows.first.map { .loadWindow(peer, .before($0.position), limit: Self.pageRows) }
    }

    /// Takes older rows from the cache.
    mutating func takeOlder(_ timeline: Timeline?, _ wording: PlainWording) -> [String] {
        guard let timeline else { return [] }
        window.prepend(timeline)
        let isBeginning = !window.hasOlder && !window.mayFetchOlder
        return (isBeginning ? [wording.strings.plainBeginning] : []) + wording.lines(for: timeline.rows)
    }

    /// Takes note of what the server had; nil when there is nothing to load from the cache.
    mutating func olderFetched(_ foundMore: Bool) -> Effect? {
        guard foundMore, let loadOlder else {
            window.olderFetched(false)
            return nil
        }
        return loadOlder
    }
}
