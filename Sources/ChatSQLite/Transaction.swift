extension Database {
    /// Runs `body` in one transaction: all of it is committed, or, when it throws, none.
    ///
    /// Inside another transaction `body` simply joins it: an error that leaves `body` must then leave the
    /// outer one too, which rolls everything back.
    ///
    /// A write lock is taken at the start (`BEGIN IMMEDIATE`), so that two writers wait for each other
    /// instead of failing in the middle.
    public func transaction<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        if isInTransaction { return try body() }
        try prepare(literal: "BEGIN IMMEDIATE").run()
        do {
            let result = try body()
            try prepare(literal: "COMMIT").run()
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// The same for a body with errors of its own.
    public func transaction<Result>(
        rethrowing body: () throws -> Result
    ) throws -> Result {
        if isInTransaction { return try body() }
        try prepare(literal: "BEGIN IMMEDIATE").run()
        do {
            let result = try body()
            try prepare(literal: "COMMIT").run()
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// Runs `body` on one unchanging view of the database.
    public func readTransaction<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        if isInTransaction { return try body() }
        try prepare(literal: "BEGIN").run()
        // The end of a read changes nothing: COMMIT and ROLLBACK are the same here.
        defer { rollback() }
        return try body()
    }

    private func rollback() {
        // SQLite has already rolled back by itself after a full disk or an I/O error: then this is a no-op.
        guard isInTransaction else { return }
        try? execute("ROLLBACK")
    }
}
