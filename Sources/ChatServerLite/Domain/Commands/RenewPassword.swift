import ChatWire

/// Keeps the same password under a hash of another cost, unless it was changed meanwhile.
struct RenewPassword: StoreCommand {
    let user: UserID
    let hash: String
    let old: String

    func apply(in transaction: any StorageTransaction) throws {
        try transaction.setPasswordHash(hash, of: user, insteadOf: old)
    }
}
