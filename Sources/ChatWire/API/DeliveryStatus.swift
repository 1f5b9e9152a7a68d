/// How far a message has come. It only rises.
public enum DeliveryStatus: Int, Hashable, Comparable, Sendable, CaseIterable {
    /// The server has it.
    case sent
    /// The receiver's client has it.
    case delivered
    /// The receiver has seen it.
    case read

    /// The word on the wire.
    public var name: String {
        switch self {
        case .sent: "sent"
        case .delivered: "delivered"
        case .read: "read"
        }
    }

    /// The status for a word on the wire, or nil for an unknown one.
    public init?(name: String) {
        guard let status = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = status
    }

    /// Whether `left` comes before `right` in the life of a message.
    public static func < (left: DeliveryStatus, right: DeliveryStatus) -> Bool {
        left.rawValue < right.rawValue
    }
}
