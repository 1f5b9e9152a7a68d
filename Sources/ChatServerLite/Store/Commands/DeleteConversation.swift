import ChatSQLite
import ChatWire

/// Deletes all messages between two users, for both.
struct DeleteConversation: StoreCommand {
    let user: UserID
    let contact: UserID

    /// How many messages there were.
    typealias Outcome = Int

    func apply(in context: WriteContext) throws(StoreError) -> Int {
        let name = try storing { () throws(SQLiteError) in try context.name(of: contact) }
        guard name != nil else { throw .refused(.contactUnknown) }
        return try storing { () throws(SQLiteError) in
            let pair = UserPair(user, contact)
            guard let newest = try context.tables.newestMessage(of: pair) else { return 0 }
            let count = try context.tables.deleteConversation(pair)
            try context.log(
                .conversationDeleted, subject: user.rawValue, between: user, and: contact, upTo: newest,
                at: context.now)
            return count
        }
    }
}
