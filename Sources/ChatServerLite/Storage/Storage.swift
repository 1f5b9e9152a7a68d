import ChatWire

/// Stores accounts, messages and the change log.
///
/// A ``StorageProvider`` opens it. Its failures are neutral: callers see a ``StoreError``, whatever the
/// database is.
package protocol Storage: AnyObject, Sendable {
    /// Identifies the database. The number stays the same as long as nothing that was confirmed is lost.
    var epoch: Int64 { get }
    /// Whether the database was deleted, moved or replaced, as far as the storage has noticed.
    var isGone: Bool { get }
    /// How many jobs wait for their commit.
    var waitingWrites: Int { get }
    /// The highest cost of all password hashes when the storage was opened.
    var highestPasswordCost: Int { get }

    /// Runs a read on one unchanging view of the committed data.
    func read<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer

    /// Runs a read that finds its rows by key. It never waits for a longer read.
    func lookUp<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer

    /// Runs a read that may look at many rows, in a queue that is fair to all users.
    ///
    /// - Throws: `tooManyQuestions` when this user, or all users together, search for too much at a time.
    func search<Answer: Sendable>(
        for user: UserID, _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer

    /// Queues a job. It never blocks. The job goes to the storage's `deliver` after its commit. When too many
    /// jobs are waiting, it goes there at once, failed with `overloaded`.
    func submit(_ job: StoreJob)

    /// Commits everything that is queued, then closes. Later reads and jobs fail with `closed`, and a second close does
    /// nothing.
    func close() async
}

extension Storage {
    /// Queues a command. `completion` gets the outcome after the commit.
    package func submit<Command: StoreCommand>(
        _ command: Command,
        completion: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> Void
    ) {
        submit(CommandJob(command, completion: completion))
    }
}

/// Opens one kind of storage. The program that starts the server chooses the kind.
package protocol StorageProvider: Sendable {
    /// Opens or creates the database. It blocks, so it must be called before the server listens.
    ///
    /// - Parameter deliver: gets the jobs of each commit, in the order of the commits, on the storage's own
    ///   thread. It must ensure that each job is completed.
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
