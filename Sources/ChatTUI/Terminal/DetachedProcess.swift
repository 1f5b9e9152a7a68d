import Glibc
import Synchronization

/// Programs without the terminal: each in a process group of its own, so that it gets none of the terminal's signals.
enum DetachedProcess {
    /// Processes that were started and have not been reaped.
    private static let running = Mutex<[pid_t]>([])

    /// Starts a program of the search path and leaves it to itself, its standard streams at `/dev/null`; false when it
    /// cannot be started.
    static func start(_ words: [String], environment: [String: String]) -> Bool {
        reap()
        guard let child = spawn(words, environment: environment, input: nil) else { return false }
        running.withLock { $0.append(child) }
        return true
    }

    /// Runs a program of the search path on these bytes as its standard input. Blocks the calling thread.
    ///
    /// - Returns: whether it ended well within the time; otherwise it is killed.
    static func run(_ words: [String], on input: [UInt8], environment: [String: String], milliseconds: Int)
        -> Bool
    {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let child = spawn(words, environment: environment, input: ends[0])
        close(ends[0])
        guard let child else {
            close(ends[1])
            return false
        }
        var feed: Int32? = ends[1]
        defer { if let feed { close(feed) } }
        var rest = input[...]
        var status: Int32 = 0
        for _ in 0..<max(1, milliseconds / pause) {
            if waitpid(child, &status, WNOHANG) != 0 { return status == 0 }
            var entry = pollfd(fd: feed ?? -1, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, Int32(pause)) > 0, let open = feed else { continue }
            let count = rest.withUnsafeBytes { write(open, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) }
            // All of it is there, or the program reads no more: its status tells which.
            if rest.isEmpty || (count < 0 && errno != EAGAIN && errno != EINTR) {
                close(open)
                feed = nil
            }
        }
        kill(child, SIGKILL)
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return false
    }

    /// In milliseconds.
    private static let pause = 5

    private static func spawn(_ words: [String], environment: [String: String], input: Int32?) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in STDIN_FILENO...STDERR_FILENO {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        return GroupLeader.start(words, environment: environment, actions: &actions)
    }

    /// Reaps the processes that have ended.
    static func reap() {
        running.withLock { children in
            children.removeAll { child in
                var status: Int32 = 0
                return waitpid(child, &status, WNOHANG) != 0
            }
        }
    }
}
