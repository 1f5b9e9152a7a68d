import Glibc

/// The process's limit of open files, which bounds the number of connections.
enum OpenFileLimit {
    /// What the start opens itself, at the least: threads, the database, the listener.
    private static let neededToStart = 31

    /// Raises the soft limit to the hard one; a system that does not allow it keeps what it has.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur < limit.rlim_max
        else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// The limit in force.
    static var current: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many files the process has open.
    private static var openCount: Int {
        guard let directory = opendir("/proc/self/fd") else { return 3 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            // Neither "." nor "..".
            if entry.pointee.d_name.0 != 0x2E { count += 1 }
        }
        // One of them was the directory.
        return count - 1
    }

    /// - Throws: when the limit is too low for the start itself.
    static func checkStart() throws(ServerStartError) {
        let limit = current
        let needed = openCount + neededToStart
        if limit < needed { throw .tooFewFiles(limit: limit, needed: needed + 64) }
    }

    /// How many connections there may be, from what is open now: some files are left to the database and to pushes.
    static var connectionsMax: Int {
        let free = max(0, current - openCount)
        return max(1, free - min(96, max(3, free / 8)))
    }

    /// What to do when files run out.
    static var advice: String {
        "the limit of open files is \(current); raise it (ulimit -n, or LimitNOFILE= of systemd)"
    }
}
