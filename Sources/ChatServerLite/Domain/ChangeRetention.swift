/// How much of the log of changes is kept: what is older, and what is too much, goes.
public struct ChangeRetention: Equatable, Sendable {
    /// A client that was away for longer begins anew. Nil for no bound.
    public var age: Duration?
    /// At most about so many entries, of all users together.
    public var entries: Int64

    public init(age: Duration? = .seconds(90 * 24 * 3600), entries: Int64 = 10_000_000) {
        self.age = age
        self.entries = entries
    }

    /// How exactly the age is kept to: it is noted only so often how far the log is.
    package var markInterval: Duration { age.map { min($0 / 16, .seconds(3600)) } ?? .seconds(3600) }
}
