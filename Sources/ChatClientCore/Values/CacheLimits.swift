/// What a cache keeps; nothing is ever too old or too much without it.
///
/// The newest messages of each conversation, unread ones and unsent ones stay whatever the limits are. What
/// goes leaves a gap, which a server that gives older pages can fill again.
public struct CacheLimits: Hashable, Sendable {
    /// Messages older than this go.
    public var keep: Duration?
    /// While the cache holds more bytes than this, the oldest messages go.
    public var bytesMax: Int64?

    /// Limits; nil limits nothing.
    public init(keep: Duration? = nil, bytesMax: Int64? = nil) {
        self.keep = keep
        self.bytesMax = bytesMax
    }

    var isNone: Bool { keep == nil && bytesMax == nil }
}
