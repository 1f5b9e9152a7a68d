import ChatNet
import ChatSQLite
import ChatWire

/// Why a call of ``ChatClient`` failed. Each case is one kind of exit code on the command line.
public enum ChatError: Error, Equatable, Sendable {
    /// Nobody is signed in.
    case notSignedIn
    /// The server does not accept the token, or no longer accepts it.
    case unauthorized(message: String)
    /// The server refused the request, in its own (Portuguese) words, with this HTTP status.
    case refused(status: Int, message: String)
    /// The server failed (5xx) or is too busy (429): try again, after `retryAfter` if it is given.
    case unavailable(status: Int, retryAfter: Duration?)
    /// The server could not be reached.
    case network(NetError)
    /// The response is not one of this API.
    case unexpectedAnswer(String)
    /// The caller's time limit has passed.
    case timeout
    /// The request cannot succeed on any server.
    case invalid(InvalidRequest)
    /// The cache on disk failed.
    case storage(SQLiteError)
    /// A file or directory of the account could not be used; `code` is the errno.
    case file(path: String, code: Int32)
}

/// What is wrong with a request, found without asking the server.
public enum InvalidRequest: Equatable, Sendable {
    /// A message with only white space.
    case emptyMessage
    /// The outbox is full: this many messages wait.
    case outboxFull(limit: Int)
    /// Lengths in Unicode code points.
    case messageTooLong(length: Int, limit: Int)
    /// A message to oneself.
    case ownAccount
    /// There is no such message in the outbox.
    case unknownMessage(TempID)
    /// The message is being sent or was sent: it can no longer be changed.
    case alreadyOnItsWay(TempID)
    /// Not the account's own message, or already gone.
    case notDeletable(RowID)
    /// The message was entered by another account than the one that is signed in.
    case ofAnotherAccount(TempID)
    /// The message was entered for somebody on a former server, and it is not known whether this is the same person.
    case forSomebodyElse(TempID)
    /// A token with invalid characters.
    case malformedToken
    /// The server offers no messages that old.
    case gapOutOfReach
    /// A name with only white space.
    case emptyName
    /// A search text with fewer than two characters.
    case queryTooShort
}
