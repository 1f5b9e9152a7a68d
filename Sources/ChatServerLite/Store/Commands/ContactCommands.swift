import ChatSQLite
import ChatWire

/// Puts a user into another's list of contacts.
struct AddContact: StoreCommand {
    let user: UserID
    let contactUser: UserID
    /// The name to keep; nil for the user's own.
    let name: String?

    typealias Outcome = Contact

    func apply(in context: WriteContext) throws(StoreError) -> Contact {
        let found = try storing { () throws(SQLiteError) in try context.tables.user(contactUser) }
        guard let person = found else { throw .refused(.userUnknown) }
        let time = context.now
        let chosen = name ?? person.name
        let id = try storing { () throws(SQLiteError) in
            try context.tables.insertContact(of: user, contactUser, name: chosen, at: time)
        }
        guard let id else { throw .refused(.contactExists) }
        try storing { () throws(SQLiteError) in
            try context.log(.contactAdded, subject: id.rawValue, for: user, peer: contactUser, at: time)
        }
        return Contact(
            id: id, userID: contactUser, name: chosen, userName: person.name, userEmail: person.email,
            createdAt: time)
    }
}

/// Gives a contact another name.
struct RenameContact: StoreCommand {
    let user: UserID
    let contact: ContactID
    let name: String
    /// Refuses the name that the contact has already.
    var refusesSame = false

    func apply(in context: WriteContext) throws(StoreError) {
        let found = try storing { () throws(SQLiteError) in try context.tables.contact(contact) }
        guard let (owner, entry) = found else { throw .refused(.contactUnknown) }
        guard owner == user else { throw .refused(.contactNotEditable) }
        if entry.name == name {
            if refusesSame { throw .refused(.contactUnchanged) }
            return
        }
        try storing { () throws(SQLiteError) in
            try context.tables.renameContact(contact, name)
            try context.log(
                .contactRenamed, subject: contact.rawValue, for: user, peer: entry.userID, at: context.now)
        }
    }
}

/// Takes a user out of another's list of contacts.
struct RemoveContact: StoreCommand {
    let user: UserID
    let contact: ContactID

    /// Who is no contact any more.
    typealias Outcome = UserID

    func apply(in context: WriteContext) throws(StoreError) -> UserID {
        let found = try storing { () throws(SQLiteError) in try context.tables.contact(contact) }
        guard let (owner, entry) = found else { throw .refused(.contactUnknown) }
        guard owner == user else { throw .refused(.contactNotRemovable) }
        try storing { () throws(SQLiteError) in
            try context.tables.deleteContact(contact)
            try context.log(
                .contactRemoved, subject: contact.rawValue, for: user, peer: entry.userID, at: context.now)
        }
        return entry.userID
    }
}
