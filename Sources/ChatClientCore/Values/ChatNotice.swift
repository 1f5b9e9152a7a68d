import ChatSQLite
import ChatWire

/// Something that happened once and that a person may want to be told.
public enum ChatNotice: Equatable, Sendable {
    /// A message from somebody arrived just now: `row` is its row, `isOpen` whether the person has that
    /// conversation on screen.
    case received(from: Person, row: RowID, content: String, isOpen: Bool)
    /// The server refused a message for good.
    case sendFailed(to: UserID, TempID, reason: String)
    /// This many queued messages became too old to be sent without asking.
    case held(count: Int)
    /// The server refused, in these words, what the person wanted with a contact while there was no link. The
    /// list shows the server's again.
    case contactChangeRefused(UserID, reason: String)
    /// A conversation that the person deleted without a link was not deleted on the server: it refused, in
    /// these words, or the other person has written meanwhile (nil; it is deleted here only).
    case conversationKept(UserID, reason: String?)
    /// The token has expired or was refused: sign in again; nothing is lost.
    case signInAgain
    /// The account is in use from another place and the server allows only one.
    case inUseElsewhere
    /// The server is another one than the cache is of, or an older copy of it. What the cache held is shown as of
    /// the former server, and this many unsent messages wait for the person's word.
    case formerServer(FormerServerReason, held: Int)
    /// The server does not have so many messages any more that it had confirmed: they wait to be sent again.
    case goneFromServer(count: Int)
    /// The cache could not be opened and was set aside under this path; this many unsent messages were saved.
    case cacheSetAside(path: String, rescued: Int)
    /// The cache cannot be written at the moment.
    case storage(SQLiteError)
    /// The server reported an error that belongs to no message, in its own words.
    case serverError(String)
}
