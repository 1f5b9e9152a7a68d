/// What has to come, or must not come, over a socket or to a receiver of pushes.
public struct Expectation: Hashable, Sendable {
    /// An event: its name, and what its payload has to be.
    public struct Item: Hashable, Sendable {
        public var name: String
        public var pattern: Pattern?
        public var position: SourcePosition
    }

    public enum Kind: Hashable, Sendable {
        /// These in this order; others may come between them.
        case inOrder([Item])
        /// These in any order; others may come between them.
        case anyOrder([Item])
        /// These in this order and nothing else before or between them.
        case exactly([Item])
        /// Not this one until the other has come; nil: until the server has answered a question.
        case absence(of: Item, before: Item?)
        /// Nothing until the server has answered a question.
        case nothing
    }

    public var kind: Kind
    public var duration: Duration?

    /// The name under which pushes are kept.
    public static let push = "push"

    /// What a receiver of pushes tells: a push, one that it turned away, one that it answered as told.
    private static let receiverNames: Set = [push, "rejected", "answered"]

    /// Whether it is about pushes; sockets have the rest.
    var isAboutPushes: Bool {
        switch kind {
        case .inOrder(let items), .anyOrder(let items), .exactly(let items):
            items.contains { Self.receiverNames.contains($0.name) }
        case .absence(let item, _): Self.receiverNames.contains(item.name)
        case .nothing: false
        }
    }
}
