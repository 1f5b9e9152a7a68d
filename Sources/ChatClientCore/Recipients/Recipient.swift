import ChatWire

/// A possible receiver of messages: the facts that finding them by a word needs.
package struct Recipient: Hashable, Sendable {
    package var id: UserID
    /// The name that the account gave them, otherwise their own; sanitise it before it reaches a terminal.
    package var name: String
    package var email: String?
    /// False for a stranger: a person who only wrote, or was found on the server.
    package var isContact: Bool
    /// True when the account chose the name, and not the person themselves.
    package var isNameGiven: Bool

    package init(
        id: UserID, name: String, email: String?, isContact: Bool = false, isNameGiven: Bool = false
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.isContact = isContact
        self.isNameGiven = isNameGiven
    }

    package init(_ conversation: Conversation) {
        self.init(
            id: conversation.peer, name: conversation.name, email: conversation.email,
            isContact: conversation.isContact, isNameGiven: conversation.isNameGiven)
    }

    package init(_ person: Person) {
        let name = VisibleText.hasSign(person.name) ? person.name : "#\(person.id)"
        self.init(id: person.id, name: name, email: person.email)
    }
}
