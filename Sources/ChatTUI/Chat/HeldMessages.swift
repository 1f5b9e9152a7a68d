import ChatClientCore
import ChatWire

/// Messages that were held back and that the person has not been asked about.
struct HeldMessages: Hashable, Sendable {
    private(set) var count: Int?
    /// True when some of them were written for another server, or one that has lost them.
    private var isOfFormerServer = false

    /// How long the keyboard must have been still before a question comes up by itself: a key that was meant for a
    /// message must not answer it.
    static let askingPause: Duration = .seconds(2)

    mutating func take(_ notice: ChatNotice) {
        switch notice {
        case .held(let count): add(count, isOfFormerServer: false)
        case .formerServer(_, let count) where count > 0: add(count, isOfFormerServer: true)
        case .goneFromServer(let count) where count > 0: add(count, isOfFormerServer: true)
        default: break
        }
    }

    private mutating func add(_ count: Int, isOfFormerServer: Bool) {
        self.count = (self.count ?? 0) + count
        if isOfFormerServer { self.isOfFormerServer = true }
    }

    /// Asks once for all of them; nil when the outbox holds none any more.
    mutating func ask(_ outbox: OutboxSummary) -> Question? {
        guard let count else { return nil }
        self.count = nil
        guard outbox.held > 0 else { return nil }
        defer { isOfFormerServer = false }
        let number = max(count, outbox.held)
        return Question(isOfFormerServer ? .heldFromFormerServer(number) : .held(number))
    }
}
