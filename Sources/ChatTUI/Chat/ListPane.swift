import ChatClientCore
import ChatWire

/// Where the person is in the list of conversations.
struct ListPane: Hashable, Sendable {
    /// The line that the cursor is on.
    var cursor: UserID?
    /// The first line in view, where the wheel has moved it; nil follows the cursor.
    var scroll: Int?

    mutating func move(by delta: Int, in conversations: [Conversation]) {
        guard !conversations.isEmpty else { return }
        let index = conversations.firstIndex { $0.peer == cursor } ?? 0
        cursor = conversations[min(max(0, index + delta), conversations.count - 1)].peer
    }

    /// Keeps the cursor on a line that exists.
    mutating func take(_ conversations: [Conversation], open: UserID?) {
        if let cursor, !conversations.contains(where: { $0.peer == cursor }) { self.cursor = nil }
        if cursor == nil { cursor = open ?? conversations.first?.peer }
    }
}

/// Texts that were sent to each person, the newest last, for Up in the composer. Of texts that begin with a slash,
/// messages have two.
struct SentTexts: Hashable, Sendable {
    private var texts: [UserID: [String]] = [:]

    private static let countMax = 100

    subscript(peer: UserID) -> [String] { texts[peer] ?? [] }

    mutating func add(_ text: String, to peer: UserID) {
        guard texts[peer]?.last != text else { return }
        texts[peer, default: []].append(text)
        if texts[peer, default: []].count > Self.countMax { texts[peer]?.removeFirst() }
    }
}
