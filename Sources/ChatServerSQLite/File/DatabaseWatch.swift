import ChatSQLite

/// Notices when a path no longer leads to an open file of the database, because the file was deleted, renamed
/// or replaced. Anything written to such a file is lost when it is closed.
struct DatabaseWatch: Sendable {
    private let files: [(path: String, identity: FileIdentity)]

    /// - Parameter database: an open connection. Its write-ahead log and the log's index are watched too.
    init(_ file: DatabaseFile, _ database: Database) {
        let resolved = database.resolvedPath
        var files = [(path: file.path, identity: file.identity)]
        if resolved != file.path { files.append((resolved, file.identity)) }
        for suffix in ["-wal", "-shm"] {
            let path = resolved + suffix
            if let identity = FileIdentity(path: path) { files.append((path, identity)) }
        }
        self.files = files
    }

    /// Whether every path still leads to its file.
    func isInPlace() -> Bool {
        files.allSatisfy { FileIdentity(path: $0.path) == $0.identity }
    }
}
