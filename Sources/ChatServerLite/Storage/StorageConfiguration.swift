import Logging

/// What a commit promises.
public enum Durability: Equatable, Sendable {
    /// A confirmed commit survives a power loss.
    case full
    /// A confirmed commit survives a crash of the program. A power loss may lose the last commits.
    case normal
}

/// The settings of a storage.
package struct StorageConfiguration: Sendable {
    /// The path of the database.
    package let path: String
    package var durability = Durability.full
    /// The number of threads that read beside the writer's thread.
    package var readerCount = 2
    /// How many writes may wait.
    package var writeQueueLength = 100_000
    /// How many searches may wait.
    package var searchQueueLength = 64
    /// How often the storage checks that the database is still in its place.
    package var lookInterval = Duration.seconds(1)
    /// The file of the high-water mark, outside the database; nil for none.
    package var markPath: String?
    /// Whether new messages get ids above those that were lost when an older copy replaced the database.
    package var skipsLostNumbers = true
    /// Counts the commits.
    package var counters = StorageCounters()
    /// Logs a line when the database can't be written, and another when it can again.
    package var logger = Logger(label: "store") { _ in SwiftLogNoOpLogHandler() }

    package init(path: String) { self.path = path }
}

extension StorageConfiguration {
    package init(_ configuration: ServerConfiguration, counters: StorageCounters, logger: Logger) {
        self.init(path: configuration.databasePath)
        durability = configuration.durability
        readerCount = configuration.readerCount
        writeQueueLength = configuration.limits.writeQueueLength
        searchQueueLength = configuration.limits.searchQueueLength
        lookInterval = configuration.limits.databaseLookInterval
        markPath = configuration.highWaterMarkPath
        skipsLostNumbers = configuration.behaviour.rules.skipsLostNumbers
        self.counters = counters
        self.logger = logger
    }
}
