import ChatWire

/// Stores an invitation, and forgets those that have expired.
package struct CreateInvitation: StoreCommand {
    package let invitation: Invitation

    package init(_ invitation: Invitation) { self.invitation = invitation }

    package func apply(in transaction: any StorageTransaction) throws {
        try transaction.deleteInvitations(expiredAt: transaction.now)
        try transaction.insertInvitation(invitation)
    }
}

/// Takes an invitation back.
package struct RevokeInvitation: StoreCommand {
    package let codeHash: [UInt8]

    package init(codeHash: [UInt8]) { self.codeHash = codeHash }

    /// - Returns: whether there was such an invitation.
    package func apply(in transaction: any StorageTransaction) throws -> Bool {
        try transaction.deleteInvitation(codeHash)
    }
}
