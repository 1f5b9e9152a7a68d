import Glibc

/// Checks whether this process may open as many files as a client needs.
enum OpenFileLimit {
    /// The cache with its log, the lock, the signal, the log file, two threads, a connection and a name resolution,
    /// with some reserve.
    static let descriptorsNeeded = 24

    /// Nil when there are enough; otherwise the system's limit. Raises the soft limit if allowed.
    static func tooLow(needed: Int = descriptorsNeeded) -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        if hasRoom(needed) { return nil }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            if hasRoom(needed) { return nil }
        }
        return Int(clamping: limit.rlim_cur)
    }

    private static func hasRoom(_ needed: Int) -> Bool {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        for _ in 0..<needed {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            opened.append(descriptor)
        }
        return true
    }
}
