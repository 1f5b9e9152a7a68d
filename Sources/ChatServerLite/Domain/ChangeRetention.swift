/// How much of the change log is kept. Entries beyond either bound are pruned.
public struct ChangeRetention: Equatable, Sendable {
    /// The age of the oldest entry kept; nil for no bound. A client that was away for longer starts over.
    public var age: Duration?
    /// The approximate maximum number of entries, over all users.
    public var entries: Int64

    public init(age: Duration? = .seconds(90 * 24 * 3600), entries: Int64 = 10_000_000) {
        self.age = age
        self.entries = entries
    }

    /// How often the position of the log is recorded: a sixteenth of the age, at most an hour. This is also
    /// the precision of the age.
    package var markInterval: Duration { age.map { min($0 / 16, .seconds(3600)) } ?? .seconds(3600) }
}
