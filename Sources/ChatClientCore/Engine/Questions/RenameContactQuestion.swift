import ChatSQLite
import ChatWire

/// Gives a contact another name.
struct RenameContactQuestion: ContactQuestion {
    typealias Answer = Void

    let id: ContactID
    let name: String
    let wish: ContactWish

    var call: APICall<Answer> { API.renameContact(id, to: name) }
    var changed: ContactID? { id }

    func store(_ answer: Void, in wishes: ContactWishTable) throws(SQLiteError) {
        try wishes.renamed(id, to: name, for: wish)
    }
}
