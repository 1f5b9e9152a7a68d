import ChatSQLite
import ChatWire

/// Removes a person from the contacts.
struct RemoveContactQuestion: ContactQuestion {
    typealias Answer = Void

    let id: ContactID
    let wish: ContactWish

    var call: APICall<Answer> { API.removeContact(id) }
    var changed: ContactID? { id }

    func store(_ answer: Void, in wishes: ContactWishTable) throws(SQLiteError) {
        try wishes.removed(id, for: wish)
    }
}
