import ChatSQLite
import ChatServerLite
import ChatWire
import Glibc

/// Looks at a database without changing it.
package enum DatabaseCheck {
    package static func inspect(_ path: String) -> ServerCheck.Database {
        var database = ServerCheck.Database()
        var status = stat()
        guard stat(path, &status) == 0 else {
            database.lines = [errno == ENOENT ? missing(path) : unreachable(path, errno)]
            return database
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            database.lines = [
                CheckLine(
                    .database, .wrong, "\(path) is no regular file",
                    advice: "choose another place with --database PATH")
            ]
            return database
        }
        let holder = DatabaseFile.user(of: path)
        database.isInUse = holder != nil
        if let holder {
            let process = holder > 0 ? " (process \(holder))" : ""
            database.lines.append(CheckLine(.database, .ok, "a server is using \(path)\(process)"))
        }
        read(path, into: &database)
        database.lines += [access(path), space(path)].compactMap { $0 }
        return database
    }

    // MARK: The content

    private static func read(_ path: String, into database: inout ServerCheck.Database) {
        do throws(SQLiteError) {
            let connection = try Database(path: path, mode: .reading)
            let version = try Migrator.version(of: connection)
            database.lines.append(schema(version, path))
            guard (1...StoreMigrations.all.count).contains(version) else { return }
            database.lines.append(try integrity(connection, path))
            database.newest = try connection.first(
                "SELECT created_at FROM messages ORDER BY id DESC LIMIT 1"
            ) { (row) throws(SQLiteError) in Timestamp(microseconds: row.int64(0)) }
        } catch {
            database.lines.append(
                CheckLine(
                    .database, .wrong, "\(path) cannot be read: \(error)",
                    advice: "restore a backup, or look at the rights of the file and its directory"))
        }
    }

    private static func schema(_ version: Int, _ path: String) -> CheckLine {
        let newest = StoreMigrations.all.count
        if version == newest { return CheckLine(.database, .ok, "\(path) has the schema \(version)") }
        if version < newest {
            return CheckLine(
                .database, .ok, "\(path) has the schema \(version); the next start brings it to \(newest)")
        }
        return CheckLine(
            .database, .wrong,
            "\(path) was written by a newer version (schema \(version), known is \(newest))",
            advice: "use that version, or another file with --database")
    }

    private static func integrity(_ connection: Database, _ path: String) throws(SQLiteError) -> CheckLine {
        let answer = try connection.first("PRAGMA quick_check(1)") { $0.string(0) } ?? "no answer"
        if answer == "ok" { return CheckLine(.database, .ok, "\(path) is intact") }
        return CheckLine(
            .database, .wrong, "\(path) is damaged: \(answer)",
            advice: "stop the server and restore a backup; sqlite3 can rescue what is left (.recover)")
    }

    // MARK: The place

    private static func missing(_ path: String) -> CheckLine {
        // The missing directories are made too, so the nearest one that is there counts.
        var directory = PrivateFile.parent(of: path)
        while faccessat(AT_FDCWD, directory, F_OK, AT_EACCESS) != 0, errno == ENOENT, directory != "/",
            directory != "."
        {
            directory = PrivateFile.parent(of: directory)
        }
        guard faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0 else {
            return CheckLine(
                .database, .wrong,
                "\(path) cannot be made: \(directory): \(String(cString: strerror(errno)))",
                advice: "allow writing there, or choose another place with --database PATH")
        }
        return CheckLine(.database, .ok, "\(path) will be made at the first start")
    }

    private static func unreachable(_ path: String, _ code: Int32) -> CheckLine {
        CheckLine(
            .database, .wrong, "\(path) cannot be reached: \(String(cString: strerror(code)))",
            advice: "choose another place with --database PATH")
    }

    private static func access(_ path: String) -> CheckLine? {
        for (place, rights) in [(path, R_OK | W_OK), (PrivateFile.parent(of: path), W_OK | X_OK)]
        where faccessat(AT_FDCWD, place, rights, AT_EACCESS) != 0 {
            return CheckLine(
                .database, .wrong, "\(place) cannot be written: \(String(cString: strerror(errno)))",
                advice: "run this as the user that the server runs as, or let that user own the directory")
        }
        return nil
    }

    /// The write-ahead log grows to 64 MB.
    private static let spaceNeeded = 128 << 20
    private static let spaceWanted = 1 << 30

    private static func space(_ path: String) -> CheckLine? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return space(Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize)), path)
    }

    static func space(_ bytes: Int, _ path: String) -> CheckLine {
        let text = "\(bytes >> 20) MB are free for \(path)"
        let advice = "free some space: with a full disk the server answers writes with status 503"
        if bytes < spaceNeeded { return CheckLine(.database, .wrong, text, advice: advice) }
        if bytes < spaceWanted { return CheckLine(.database, .warning, text, advice: advice) }
        return CheckLine(.database, .ok, text)
    }
}
