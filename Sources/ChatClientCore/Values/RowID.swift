/// The local identity of a message row: the same from the moment it is entered to the moment it is read.
///
/// It means nothing to the server and nothing in another cache.
public struct RowID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int64

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    public static func < (one: RowID, other: RowID) -> Bool { one.rawValue < other.rawValue }

    public var description: String { String(rawValue) }
}
