import ChatWire

/// What the engine wants done outside: by sockets and files in the product, by a model in a simulation.
enum EngineEffect: Equatable, Sendable {
    /// Open a WebSocket to the server; answer with `linkOpened` or `linkEnded` and this number.
    case openLink(Int)
    /// Send a text message on the link.
    case send([UInt8])
    /// Close the link, or give up opening it; nothing of it is to be reported afterwards.
    case closeLink(Int)
    /// Ask the server by REST; answer with `receive(_:to:)`.
    case ask(OpenQuestion)
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
