import ChatSQLite
import ChatServerLite
import Glibc

/// Brings the schema of a database up to date while no server uses it, with a backup before. A server does the same at
/// its start, without a backup.
package enum DatabaseMigration {
    /// What is to be done.
    package struct Plan: Equatable, Sendable {
        /// The version of the schema that the database has, and the one that this program knows.
        package let found: Int
        package let known: Int
        /// What each missing version brings, in order.
        package let steps: [String]

        package var isEmpty: Bool { steps.isEmpty }
    }

    /// Looks at a database without changing it, also while a server uses it.
    ///
    /// - Throws: a ``DatabaseBackup/Failure`` when there is no database, or a ``ServerStartError`` when it cannot be read
    ///   or is of a newer version.
    package static func plan(for path: String) throws -> Plan {
        guard faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0 else {
            throw DatabaseBackup.Failure.noDatabase(path: path)
        }
        do throws(SQLiteError) {
            let found = try Migrator.version(of: try Database(path: path, mode: .reading))
            let known = StoreMigrations.all.count
            guard (0...known).contains(found) else { throw .newerSchema(found: found, supported: known) }
            return Plan(found: found, known: known, steps: StoreMigrations.all[found...].map(\.name))
        } catch {
            throw ServerStartError.database(path: path, UnusableDatabase(error))
        }
    }

    /// Backs the database up beside it and migrates it. Does nothing when the schema is up to date.
    ///
    /// - Returns: the path of the backup; nil when nothing was to be done.
    /// - Throws: `databaseInUse` (``ServerStartError``) while a server uses the database. Then nothing has changed, nor
    ///   has it when the backup fails.
    package static func run(_ path: String) throws -> String? {
        guard try !plan(for: path).isEmpty else { return nil }
        let file = try DatabaseFile(taking: path)
        defer { file.release() }
        // A server may have migrated it just before this took it.
        let missing = try plan(for: path)
        guard !missing.isEmpty else { return nil }
        let backup = freeName(path, missing)
        try DatabaseBackup.write(path, to: backup)
        do throws(SQLiteError) {
            let database = try Database(path: path)
            try Migrator.migrate(database, StoreMigrations.all)
            database.checkpoint()
            guard try database.quickCheck().isEmpty else {
                throw SQLiteError.corrupt(message: "the migrated database is damaged; restore \(backup)")
            }
        } catch {
            throw ServerStartError.database(path: path, UnusableDatabase(error))
        }
        return backup
    }

    private static func freeName(_ path: String, _ plan: Plan) -> String {
        let name = "\(path).before-schema-\(plan.known)"
        var number = 1
        while faccessat(AT_FDCWD, "\(name)-\(number)", F_OK, AT_EACCESS) == 0 { number += 1 }
        return "\(name)-\(number)"
    }
}
