/// Why a database failed, in terms that every kind of storage shares.
public struct StorageFailure: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// The disk or a quota is full. There may be room again in a minute.
        case full
        /// Somebody else held a lock for too long.
        case busy
        /// The database was deleted, moved or replaced while in use.
        case gone
        /// The database is damaged.
        case corrupt
        /// The database can be read but not written.
        case readOnly
        /// Somebody else has written the same thing first. A second try may succeed.
        case conflict
        /// Anything else.
        case other
    }

    public let kind: Kind
    /// The database's own words, for the log. They contain no data of users.
    public let detail: String

    public init(_ kind: Kind, detail: String) {
        self.kind = kind
        self.detail = detail
    }
}

extension StorageFailure: CustomStringConvertible {
    public var description: String { detail }
}

/// Why a database cannot be opened.
public enum UnusableDatabase: Error, Equatable, Sendable {
    /// A newer version of the program wrote it.
    case newerSchema(found: Int, supported: Int)
    /// It can't be reached at all.
    case cannotOpen(reason: String)
    /// It was reached, and then failed.
    case failed(StorageFailure)
}
