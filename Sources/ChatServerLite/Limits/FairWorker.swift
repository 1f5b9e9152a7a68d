import ChatWire
import NIOPosix
import Synchronization

/// Does what costs much on threads of its own, for as many as the threads can serve in a given time, and for nobody
/// who has gone meanwhile. Who is served is ``FairQueue``'s decision.
package final class FairWorker: Sendable {
    /// Too much waits already: the asker may try again after the time that the queue takes.
    package struct Refused: Error, Equatable {
        /// In seconds.
        package var retryAfter = 2
    }

    private struct Job {
        let run: @Sendable () -> Void
        let refuse: @Sendable () -> Void
    }

    private struct State {
        var queue = FairQueue()
        var jobs: [Int: Job] = [:]
        var lastID = 0
        var running = 0
        /// How long one takes, as far as has been seen.
        var estimate: Duration
    }

    private let pool: NIOThreadPool
    private let threads: Int
    private let waitMax: Duration
    private let lengthMax: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - estimate: how long one takes, before that has been seen.
    ///   - waitMax: how long the last in the queue may have to wait.
    ///   - lengthMax: how many may wait at most, however little each takes.
    package init(threads: Int, estimate: Duration, waitMax: Duration = .seconds(2), lengthMax: Int) {
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        self.threads = threads
        self.waitMax = waitMax
        self.lengthMax = lengthMax
        state = Mutex(State(estimate: estimate))
    }

    /// Runs `body`; when the task is cancelled before its turn has come, it is not run.
    package func run<Result: Sendable>(
        for asker: FairAsker, _ body: @Sendable @escaping () -> Result
    ) async throws(Refused) -> Result {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let outcome: Swift.Result<Result, Refused> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = Job(
                    run: { continuation.resume(returning: .success(body())) },
                    refuse: { continuation.resume(returning: .failure(Refused())) })
                enqueue(job, id, asker)
                // It may have been cancelled before there was anything to take out.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
        return try outcome.get()
    }

    /// Remembers who has shown who they are; see ``FairQueue/note(_:isKnown:)``.
    func note(_ asker: FairAsker, isKnown: Bool) {
        state.withLock { $0.queue.note(asker, isKnown: isKnown) }
    }

    /// Ends the threads once the work at hand is done.
    package func shutdown() async { try? await pool.shutdownGracefully() }

    private func enqueue(_ job: Job, _ id: Int, _ asker: FairAsker) {
        let (refused, startsThread): (Job?, Bool) = state.withLock { state in
            state.jobs[id] = job
            let given = state.queue.add(id, for: asker, capacity: capacity(state.estimate))
            let starts = state.running < threads && state.queue.count > 0
            if starts { state.running += 1 }
            return (given.flatMap { state.jobs.removeValue(forKey: $0) }, starts)
        }
        refused?.refuse()
        if startsThread { pool.submit { self.work(isActive: $0 == .active) } }
    }

    /// As many as all threads together serve in the longest wait; a few always.
    private func capacity(_ estimate: Duration) -> Int {
        let served = Double(threads) * (waitMax / max(estimate, .microseconds(1)))
        return min(lengthMax, max(8, Int(min(served, 1_000_000))))
    }

    private func cancel(_ id: Int) {
        let job = state.withLock { state -> Job? in
            guard state.queue.remove(id) else { return nil }
            return state.jobs.removeValue(forKey: id)
        }
        job?.refuse()
    }

    private func work(isActive: Bool) {
        while let job = takeNext() {
            guard isActive else {
                job.refuse()
                continue
            }
            let start = ServerClock.monotonic()
            job.run()
            let taken = ServerClock.monotonic() - start
            state.withLock { $0.estimate = ($0.estimate * 7 + taken) / 8 }
        }
    }

    private func takeNext() -> Job? {
        state.withLock { state in
            while let id = state.queue.next() {
                if let job = state.jobs.removeValue(forKey: id) { return job }
            }
            state.running -= 1
            return nil
        }
    }
}
