import Glibc

/// What to wait for on a descriptor, and what is ready.
public struct IOInterest: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public static let readable = IOInterest(rawValue: 1)
    public static let writable = IOInterest(rawValue: 2)

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The answer of poll(2). Errors and hang-ups count as everything that was requested: the next read or write will
    /// tell.
    init(pollEvents events: Int16, asked: IOInterest) {
        let failed = events & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
        var ready: IOInterest = failed ? asked : []
        if events & Int16(POLLIN) != 0 { ready.insert(.readable) }
        if events & Int16(POLLOUT) != 0 { ready.insert(.writable) }
        self = ready
    }

    var pollEvents: Int16 {
        (contains(.readable) ? Int16(POLLIN) : 0) | (contains(.writable) ? Int16(POLLOUT) : 0)
    }
}
