/// A user's number, assigned by the server.
public struct UserID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int64

    /// The id of this number, which is not checked.
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: UserID, right: UserID) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}

/// A message's number, assigned by the server; a later message has a higher one.
public struct MessageID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int64

    /// The id of this number, which is not checked.
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: MessageID, right: MessageID) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}

/// A session's number: a random one, assigned by the server at sign-in. JavaScript can hold it exactly.
public struct SessionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int64

    /// The id of this number, which is not checked.
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: SessionID, right: SessionID) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}

/// The number of an entry in a person's list of contacts. It is not the contact's `UserID`.
public struct ContactID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int64

    /// The id of this number, which is not checked.
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: ContactID, right: ContactID) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}
