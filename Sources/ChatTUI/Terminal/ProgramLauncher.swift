import Glibc

/// Starts other programs with `posix_spawn`.
///
/// A started program has no signal blocked and the default action for each, whatever this program ignores or handles.
package enum ProgramLauncher {
    /// Where the program is.
    package enum Program {
        case path(String)
        /// A name that is looked up in the directories of `PATH`; one with a slash is a path.
        case name(String)
    }

    /// - Parameters:
    ///   - arguments: the first is the name by which the program knows itself.
    ///   - actions: what is done to the program's descriptors before it begins.
    ///   - isGroupLeader: whether the program leads a process group of its own. Then it gets no signals from the terminal.
    /// - Returns: the process, or the error number.
    package static func start(
        _ program: Program, arguments: [String], environment: [String: String],
        actions: UnsafePointer<posix_spawn_file_actions_t>? = nil, isGroupLeader: Bool
    ) -> Result<pid_t, ErrorNumber> {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        if isGroupLeader { flags |= POSIX_SPAWN_SETPGROUP }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let variables = environment.map { "\($0.key)=\($0.value)" }
        var child: pid_t = 0
        let result = withCStrings(arguments) { argv in
            withCStrings(variables) { envp in
                switch program {
                case .path(let path): posix_spawn(&child, path, actions, &attributes, argv, envp)
                case .name(let name): posix_spawnp(&child, name, actions, &attributes, argv, envp)
                }
            }
        }
        return result == 0 ? .success(child) : .failure(ErrorNumber(rawValue: result))
    }

    /// A value of `errno`.
    package struct ErrorNumber: Error {
        package let rawValue: Int32
    }

    /// Calls the body with a NULL-terminated array of C strings that is valid during the call.
    private static func withCStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
