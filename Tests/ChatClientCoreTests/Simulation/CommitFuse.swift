import CSQLite

@testable import ChatSQLite

/// Lets a number of commits of a database succeed and fails the rest. It stands for a full disk, or a program that
/// dies between two commits.
final class CommitFuse {
    /// How many more commits succeed; nil for all.
    var left: Int?

    init(on database: Database) {
        // The database does not outlive its device, which owns both.
        sqlite3_commit_hook(
            database.handle,
            { context in
                guard let context else { return 0 }
                return Unmanaged<CommitFuse>.fromOpaque(context).takeUnretainedValue().burn()
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// A nonzero result turns the commit into a rollback.
    private func burn() -> Int32 {
        guard let left else { return 0 }
        guard left > 0 else { return 1 }
        self.left = left - 1
        return 0
    }
}
