import ChatSQLite

/// How a store keeps its database.
struct StoreConfiguration: Sendable {
    let path: String
    /// What a commit promises.
    var durability = Database.Durability.full
    /// How many threads read beside the one that writes.
    var readerCount = 2
    /// How many writes may wait.
    var writeQueueLength = 100_000
}
