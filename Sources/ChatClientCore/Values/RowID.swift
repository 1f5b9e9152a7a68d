/// The local identity of a message row: it stays the same from the moment it is entered until it is read.
///
/// It means nothing to the server or in another cache.
public struct RowID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number that the cache gave the row.
    public let rawValue: Int64

    /// The row of this number.
    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Rows that came into the cache earlier are smaller; this is not the order of a conversation.
    public static func < (one: RowID, other: RowID) -> Bool { one.rawValue < other.rawValue }

    /// The number.
    public var description: String { String(rawValue) }
}
