import ChatSQLite
import ChatWire
import Glibc

/// Opens a cache where nothing can be written: a full disk, no inodes, a directory or a file system that is read-only.
/// Its content may be readable all the same.
enum ReadableCache {
    /// Opens the cache for reading only; nil when nothing can be read.
    ///
    /// - Parameter refusal: why it could not be opened as usual.
    static func open(_ path: String, me: UserID, _ refusal: SQLiteError) -> ChatStore? {
        guard access(path, R_OK) == 0 else { return nil }
        // SQLite needs shared memory to read a log. It exists while another program has the cache open.
        for mode in hasLog(path) ? [Database.Mode.readOnly] : [.immutable, .readOnly] {
            if let store = store(path, mode, me, refusal) { return store }
        }
        return copied(path, me, refusal)
    }

    private static func store(
        _ path: String, _ mode: Database.Mode, _ me: UserID, _ refusal: SQLiteError
    ) -> ChatStore? {
        guard let database = try? Database(path: path, mode: mode),
            let store = try? ChatStore(reading: database, me: me, refusal),
            (try? store.outbox.entries()) != nil
        else { return nil }
        return store
    }

    /// Opens a copy, because messages may be in the log only, which SQLite does not read without creating a file beside
    /// it.
    private static func copied(_ path: String, _ me: UserID, _ refusal: SQLiteError) -> ChatStore? {
        for place in ["/dev/shm", getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"] {
            var template = Array("\(place)/mychat-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { continue }
            let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // Open files stay readable after their names are removed.
            defer {
                for suffix in ["", "-wal", "-shm"] { unlink("\(directory)/cache.db\(suffix)") }
                rmdir(directory)
            }
            guard let copy = MendedCopy.copyOfAll(path, into: directory) else { continue }
            if let store = store(copy, .reading, me, refusal) { return store }
        }
        return nil
    }

    private static func hasLog(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > 0
    }
}
