import Glibc

/// The duties of a program towards the shell that started it: in the background it stops instead of touching the
/// terminal, and when it is asked to stop, the whole job stops.
public enum JobControl {
    private static let signals = [SIGTSTP, SIGTTIN, SIGTTOU]

    /// Runs `body` on this thread with the signals of job control delivered to it.
    ///
    /// Threads that tasks share have them blocked. There the system would let a background program change the
    /// terminal's settings, and its reads would fail instead of stopping it.
    public static func withSignals<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try masking(SIG_UNBLOCK, signals, body)
    }

    /// Runs `body`, which writes to the terminal even if the program is in the background.
    static func ignoringOutputStop<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try masking(SIG_BLOCK, [SIGTTOU], body)
    }

    /// Runs `body`, whose reads of the terminal fail with EIO in the background instead of stopping the program.
    static func ignoringInputStop<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try masking(SIG_BLOCK, [SIGTTIN], body)
    }

    private static func masking<Result, Failure: Error>(
        _ how: Int32, _ numbers: [Int32], _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var mask = sigset_t()
        sigemptyset(&mask)
        for number in numbers { sigaddset(&mask, number) }
        var before = sigset_t()
        pthread_sigmask(how, &mask, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try body()
    }

    /// True when the terminal is this program's to use: its group is in the foreground, or the terminal is not the
    /// one that controls its session, where no group is.
    public static func isForeground(on terminal: Int32) -> Bool {
        let group = tcgetpgrp(terminal)
        return group <= 0 || group == getpgrp()
    }

    /// Returns once the program is in the foreground; until then it is stopped, as a background program that
    /// writes is. To be called within ``withSignals(_:)``.
    ///
    /// - Returns: false when nobody can bring it to the foreground.
    public static func waitForForeground(on terminal: Int32) -> Bool {
        while !isForeground(on: terminal) {
            // In the background this call stops the group; afterwards it begins anew. It changes nothing.
            if tcdrain(terminal) == 0 { return isForeground(on: terminal) }
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// True when a shell would notice that the program stops, can wake it, and wants it to stop.
    public static var canStop: Bool { !isIgnored(SIGTSTP) && !isOrphaned }

    /// Stops the whole group as Ctrl-Z does, and returns once it goes on; at once where nobody could wake it.
    /// To be called within ``withSignals(_:)``.
    public static func stop() {
        var usual = sigaction()
        var before = sigaction()
        usual.__sigaction_handler.sa_handler = SIG_IGN
        sigaction(SIGTSTP, &usual, &before)
        // This reaches the others of the group. A signal for the whole process would be taken by some thread, some
        // time later; the one for this thread has stopped the process when the call returns.
        kill(0, SIGTSTP)
        usual.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(SIGTSTP, &usual, nil)
        pthread_kill(pthread_self(), SIGTSTP)
        sigaction(SIGTSTP, &before, nil)
    }

    static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        sigaction(signal, nil, &action)
        return isIgnoring(action)
    }

    static func isIgnoring(_ action: sigaction) -> Bool {
        // SIG_IGN is the address 1; function pointers cannot be compared in any other way.
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// True when no process of the session outside of the group is there to wake it (POSIX: an orphaned process
    /// group), as for the first program of a terminal. Where that cannot be found out, false.
    static var isOrphaned: Bool { keeper == .nobody }

    /// True when the shell of this job has the terminal, and no other program.
    static func isShellInForeground(on terminal: Int32) -> Bool { keeper == .group(tcgetpgrp(terminal)) }

    /// The process that notices when the job stops and can wake it.
    private enum Keeper: Equatable {
        case group(pid_t)
        case nobody
        case unknown
    }

    /// The nearest ancestor outside of the group, if the session is the same.
    private static var keeper: Keeper {
        let (group, session) = (getpgrp(), getsid(0))
        var ancestor = getppid()
        for _ in 0..<ancestorsMax where ancestor > 0 {
            guard getsid(ancestor) == session else { return .nobody }
            let other = getpgid(ancestor)
            guard other == group else { return .group(other) }
            guard let next = parent(of: ancestor) else { return .unknown }
            ancestor = next
        }
        return .nobody
    }

    private static let ancestorsMax = 64

    /// From `/proc`: "number (name) state parent …", where the name may hold anything.
    private static func parent(of process: pid_t) -> pid_t? {
        let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &buffer, buffer.count)
        let bytes = buffer.prefix(max(0, count))
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 1 else { return nil }
        return pid_t(String(decoding: fields[1], as: UTF8.self))
    }
}

/// The signals that others send to end a program.
public enum EndingSignals {
    /// All whose usual effect ends a program, but for faults, SIGKILL, and SIGPIPE, which is the error of a write.
    public static let all: [Int32] =
        [
            SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ,
            SIGVTALRM,
            SIGPROF, SIGIO, SIGPWR,
        ] + Array(__libc_current_sigrtmin()...__libc_current_sigrtmax())

    static func contains(_ signal: Int32) -> Bool { all.contains(signal) }
}
