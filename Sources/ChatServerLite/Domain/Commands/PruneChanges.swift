import ChatWire

/// Removes one piece of what is not kept of the change log.
struct PruneChanges: StoreCommand {
    let retention: ChangeRetention
    /// Where to continue; nil for the first piece.
    var position: UserID?

    func apply(in transaction: any StorageTransaction) throws -> UserID? {
        try transaction.pruneChanges(retention, from: position)
    }
}
