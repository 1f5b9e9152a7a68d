import ChatWire

/// Where accounts, messages, and the change log are kept.
///
/// A storage is opened by its ``StorageProvider``. Its failures are neutral: whoever asks sees a ``StoreError``,
/// whatever database answers.
package protocol Storage: AnyObject, Sendable {
    /// Which database this is. The number stays the same as long as nothing that was confirmed is lost.
    var epoch: Int64 { get }
    /// Whether the database was taken away from the server, as far as the storage has noticed.
    var isGone: Bool { get }
    /// The highest cost of a password hash when the storage was opened.
    var highestPasswordCost: Int { get }

    /// Reads from one unchanging view of what is committed.
    func read<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer

    /// Reads what a key finds at once. Such a read never waits for a longer one.
    func lookUp<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer

    /// Runs a read that may look at many rows, in a queue that is fair to all users.
    ///
    /// - Throws: `tooManyQuestions` when this user, or all users together, ask for too much at a time.
    func search<Answer: Sendable>(
        for user: UserID, _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer

    /// Queues a job. It never blocks. The job goes to the storage's `deliver` after its commit; when too many
    /// jobs wait already, it goes there at once, failed with `overloaded`.
    func submit(_ job: StoreJob)

    /// Commits everything that is queued, then closes.
    func close() async
}

extension Storage {
    /// Queues a command; `completion` is called with its outcome after the commit.
    package func submit<Command: StoreCommand>(
        _ command: Command,
        completion: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> Void
    ) {
        submit(CommandJob(command, completion: completion))
    }
}

/// Opens one kind of storage. Which one a server uses is chosen where the server is started.
package protocol StorageProvider: Sendable {
    /// Opens or creates the database. Blocks; called before the server listens.
    ///
    /// - Parameter deliver: receives the jobs of each commit, in the order of the commits, on the storage's own
    ///   thread. It must see that each is completed.
    func open(
        _ configuration: StorageConfiguration, deliver: @escaping @Sendable ([StoreJob]) -> Void
    ) throws(ServerStartError) -> any Storage

    /// Carries out one command on a database that no server uses, and closes the database. Blocks.
    ///
    /// - Throws: `databaseInUse` when a server uses it.
    func perform<Command: StoreCommand>(
        _ command: Command, in configuration: StorageConfiguration
    ) throws(ServerStartError) -> Command.Outcome
}
