import ChatSQLite
import ChatWire

/// Creates an account.
struct RegisterUser: StoreCommand {
    let name: String
    let email: String
    let passwordHash: String

    typealias Outcome = User

    func apply(in context: WriteContext) throws(StoreError) -> User {
        let user = try storing { () throws(SQLiteError) in
            try context.tables.insertUser(
                name: name, email: email, passwordHash: passwordHash, at: context.now)
        }
        guard let user else { throw .refused(.emailTaken) }
        return user
    }
}
