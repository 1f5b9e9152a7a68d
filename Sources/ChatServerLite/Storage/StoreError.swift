import ChatWire

/// Why the storage did not carry out a request. Nothing of the request was written.
package enum StoreError: Error, Equatable, Sendable {
    /// The rules forbid it.
    case refused(Refusal)
    /// The database failed.
    case storage(StorageFailure)
    /// This user, or all users together, search for too much at a time.
    case tooManyQuestions
    /// Too many writes are waiting.
    case overloaded
    /// The server is stopping.
    case closed
}

extension StoreError {
    /// The kind of the database's failure; nil when the database did not fail.
    package var failure: StorageFailure.Kind? {
        if case .storage(let failure) = self { return failure.kind }
        return nil
    }
}
