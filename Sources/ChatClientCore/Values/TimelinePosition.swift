/// A position in the order of one conversation: sent messages in the server's order, unsent ones after them.
public struct TimelinePosition: Hashable, Comparable, Sendable {
    /// The server's id itself; unsent rows are above every possible server id.
    let rawValue: Int64

    init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The first position of unsent rows. Larger server ids are rejected on arrival.
    static let firstUnsent: Int64 = 1 << 62

    /// A position further up is smaller.
    public static func < (one: TimelinePosition, other: TimelinePosition) -> Bool {
        one.rawValue < other.rawValue
    }
}
