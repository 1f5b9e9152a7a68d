import Glibc

/// Threads that do one thing and end.
enum Thread {
    private final class Body {
        let run: () -> Void

        init(_ run: @escaping () -> Void) {
            self.run = run
        }
    }

    /// Runs `body` on a new detached thread. The thread blocks all signals except those for its own faults: the main
    /// thread handles signals. Returns false when the system has no more threads.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var blocked = sigset_t()
        sigfillset(&blocked)
        // The Swift runtime uses the last one to halt a thread and print its backtrace.
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGPROF] {
            sigdelset(&blocked, signal)
        }
        // A new thread inherits its creator's mask.
        var before = sigset_t()
        pthread_sigmask(SIG_SETMASK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let box = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard result == 0 else {
            box.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
