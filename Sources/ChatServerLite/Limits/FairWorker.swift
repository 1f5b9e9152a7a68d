import ChatWire
import NIOPosix
import Synchronization

/// Runs expensive work on its own threads. It accepts as many requests as the threads can serve in a given
/// time, and skips those that were cancelled. ``FairQueue`` decides the order.
package final class FairWorker: Sendable {
    /// The queue is full. The asker may try again once the present queue has been served.
    package struct Refused: Error, Equatable {
        /// In seconds.
        package var retryAfter = 2
    }

    private struct Job {
        let run: @Sendable () -> Void
        let refuse: @Sendable () -> Void
        /// When the asker has waited too long.
        let deadline: MonotonicInstant
    }

    private struct State {
        var queue = FairQueue()
        var jobs: [Int: Job] = [:]
        var lastID = 0
        var running = 0
        /// The estimated duration of one request, a moving average.
        var estimate: Duration
    }

    /// How many times the longest wait a request may take. The queue is as long as the usual request allows,
    /// and some take longer, or are overtaken by newer ones of their own asker.
    private static let patience = 3

    private let pool: NIOThreadPool
    private let threads: Int
    private let waitMax: Duration
    private let lengthMax: Int
    private let clock: LimitClock
    private let state: Mutex<State>

    /// - Parameters:
    ///   - estimate: the duration of one request, until it has been measured.
    ///   - waitMax: how long the last request in the queue may wait.
    ///   - lengthMax: the maximum queue length, however short each request is.
    package init(
        threads: Int, estimate: Duration, waitMax: Duration = .seconds(2), lengthMax: Int,
        clock: LimitClock = .system
    ) {
        self.clock = clock
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        self.threads = threads
        self.waitMax = waitMax
        self.lengthMax = lengthMax
        state = Mutex(State(estimate: estimate))
    }

    /// Runs `body` on a thread of the pool.
    ///
    /// - Throws: `Refused` when the queue is full, or the task is cancelled before its turn.
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
                    refuse: { continuation.resume(returning: .failure(Refused())) },
                    deadline: clock.now() + waitMax * Self.patience)
                enqueue(job, id, asker)
                // The task may have been cancelled before the job was in the queue.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
        return try outcome.get()
    }

    /// How many requests wait.
    package var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Remembers an asker who has proved their identity; see ``FairQueue/note(_:isKnown:)``.
    func note(_ asker: FairAsker, isKnown: Bool) {
        state.withLock { $0.queue.note(asker, isKnown: isKnown) }
    }

    /// Finishes the running work and ends the threads.
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

    /// The number of requests that all threads together serve in the longest wait, but never fewer than a
    /// few.
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
        let now = clock.now()
        let (next, late) = state.withLock { state -> (Job?, [Job]) in
            let late = state.jobs.filter { $0.value.deadline < now }
            for id in late.keys {
                _ = state.queue.remove(id)
                state.jobs[id] = nil
            }
            while let id = state.queue.next() {
                if let job = state.jobs.removeValue(forKey: id) { return (job, Array(late.values)) }
            }
            state.running -= 1
            return (nil, Array(late.values))
        }
        for job in late { job.refuse() }
        return next
    }
}
