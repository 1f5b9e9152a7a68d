import Glibc

/// Programs that lead a process group of their own: what the terminal or the shell sends to this program's group does
/// not reach them.
enum GroupLeader {
    /// Starts a program of the search path, or at a path; nil when it cannot be started.
    ///
    /// - Parameter actions: what is done to its descriptors first.
    static func start(
        _ words: [String], environment: [String: String],
        actions: UnsafePointer<posix_spawn_file_actions_t>? = nil
    ) -> pid_t? {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The signals that this program ignores, blocks or handles have their defaults in another program.
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
        guard posix_spawnp(&child, words[0], actions, &attributes, arguments, variables) == 0 else {
            return nil
        }
        return child
    }
}
