extension Database {
    /// Runs `body` in one transaction: everything is committed, or, when it throws, nothing.
    ///
    /// Inside another transaction `body` simply joins it. An error that leaves `body` must then also leave the outer
    /// transaction, which rolls everything back.
    ///
    /// A write lock is taken at the start (`BEGIN IMMEDIATE`), so two writers wait for each other instead of failing
    /// in the middle.
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

    /// The same for a body with its own errors.
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

    /// Runs `body` on one consistent snapshot of the database.
    public func readTransaction<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        if isInTransaction { return try body() }
        try prepare(literal: "BEGIN").run()
        // The end of a read changes nothing: COMMIT and ROLLBACK are equivalent here.
        defer { rollback() }
        return try body()
    }

    /// The same for a body with errors of its own.
    public func readTransaction<Result>(
        rethrowing body: () throws -> Result
    ) throws -> Result {
        if isInTransaction { return try body() }
        try prepare(literal: "BEGIN").run()
        defer { rollback() }
        return try body()
    }

    private func rollback() {
        // After a full disk or an I/O error SQLite has already rolled back by itself: then this does nothing.
        guard isInTransaction else { return }
        try? execute("ROLLBACK")
    }
}
