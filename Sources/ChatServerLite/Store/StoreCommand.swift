import ChatSQLite
import ChatWire

/// One change to the database, carried out inside of the writer's transaction.
protocol StoreCommand: Sendable {
    associatedtype Outcome: Sendable

    /// Carries it out. A command that throws a refusal must not have written anything before.
    func apply(in context: WriteContext) throws(StoreError) -> Outcome

    /// Who is told what after the commit.
    func announcements(of outcome: Outcome) -> [Announcement]
}

extension StoreCommand {
    func announcements(of outcome: Outcome) -> [Announcement] { [] }
}

/// Runs a step of the database inside of a command.
func storing<Result>(_ body: () throws(SQLiteError) -> Result) throws(StoreError) -> Result {
    do {
        return try body()
    } catch {
        throw .storage(error)
    }
}
