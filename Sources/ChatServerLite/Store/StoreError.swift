import ChatSQLite

/// Why the store did not do what it was asked.
public enum StoreError: Error, Equatable, Sendable {
    /// The rules forbid it; nothing was written.
    case refused(Refusal)
    /// The database failed; nothing of this request was written.
    case storage(SQLiteError)
    /// The path of the database leads elsewhere: nothing of this request was written.
    case databaseGone
    /// This user, or all together, search for too much at a time.
    case tooManyQuestions
    /// Too many writes are waiting.
    case overloaded
    /// The server is stopping.
    case closed
}
