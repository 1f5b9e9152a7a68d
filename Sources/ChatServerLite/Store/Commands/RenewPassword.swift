import ChatSQLite
import ChatWire

/// Keeps the same password under a hash of another cost, unless it was changed meanwhile.
struct RenewPassword: StoreCommand {
    let user: UserID
    let hash: String
    let old: String

    func apply(in context: WriteContext) throws(StoreError) {
        try storing { () throws(SQLiteError) in
            try context.tables.setPasswordHash(hash, of: user, insteadOf: old)
        }
    }
}
