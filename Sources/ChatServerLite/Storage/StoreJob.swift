import ChatWire

/// A command on its way: submitted, carried out by the storage, and completed where its outcome is wanted.
///
/// It is one object instead of a closure for each step, because every message takes this path.
package class StoreJob: @unchecked Sendable {
    // Only one thread at a time has it. It is handed over through the writer's queue and through an event
    // loop.

    /// Carries the command out. An error fails the whole transaction. A refusal does not: it is an outcome.
    package func run(in transaction: any StorageTransaction) throws { preconditionFailure("of a subclass") }

    /// Sets the outcome of a command that was not carried out, or whose transaction failed.
    package func fail(_ error: StoreError) { preconditionFailure("of a subclass") }

    /// Passes the outcome on.
    package func complete() { preconditionFailure("of a subclass") }
}

/// The job of one kind of command.
final class CommandJob<Command: StoreCommand>: StoreJob, @unchecked Sendable {
    // As in the superclass: the result is written before the job is handed over to the thread that reads it.
    private let command: Command
    private let completion: @Sendable (Result<Command.Outcome, StoreError>) -> Void
    private var result: Result<Command.Outcome, StoreError> = .failure(.closed)

    init(_ command: Command, completion: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> Void) {
        self.command = command
        self.completion = completion
    }

    override func run(in transaction: any StorageTransaction) throws {
        do {
            result = .success(try command.apply(in: transaction))
        } catch let refusal as Refusal {
            result = .failure(.refused(refusal))
        }
    }

    override func fail(_ error: StoreError) { result = .failure(error) }

    override func complete() { completion(result) }
}
