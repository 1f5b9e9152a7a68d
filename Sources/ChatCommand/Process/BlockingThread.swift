import Glibc

/// Runs blocking work on its own thread, so that the few threads that tasks share stay free.
enum BlockingThread {
    /// The result of the work, once its thread has finished.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let job = Unmanaged.passRetained(Job { continuation.resume(returning: work()) })
            var thread = pthread_t()
            let result = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work()
                    return nil
                }, job.toOpaque())
            if result == 0 {
                pthread_detach(thread)
            } else {
                // Without a free thread, run it here: better late than never.
                job.takeRetainedValue().work()
            }
        }
    }

    private final class Job: Sendable {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) {
            self.work = work
        }
    }
}
