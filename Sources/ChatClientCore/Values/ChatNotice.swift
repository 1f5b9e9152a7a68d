import ChatSQLite
import ChatWire

/// Something that happened once and that a person may want to know.
public enum ChatNotice: Equatable, Sendable {
    /// A message arrived just now: `row` is its row, and `isOpen` says whether the person has its conversation on
    /// screen.
    case received(from: Person, row: RowID, content: String, isOpen: Bool)
    /// The server refused a message for good.
    case sendFailed(to: UserID, TempID, reason: String)
    /// This many queued messages became too old to be sent without asking.
    case held(count: Int)
    /// The server refused, in these words, a change to a contact that the person made while offline. The list shows
    /// the server's state again.
    case contactChangeRefused(UserID, reason: String)
    /// A conversation that the person deleted while offline was not deleted on the server. The server refused in
    /// these words, or the other person has written in the meantime (nil; it is deleted here only).
    case conversationKept(UserID, reason: String?)
    /// The token has expired or was refused: sign in again; nothing is lost.
    case signInAgain
    /// The session was ended, here or from another device: sign in again; nothing is lost.
    case sessionEnded
    /// The account is in use elsewhere, and the server allows only one connection.
    case inUseElsewhere
    /// The server is not the one that the cache belongs to, or an older copy of it. The cache's content is shown as
    /// of the former server, and this many unsent messages wait for the person's decision.
    case formerServer(FormerServerReason, held: Int)
    /// The server has lost this many messages that it had confirmed: they wait to be sent again.
    case goneFromServer(count: Int)
    /// The cache could not be opened and was set aside under this path; this many unsent messages were rescued.
    case cacheSetAside(path: String, rescued: Int)
    /// The cache cannot be written at the moment.
    case storage(SQLiteError)
    /// The server reported an error that belongs to no message, in its own words.
    case serverError(String)
}
