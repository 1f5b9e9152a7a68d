import ChatSQLite
import ChatWire
import Logging

/// When the search index is extended by the messages that have come. Only the program with the link does it: others
/// would only be in its way.
struct IndexingSchedule: Equatable, Sendable {
    private var due: MonotonicInstant?
    /// The changes of the cache that the index has taken in; nil when another program may have changed more.
    private var indexedChanges: Int64?

    /// Messages are in the index this long after they came, together with those that came in the meantime.
    private static let delay = Duration.seconds(1)
    /// Between two steps others have their turn.
    private static let pause = Duration.milliseconds(50)
    /// After a failure of the disk.
    private static let retryDelay = Duration.seconds(60)
    /// Messages in one step: some 10 ms.
    static let step = 500

    var deadline: MonotonicInstant? { due }

    /// Another program has committed.
    mutating func cacheChangedElsewhere() { indexedChanges = nil }

    /// Plans a step when the cache may hold messages that the index lacks.
    mutating func plan(at now: MonotonicInstant, isHolder: Bool, _ store: ChatStore) {
        guard isHolder, due == nil, store.database.totalChanges != indexedChanges else { return }
        due = now + Self.delay
    }

    mutating func tick(at now: MonotonicInstant, isHolder: Bool, _ store: ChatStore, _ logger: Logger) {
        guard let due, due <= now else { return }
        do throws(SQLiteError) {
            let goesOn = isHolder ? try Self.extend(store) : false
            indexedChanges = store.database.totalChanges
            self.due = goesOn ? now + Self.pause : nil
        } catch {
            logger.error("the search index was not extended", metadata: ["error": "\(error)"])
            self.due = now + Self.retryDelay
        }
    }

    /// One step; true when there may be more to do.
    private static func extend(_ store: ChatStore) throws(SQLiteError) -> Bool {
        do throws(SQLiteError) {
            return try store.searchIndex.extend(limit: step)
        } catch .corrupt {
            try store.searchIndex.reset()
            return true
        }
    }
}
