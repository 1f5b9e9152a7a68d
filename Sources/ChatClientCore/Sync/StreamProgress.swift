import ChatWire

/// Whether the stream of changes, as it is followed on one link, comes nearer to its end.
struct StreamProgress: Equatable, Sendable {
    /// The highest number of a change that was seen since the stream began.
    private var newest: Int64?
    /// Answers in a row that brought nothing new.
    private var idle = 0
    /// How often the server let the stream begin anew.
    private var resets = 0

    /// How long to wait before the stream is followed further: a server that says again and again that there is more,
    /// and brings nothing that was not seen, or lets the stream begin anew more than once, is asked with growing
    /// pauses. Nil for an answer that leads further.
    mutating func pause(after answer: SyncAnswer) -> Duration? {
        switch answer {
        case .reset:
            newest = nil
            resets += 1
            return resets == 1 ? nil : Self.pause(resets)
        case .changes(let changes, _, let hasMore, _):
            let last = changes.map(\.sequence).max()
            let isNew = last.map { $0 > newest ?? .min } ?? false
            newest = last.map { max($0, newest ?? $0) } ?? newest
            idle = isNew || !hasMore ? 0 : idle + 1
            return idle == 0 ? nil : Self.pause(idle)
        }
    }

    private static func pause(_ count: Int) -> Duration { .seconds(1 << min(count, 6)) }
}
