import ChatSQLite
import ChatServerLite
import Glibc

/// Copies a database, also while a server writes to it, and puts a copy in its place.
package enum DatabaseBackup {
    /// Why there is no backup, or why it was not restored. The description says what to do.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case noDatabase(path: String)
        case alreadyThere(path: String)
        case cannotWrite(path: String, reason: String)
        /// The file is no sound database of this program.
        case unsound(path: String, reason: String)

        package var description: String {
            switch self {
            case .noDatabase(let path):
                "there is no database \(path); name it with --database PATH"
            case .alreadyThere(let path):
                "\(path) is there already, and a backup overwrites nothing; choose another name"
            case .cannotWrite(let path, let reason):
                "cannot write \(path): \(reason)"
            case .unsound(let path, let reason):
                "\(path) is not a sound database of mychat-server: \(reason); the database was not touched"
            }
        }
    }

    /// Writes everything that was committed when it began to a new file with mode 0600. The file appears whole or not
    /// at all, and is on disk when this returns. A server may write meanwhile, and does not wait.
    ///
    /// - Throws: `alreadyThere` when `target` exists.
    package static func write(_ path: String, to target: String) throws(Failure) {
        guard faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0 else { throw .noDatabase(path: path) }
        var status = stat()
        guard lstat(target, &status) != 0 else { throw .alreadyThere(path: target) }
        let draft = target + ".new-\(getpid())"
        defer { unlink(draft) }
        try create(draft)
        do throws(SQLiteError) {
            let database = try Database(path: path, mode: .reading)
            // The copy is another file, but to SQLite it counts as writing.
            try database.execute("PRAGMA query_only=OFF")
            try database.run("VACUUM INTO ?", draft)
        } catch {
            throw .cannotWrite(path: target, reason: "\(error)")
        }
        try checkSoundness(of: draft)
        try sync(draft)
        // Unlike a renaming, a link replaces nothing.
        guard link(draft, target) == 0 else {
            if errno == EEXIST { throw .alreadyThere(path: target) }
            throw system(target)
        }
        try sync(PrivateFile.parent(of: target))
    }

    /// Puts the copy `source` in the place of the database. What was there keeps its content under another name.
    ///
    /// - Returns: the new name of the former database; nil when there was none.
    /// - Throws: `databaseInUse` (``ServerStartError``) while a server has the database, and `unsound` when the copy is
    ///   damaged or of a newer version. Then nothing has changed.
    package static func restore(_ source: String, to path: String) throws -> String? {
        try checkSoundness(of: source)
        let isThere = faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0
        let file = isThere ? try DatabaseFile(taking: path) : nil
        defer { file?.release() }
        let draft = path + ".new-\(getpid())"
        defer { unlink(draft) }
        try create(draft)
        try copy(source, to: draft)
        try checkSoundness(of: draft)
        let former = isThere ? try setAside(path) : nil
        guard rename(draft, path) == 0 else { throw system(path) }
        try sync(PrivateFile.parent(of: path))
        return former
    }

    // MARK: Steps

    /// Checks every page and every index.
    private static func checkSoundness(of path: String) throws(Failure) {
        do throws(SQLiteError) {
            guard faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 else {
                throw SQLiteError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
            }
            let database = try Database(path: path, mode: .immutable)
            let version = try Migrator.version(of: database)
            guard (1...StoreMigrations.all.count).contains(version) else {
                throw SQLiteError.newerSchema(found: version, supported: StoreMigrations.all.count)
            }
            let answer = try database.first("PRAGMA integrity_check(1)") { $0.string(0) }
            guard answer == "ok" else { throw SQLiteError.corrupt(message: answer ?? "no answer") }
        } catch {
            throw .unsound(path: path, reason: "\(error)")
        }
    }

    /// Renames the database and its log. A log that stayed behind would be taken for the new database's.
    private static func setAside(_ path: String) throws -> String {
        // Mostly there is no log left after this. A damaged database keeps its log.
        do { try Database(path: path).checkpoint() } catch {}
        var number = 1
        while faccessat(AT_FDCWD, "\(path).before-restore-\(number)", F_OK, AT_EACCESS) == 0 { number += 1 }
        let former = "\(path).before-restore-\(number)"
        for suffix in ["-wal", "-shm", ""] where rename(path + suffix, former + suffix) != 0 {
            guard errno == ENOENT else { throw system(path + suffix) }
        }
        return former
    }

    private static func create(_ path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw system(path) }
        close(descriptor)
    }

    private static func copy(_ source: String, to target: String) throws(Failure) {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw system(source) }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CLOEXEC)
        guard output >= 0 else { throw system(target) }
        defer { close(output) }
        while true {
            let count = sendfile(output, input, nil, 1 << 24)
            if count == 0 { break }
            guard count > 0 || errno == EINTR else { throw system(target) }
        }
        guard fsync(output) == 0 else { throw system(target) }
    }

    /// Brings a file, or the entries of a directory, to disk.
    private static func sync(_ path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw system(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw system(path) }
    }

    private static func system(_ path: String) -> Failure {
        .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
}
