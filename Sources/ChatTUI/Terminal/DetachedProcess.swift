import Glibc
import Synchronization

/// Programs that are started and left to themselves.
enum DetachedProcess {
    /// Started and not known to have ended: their entries in the process table are ours to clear.
    private static let running = Mutex<[pid_t]>([])

    /// Starts a program of the search path in a process group of its own, so that it gets none of the
    /// terminal's signals, its standard streams at `/dev/null`; false when it cannot be started.
    static func start(_ words: [String], environment: [String: String]) -> Bool {
        reap()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in STDIN_FILENO...STDERR_FILENO {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this program ignores, blocks or handles must be as usual for another.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for copy in arguments + variables { free(copy) } }
        var child: pid_t = 0
        guard posix_spawnp(&child, words[0], &actions, &attributes, arguments, variables) == 0 else {
            return false
        }
        running.withLock { $0.append(child) }
        return true
    }

    /// Clears away those that have ended.
    static func reap() {
        running.withLock { children in
            children.removeAll { child in
                var status: Int32 = 0
                return waitpid(child, &status, WNOHANG) != 0
            }
        }
    }
}
