/// The limits of a cache. Without limits it keeps everything.
///
/// The newest messages of each conversation, unread messages and unsent messages stay whatever the limits are.
/// Removed messages leave a gap, which can be filled again if the server offers older pages.
public struct CacheLimits: Hashable, Sendable {
    /// Older messages are removed.
    public var keep: Duration?
    /// While the cache holds more bytes than this, the oldest messages are removed.
    public var bytesMax: Int64?

    /// Limits; nil means no limit.
    public init(keep: Duration? = nil, bytesMax: Int64? = nil) {
        self.keep = keep
        self.bytesMax = bytesMax
    }

    var isNone: Bool { keep == nil && bytesMax == nil }
}
