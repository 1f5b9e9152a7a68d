import ChatWire
import TestSupport

/// Reads that go wrong without an error: a server, or a cache on the way to it, still answers with 200.
struct ReadFaults {
    enum Kind: CaseIterable {
        /// Only the newest messages of a page.
        case short
        /// Elements that are not messages.
        case holes
    }

    /// Each read fails and looks like an empty answer, as when the server's database is locked.
    var areAll = false
    /// The fault of the next page.
    var next: Kind?
    /// The ends of the short pages of each conversation. Another page that ended there would prove something
    /// false, which two independent answers do not do.
    private var ends: [UserID: Set<MessageID>] = [:]
    private var generator = SeededGenerator(seed: 4711)

    /// A page of a conversation, newest first, as it reaches the program.
    mutating func distort(_ page: [Message], with peer: UserID) -> (messages: [Message], leftOut: Int) {
        defer { next = nil }
        switch next {
        case nil: return (page, 0)
        case .short:
            guard page.count > 1 else { return (page, 0) }
            let ordered = page.sorted { $0.id > $1.id }
            let kept = Array(ordered.prefix(Int.random(in: 1..<page.count, using: &generator)))
            guard let end = kept.last?.id, ends[peer, default: []].insert(end).inserted else {
                return (page, 0)
            }
            return (kept, 0)
        case .holes:
            let kept = page.filter { _ in Int.random(in: 0..<3, using: &generator) > 0 }
            return (kept, page.count - kept.count)
        }
    }

    /// The newest messages from a server that orders only by whole seconds: those of one second come in random order,
    /// different each time.
    mutating func loosely(_ messages: [Message], limit: Int) -> [Message] {
        var keyed: [(second: Int64, key: UInt64, message: Message)] = []
        for message in messages { keyed.append((message.createdAt.seconds, generator.next(), message)) }
        keyed.sort { ($0.second, $0.key) > ($1.second, $1.key) }
        return keyed.prefix(limit).map(\.message)
    }
}
