/// A command on its way: submitted, carried out by the storage, and completed where its outcome is wanted.
///
/// One object instead of a closure for each step, since every message takes this way.
package class StoreJob: @unchecked Sendable {
    // One thread at a time has it: it is handed on through the writer's queue and through an event loop.

    /// Carries the command out. An error fails the transaction as a whole; a refusal is no error here.
    package func run(in transaction: any StorageTransaction) throws { preconditionFailure("of a subclass") }

    /// The command was not carried out, or its transaction has failed.
    package func fail(_ error: StoreError) { preconditionFailure("of a subclass") }

    /// Hands the outcome out.
    package func complete() { preconditionFailure("of a subclass") }
}

/// The job of one kind of command.
final class CommandJob<Command: StoreCommand>: StoreJob, @unchecked Sendable {
    // As its superclass: the result is written before the job is handed on to where it is read.
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
