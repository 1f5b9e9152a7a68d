import ChatSQLite

/// Notices when a path does not lead to an open file of the database any more: it was deleted, renamed, or another
/// one has taken its place. What is written then is nowhere after the end.
struct DatabaseWatch: Sendable {
    private let files: [(path: String, identity: FileIdentity)]

    /// - Parameter database: an open connection; its log and the log's index are looked at too.
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

    /// Whether everything is where it was.
    func isInPlace() -> Bool {
        files.allSatisfy { FileIdentity(path: $0.path) == $0.identity }
    }
}
