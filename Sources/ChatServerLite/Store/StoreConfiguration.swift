import ChatSQLite
import Logging

/// How a store keeps its database.
struct StoreConfiguration: Sendable {
    let path: String
    /// What a commit promises.
    var durability = Database.Durability.full
    /// How many threads read beside the one that writes.
    var readerCount = 2
    /// How many writes may wait.
    var writeQueueLength = 100_000
    /// How many searches may wait.
    var searchQueueLength = 64
    /// How often it is looked whether the database is still where it was.
    var lookInterval = Duration.seconds(1)
    /// The file outside of the database that says how far it has come; nil for none.
    var markPath: String?
    /// Whether messages are numbered behind those that are lost when an older copy was put in the database's place.
    var skipsLostNumbers = true
    /// Is told when the database cannot be written, and when it can again.
    var logger = Logger(label: "store") { _ in SwiftLogNoOpLogHandler() }
}

extension StoreConfiguration {
    init(_ configuration: ServerConfiguration, logger: Logger) {
        self.init(
            path: configuration.databasePath, durability: configuration.durability,
            readerCount: configuration.readerCount, writeQueueLength: configuration.limits.writeQueueLength,
            searchQueueLength: configuration.limits.searchQueueLength,
            lookInterval: configuration.limits.databaseLookInterval,
            markPath: configuration.highWaterMarkPath,
            skipsLostNumbers: configuration.behaviour.rules == .extended, logger: logger)
    }
}
