import Glibc

/// Programs that lead a process group of their own: the signals that the terminal or the shell sends to this program's
/// group do not reach them.
enum GroupLeader {
    /// Starts a program of the search path, or at a path; nil when it cannot be started.
    ///
    /// - Parameter actions: what is done to its descriptors first.
    static func start(
        _ words: [String], environment: [String: String],
        actions: UnsafePointer<posix_spawn_file_actions_t>? = nil
    ) -> pid_t? {
        try? ProgramLauncher.start(
            .name(words[0]), arguments: words, environment: environment, actions: actions, isGroupLeader: true
        ).get()
    }
}
