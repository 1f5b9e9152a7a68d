import ChatWire

/// Creates an account.
struct RegisterUser: StoreCommand {
    let name: String
    let email: String
    let passwordHash: String
    /// The hash of the invitation that the account uses up; nil for none.
    var invitation: [UInt8]?

    /// - Throws: `emailTaken`; `invitationInvalid` when the invitation is unknown, used up or expired.
    func apply(in transaction: any StorageTransaction) throws -> User {
        if let invitation {
            let found = try transaction.invitation(invitation)
            guard let found, found.usesLeft > 0, found.expiresAt > transaction.now else {
                throw Refusal.invitationInvalid
            }
        }
        let user = try transaction.insertUser(
            name: name, email: email, passwordHash: passwordHash, at: transaction.now)
        guard let user else { throw Refusal.emailTaken }
        if let invitation { try transaction.useInvitation(invitation) }
        return user
    }
}
