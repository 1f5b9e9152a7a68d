import ChatWire

/// Prunes one piece of the change log.
struct PruneChanges: StoreCommand {
    let retention: ChangeRetention
    /// The user to continue with; nil for the first piece.
    var position: UserID?

    /// - Returns: the user to continue with; nil when everything is done.
    func apply(in transaction: any StorageTransaction) throws -> UserID? {
        try transaction.pruneChanges(retention, from: position)
    }
}
