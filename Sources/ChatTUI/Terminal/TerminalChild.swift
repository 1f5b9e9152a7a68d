import Glibc

/// A program that has the terminal until it ends, like a job of a shell.
///
/// It leads a process group of its own: what it does to its group, such as stopping it, does not befall this program,
/// which then decides what becomes of both.
enum TerminalChild {
    private static let terminal = STDIN_FILENO

    /// Starts the program at the path `words[0]` and waits for its end. When it stops, this program stops too, so that
    /// the shell is back, and both go on together. Where nobody could wake them, they go on at once.
    ///
    /// - Returns: its wait status; nil when it did not start.
    static func run(_ words: [String], environment: [String: String]) -> Int32? {
        guard let child = GroupLeader.start(words, environment: environment) else { return nil }
        handTerminal(to: child)
        defer { takeTerminal(from: child) }
        while true {
            var status: Int32 = 0
            if waitpid(child, &status, WUNTRACED) < 0 {
                guard errno == EINTR else { return nil }
            } else if status & 0xFF == 0x7F {
                stopped(child, by: (status >> 8) & 0xFF)
            } else {
                return status
            }
        }
    }

    private static func stopped(_ child: pid_t, by signal: Int32) {
        takeTerminal(from: child)
        // It may have been stopped only because it touched the terminal before it was given to it.
        let wantedTerminal = signal == SIGTTIN || signal == SIGTTOU
        if !wantedTerminal || !JobControl.isForeground(on: terminal) { JobControl.stop() }
        handTerminal(to: child)
        kill(-child, SIGCONT)
    }

    /// From the background this waits, stopped, for the foreground: the terminal is the shell's until then.
    private static func handTerminal(to child: pid_t) {
        while tcsetpgrp(terminal, child) != 0, errno == EINTR {}
    }

    private static func takeTerminal(from child: pid_t) {
        guard tcgetpgrp(terminal) == child else { return }
        JobControl.ignoringOutputStop { _ = tcsetpgrp(terminal, getpgrp()) }
    }
}
