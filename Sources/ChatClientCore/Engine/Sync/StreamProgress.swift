import ChatWire

/// Whether the stream of changes on one link makes progress towards its end.
struct StreamProgress: Equatable, Sendable {
    /// The highest change number since the stream began.
    private var newest: Int64?
    /// How many consecutive answers brought nothing new.
    private var idle = 0
    /// How often the server made the stream start over.
    private var resets = 0
    /// The stream brings all changes from the first one on, and has not ended yet.
    private(set) var isFirst = false

    /// The changes since the cursor are requested; from the beginning when it is nil.
    mutating func requested(from cursor: String?) {
        if cursor == nil { isFirst = true }
    }

    /// The stream has brought everything up to now.
    mutating func ended() { isFirst = false }

    /// How long to wait before the next request for changes. The client backs off from a server that repeatedly
    /// announces more but brings nothing new, or that makes the stream start over more than once. Nil for an answer
    /// that makes progress.
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
