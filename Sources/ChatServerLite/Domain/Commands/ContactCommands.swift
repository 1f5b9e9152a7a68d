import ChatWire

/// Adds a user to another user's contacts.
struct AddContact: StoreCommand {
    let user: UserID
    let contactUser: UserID
    /// The name to store; nil for the user's own name.
    let name: String?

    /// - Throws: `userUnknown`, or `contactExists`.
    func apply(in transaction: any StorageTransaction) throws -> Contact {
        guard let person = try transaction.user(contactUser) else { throw Refusal.userUnknown }
        let time = transaction.now
        let chosen = name ?? person.name
        guard let id = try transaction.insertContact(of: user, contactUser, name: chosen, at: time) else {
            throw Refusal.contactExists
        }
        try transaction.log(.contactAdded, subject: id.rawValue, for: user, peer: contactUser, at: time)
        return Contact(
            id: id, userID: contactUser, name: chosen, userName: person.name, userEmail: person.email,
            createdAt: time)
    }
}

/// Renames a contact.
struct RenameContact: StoreCommand {
    let user: UserID
    let contact: ContactID
    let name: String
    /// Whether renaming the contact to its current name is refused.
    var refusesSame = false

    /// - Throws: `contactUnknown`, `contactNotEditable` for a contact of another user, or `contactUnchanged`.
    func apply(in transaction: any StorageTransaction) throws {
        guard let (owner, entry) = try transaction.contact(contact) else { throw Refusal.contactUnknown }
        guard owner == user else { throw Refusal.contactNotEditable }
        if entry.name == name {
            if refusesSame { throw Refusal.contactUnchanged }
            return
        }
        try transaction.renameContact(contact, name)
        try transaction.log(
            .contactRenamed, subject: contact.rawValue, for: user, peer: entry.userID, at: transaction.now)
    }
}

/// Removes a user from another user's contacts.
struct RemoveContact: StoreCommand {
    let user: UserID
    let contact: ContactID

    /// The user who was the contact.
    typealias Outcome = UserID

    /// - Throws: `contactUnknown`, or `contactNotRemovable` for a contact of another user.
    func apply(in transaction: any StorageTransaction) throws -> UserID {
        guard let (owner, entry) = try transaction.contact(contact) else { throw Refusal.contactUnknown }
        guard owner == user else { throw Refusal.contactNotRemovable }
        try transaction.deleteContact(contact)
        try transaction.log(
            .contactRemoved, subject: contact.rawValue, for: user, peer: entry.userID, at: transaction.now)
        return entry.userID
    }
}
