import ChatWire

/// What has come over one socket, or to one receiver of pushes, in the order in which it came.
struct Inbox: Sendable {
    struct Item: Hashable, Sendable {
        var name: String
        var payload: JSONValue

        var text: String { "\(name) \(Matcher.shortened(payload))" }
    }

    private(set) var items: [Item] = []
    /// How many of them expectations have dealt with.
    private(set) var mark = 0

    var unread: ArraySlice<Item> { items[mark...] }

    mutating func append(_ item: Item) { items.append(item) }

    mutating func read(upTo index: Int) { mark = max(mark, min(index, items.count)) }

    /// Takes items out that a step has waited for itself, so that nobody expects them.
    mutating func remove(where isTaken: (Item) -> Bool) {
        let rest = items[mark...].filter { !isTaken($0) }
        items = items[..<mark] + rest
    }
}
