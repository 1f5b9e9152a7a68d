import ChatNet
import ChatSQLite
import ChatWire

/// Why a call of ``ChatClient`` failed. Each case is one kind of exit code on the command line.
public enum ChatError: Error, Equatable, Sendable {
    /// Nobody is signed in.
    case notSignedIn
    /// The server does not accept the token (any more).
    case unauthorized(message: String)
    /// The server refused the request, in its own (Portuguese) words, with this HTTP status.
    case refused(status: Int, message: String)
    /// The server failed (5xx) or is too busy (429): worth trying again, after `retryAfter` if it said so.
    case unavailable(status: Int, retryAfter: Duration?)
    /// The server could not be reached.
    case network(NetError)
    /// The server answered with what is no answer of this API.
    case unexpectedAnswer(String)
    /// The time that the caller gave was over.
    case timeout
    /// What was asked cannot be done, whatever the server.
    case invalid(InvalidRequest)
    /// The cache on disk failed.
    case storage(SQLiteError)
    /// A file or directory of the account could not be used; `code` is the errno.
    case file(path: String, code: Int32)
}

/// What is wrong with a request, found without asking the server.
public enum InvalidRequest: Equatable, Sendable {
    /// Nothing but white space.
    case emptyMessage
    /// So many messages wait to be sent that no more are taken.
    case outboxFull(limit: Int)
    /// Lengths in Unicode code points.
    case messageTooLong(length: Int, limit: Int)
    /// A message to oneself.
    case ownAccount
    /// No such message in the outbox.
    case unknownMessage(TempID)
    /// The message is being sent or was sent: it can no longer be changed.
    case alreadyOnItsWay(TempID)
    /// Not an own message, or gone already.
    case notDeletable(RowID)
    /// It was entered by another account than the one that is signed in.
    case ofAnotherAccount(TempID)
    /// It was entered for somebody of a former server, and it is not known that this is the same person.
    case forSomebodyElse(TempID)
    /// A token with characters that no token has.
    case malformedToken
    /// The server gives no messages that old.
    case gapOutOfReach
    /// A name of nothing but white space.
    case emptyName
    /// Fewer than two characters to search for.
    case queryTooShort
}
