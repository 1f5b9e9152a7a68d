import ChatWire

/// What the engine wants done outside: by sockets and files in the product, by a model in a simulation.
enum EngineEffect: Equatable, Sendable {
    /// Open a WebSocket to the server; answer with `linkOpened` or `linkEnded` and this number.
    case openLink(Int)
    /// Send a text message on the link.
    case send([UInt8])
    /// Close the link, or give up opening it; nothing of it is to be reported afterwards.
    case closeLink(Int)
    /// Ask the server by REST; answer with `receive(_:to:)` and this number.
    case call(Int, EngineCall)
    case change(ChatChange)
    /// The outbox moved: whoever waits for the fate of a message should look again.
    case outboxMoved
    /// The server gave a fresh token: keep it.
    case keepToken(String)
    /// The server does not accept the token any more: sign in again without the person, and answer with
    /// `renewToken` or `signInLost`.
    case signInAgain
    /// The server does not accept the token any more: forget it.
    case forgetToken
}

/// A question to the server.
enum EngineCall: Equatable, Sendable {
    case serverInformation
    /// Whose the token is.
    case account
    case verifyToken
    case renewToken
    case contacts
    case unread
    /// What changed since the cursor; from the beginning when it is nil.
    case changes(cursor: String?)
    case page(UserID, limit: Int, peek: Bool)
    /// Send a message that a proxy has refused on the link.
    case sendMessage(TempID, to: UserID, content: String)
    case deleteMessage(MessageID)
    case deleteConversation(UserID)
    case addContact(UserID, name: String?)
    case renameContact(ContactID, to: String)
    case removeContact(ContactID)
}

/// Its answer.
enum EngineAnswer: Equatable, Sendable {
    case serverInformation(ServerInformation)
    case account(User)
    case token(String)
    /// `leftOut`: how many elements of the answer could not be read.
    case contacts([Contact], leftOut: Int = 0)
    case unread(UnreadCounts)
    case changes(SyncAnswer)
    /// `leftOut`: how many elements of the answer were no messages and are not among these.
    case messages([Message], leftOut: Int = 0)
    case contact(Contact)
    /// The message that was sent, as the server has it.
    case sent(Message)
    /// A proxy, not the server, refuses the message, with a permanent status.
    case refusedByProxy(status: Int)
    case done
}
