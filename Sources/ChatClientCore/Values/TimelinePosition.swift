/// A place in the order of one conversation: sent messages in the server's order, unsent ones after them.
public struct TimelinePosition: Hashable, Comparable, Sendable {
    /// Server ids as they are; unsent rows above every possible server id.
    let rawValue: Int64

    init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The first position of unsent rows. Server ids beyond it are refused at the door.
    static let firstUnsent: Int64 = 1 << 62

    /// What stands above is smaller.
    public static func < (one: TimelinePosition, other: TimelinePosition) -> Bool {
        one.rawValue < other.rawValue
    }
}
