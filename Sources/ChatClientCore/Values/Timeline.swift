import ChatWire

/// A page of one conversation, read from the cache.
public struct Timeline: Hashable, Sendable {
    /// The other person.
    public let peer: UserID
    /// Oldest first.
    public let rows: [TimelineRow]
    /// True when the cache holds rows older than ``rows``.
    public let hasOlder: Bool
    /// True when the cache holds rows newer than ``rows``.
    public let hasNewer: Bool
    /// True when the server may hold messages older than the whole cache.
    /// ``ConversationHistory/fetchOlder(with:)`` requests them.
    public let mayFetchOlder: Bool
    /// How many messages of the other person the account has not seen.
    public let unread: Int
    /// The first unread message in the cache, whether or not it is in ``rows``.
    public let firstUnread: RowID?

    /// Makes a page. Programs receive pages from ``ChatClient``; tests make them.
    public init(
        peer: UserID, rows: [TimelineRow], hasOlder: Bool, hasNewer: Bool = false,
        mayFetchOlder: Bool = false, unread: Int = 0, firstUnread: RowID? = nil
    ) {
        self.peer = peer
        self.rows = rows
        self.hasOlder = hasOlder
        self.hasNewer = hasNewer
        self.mayFetchOlder = mayFetchOlder
        self.unread = unread
        self.firstUnread = firstUnread
    }
}
