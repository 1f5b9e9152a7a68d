/// What must arrive, or must not arrive, over a socket or at a push receiver.
public struct Expectation: Hashable, Sendable {
    /// An event: its name, and the pattern for its payload.
    public struct Item: Hashable, Sendable {
        public var name: String
        public var pattern: Pattern?
        public var position: SourcePosition
    }

    public enum Kind: Hashable, Sendable {
        /// These in this order; other events may arrive between them.
        case inOrder([Item])
        /// These in any order; other events may arrive between them.
        case anyOrder([Item])
        /// These in this order, with no other event before or between them.
        case exactly([Item])
        /// Not this one before the other. When the other is nil: not before the server has answered a question.
        case absence(of: Item, before: Item?)
        /// Nothing before the server has answered a question.
        case nothing
    }

    public var kind: Kind
    public var duration: Duration?

    /// The name of pushes in the inbox.
    public static let push = "push"

    /// The events of a push receiver: a push, a rejected push, and a push that it answered as told.
    private static let receiverNames: Set = [push, "rejected", "answered"]

    /// Whether the expectation concerns pushes; all others concern sockets.
    var isAboutPushes: Bool {
        switch kind {
        case .inOrder(let items), .anyOrder(let items), .exactly(let items):
            items.contains { Self.receiverNames.contains($0.name) }
        case .absence(let item, _): Self.receiverNames.contains(item.name)
        case .nothing: false
        }
    }
}
