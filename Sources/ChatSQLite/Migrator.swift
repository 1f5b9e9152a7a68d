/// One step of a schema's history. Its version is its position in the list, counted from 1.
public struct Migration: Sendable {
    /// A short name for errors and logs.
    public let name: String
    let apply: @Sendable (Database) throws(SQLiteError) -> Void

    /// A step that runs `sql`, one or more statements.
    public init(_ name: String, sql: String) {
        self.name = name
        apply = { (database: Database) throws(SQLiteError) in try database.execute(sql) }
    }

    /// A step that needs code.
    public init(_ name: String, apply: @escaping @Sendable (Database) throws(SQLiteError) -> Void) {
        self.name = name
        self.apply = apply
    }
}

/// Brings a database to the newest schema; `PRAGMA user_version` holds the version.
public enum Migrator {
    /// Applies the missing steps to `database`, all in one transaction: a crash leaves the old schema intact.
    ///
    /// - Returns: the version found before.
    /// - Throws: `SQLiteError.newerSchema` when the database has more steps than `migrations`; then it is not
    ///   changed.
    @discardableResult
    public static func migrate(
        _ database: Database, _ migrations: [Migration]
    ) throws(SQLiteError) -> Int {
        let found = try version(of: database)
        guard found >= 0 else { throw .corrupt(message: "the schema's version is \(found)") }
        guard found <= migrations.count else {
            throw .newerSchema(found: found, supported: migrations.count)
        }
        guard found < migrations.count else { return found }
        return try database.transaction { () throws(SQLiteError) in
            // Another program may have migrated while this one waited for the lock.
            let current = try version(of: database)
            guard (0...migrations.count).contains(current) else {
                throw .newerSchema(found: current, supported: migrations.count)
            }
            for migration in migrations[current...] { try migration.apply(database) }
            try database.execute("PRAGMA user_version=\(migrations.count)")
            return found
        }
    }

    /// The schema version that the database records; 0 for a new one.
    public static func version(of database: Database) throws(SQLiteError) -> Int {
        try database.first("PRAGMA user_version") { $0.int(0) } ?? 0
    }
}
