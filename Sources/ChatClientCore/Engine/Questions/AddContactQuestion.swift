import ChatSQLite
import ChatWire

/// Makes a person a contact, under the name that the wish says.
struct AddContactQuestion: ContactQuestion {
    typealias Answer = Contact

    let wish: ContactWish

    var call: APICall<Answer> { API.addContact(wish.user, name: wish.name) }
    var changed: ContactID? { nil }

    func store(_ contact: Contact, in wishes: ContactWishTable) throws(SQLiteError) {
        try wishes.added(contact, for: wish)
    }
}
