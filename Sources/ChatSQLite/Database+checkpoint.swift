import CSQLite

extension Database {
    /// Moves the content of the write-ahead log into the database and empties the log, as far as readers permit. When
    /// another connection prevents it, a later checkpoint does it; nothing depends on it.
    ///
    /// - Returns: whether the log is empty now.
    @discardableResult
    public func checkpoint() -> Bool {
        sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil) == SQLITE_OK
    }

    /// Moves into the database what can be moved without waiting, even while another connection writes.
    ///
    /// - Returns: whether everything was moved. Then the next commit restarts the log, unless somebody reads it.
    @discardableResult
    public func checkpointPassively() -> Bool {
        var inLog: Int32 = 0
        var moved: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &inLog, &moved)
        return code == SQLITE_OK && inLog == moved
    }

    /// From now on no commit of this connection makes a checkpoint by itself, and ``logPageCount`` tells when one is
    /// due.
    public func keepLog() {
        // The pointer stays valid until the hook is removed when the database is closed.
        sqlite3_wal_hook(
            handle,
            { pages, _, _, count in
                pages?.assumingMemoryBound(to: Int.self).pointee = Int(count)
                return SQLITE_OK
            }, logPages)
    }

    /// How many pages the write-ahead log held after the last commit of this connection, since ``keepLog()``.
    public var logPageCount: Int { logPages.pointee }
}
