import ChatWire

/// Creates an account.
struct RegisterUser: StoreCommand {
    let name: String
    let email: String
    let passwordHash: String

    /// - Throws: `emailTaken`.
    func apply(in transaction: any StorageTransaction) throws -> User {
        let user = try transaction.insertUser(
            name: name, email: email, passwordHash: passwordHash, at: transaction.now)
        guard let user else { throw Refusal.emailTaken }
        return user
    }
}
