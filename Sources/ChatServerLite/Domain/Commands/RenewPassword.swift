import ChatWire

/// Replaces the hash of an unchanged password by one of another cost. Does nothing if the hash has changed
/// meanwhile.
struct RenewPassword: StoreCommand {
    let user: UserID
    let hash: String
    let old: String

    func apply(in transaction: any StorageTransaction) throws {
        try transaction.setPasswordHash(hash, of: user, insteadOf: old)
    }
}
