import Glibc

/// The process's limit of open files. It limits the number of connections.
enum OpenFileLimit {
    /// The minimum number of files that the start itself opens, for threads, the database and the listener.
    static let neededToStart = 31

    /// Raises the soft limit to the hard limit. If the system refuses, the limit stays as it is.
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

    /// The limit that ``raise()`` reaches.
    static var highest: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        return Int(clamping: limit.rlim_max)
    }

    /// How many files the process has open.
    static var openCount: Int {
        guard let directory = opendir("/proc/self/fd") else { return 3 }
        defer { closedir(directory) }
        let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
        var count = 0
        while let entry = readdir(directory) {
            // "." and ".." don't count. An entry is only as long as its name: the field as a whole may reach beyond
            // the memory of the directory.
            let name = UnsafeRawPointer(entry) + nameOffset
            if name.load(as: UInt8.self) != UInt8(ascii: ".") { count += 1 }
        }
        // One of the descriptors was the directory itself.
        return count - 1
    }

    /// - Throws: `tooFewFiles` when the limit is too low to start.
    static func checkStart() throws(ServerStartError) {
        let limit = current
        let needed = openCount + neededToStart
        if limit < needed { throw .tooFewFiles(limit: limit, needed: needed + 64) }
    }

    /// The maximum number of connections, given the files open now. Some files are reserved for the database
    /// and for pushes.
    static var connectionsMax: Int {
        let free = max(0, current - openCount)
        return max(1, free - min(96, max(3, free / 8)))
    }

    /// What an administrator can do when files run out.
    static var advice: String {
        "the limit of open files is \(current); raise it (ulimit -n, or LimitNOFILE= of systemd)"
    }
}
