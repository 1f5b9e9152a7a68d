import ChatWire

/// What one socket or one push receiver has received, in order of arrival.
struct Inbox: Sendable {
    struct Item: Hashable, Sendable {
        var name: String
        var payload: JSONValue

        var text: String { "\(name) \(Matcher.shortened(payload))" }
    }

    private(set) var items: [Item] = []
    /// How many of the items earlier expectations have consumed.
    private(set) var mark = 0

    var unread: ArraySlice<Item> { items[mark...] }

    mutating func append(_ item: Item) { items.append(item) }

    mutating func read(upTo index: Int) { mark = max(mark, min(index, items.count)) }

    /// Removes the items that a step has waited for itself, so that no later step expects them.
    mutating func remove(where isTaken: (Item) -> Bool) {
        let rest = items[mark...].filter { !isTaken($0) }
        items = items[..<mark] + rest
    }
}
