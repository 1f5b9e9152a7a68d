import ChatSQLite
import ChatWire

/// Deletes a message for both sides.
struct DeleteMessage: StoreCommand {
    let message: MessageID
    let user: UserID

    /// The other user.
    typealias Outcome = UserID

    func apply(in context: WriteContext) throws(StoreError) -> UserID {
        let found = try storing { () throws(SQLiteError) in try context.tables.message(message) }
        guard let found else { throw .refused(.messageUnknown) }
        guard found.senderID == user else { throw .refused(.messageNotDeletable) }
        try storing { () throws(SQLiteError) in
            try context.tables.deleteMessage(message)
            try context.log(
                .messageDeleted, subject: message.rawValue, between: user, and: found.receiverID,
                at: context.now)
        }
        return found.receiverID
    }
}
