import ChatWire
import Glibc
import Synchronization

/// One thread that waits in poll(2) for all sockets and timers of a client. Actors run on it.
///
/// An actor makes it its executor like this:
///
/// nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
///
/// The actor must keep a strong reference to the thread. Actors on the same thread call each other without changing
/// threads. They must not block.
///
/// Making one costs two descriptors. The thread itself starts with the first work and ends by itself when there is
/// nothing to wait for, so nothing has to be shut down.
public final class IOThread: SerialExecutor, Sendable {
    public typealias Handler = @Sendable (IOInterest) -> Void

    struct WatchIdentifier: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    struct Watch {
        let descriptor: Int32
        var interest: IOInterest
        let handler: Handler
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var timers = TimerQueue<@Sendable () -> Void>()
        var watches: [WatchIdentifier: Watch] = [:]
        /// Changes with `watches`, so that the list for poll(2) is rebuilt only when needed.
        var watchGeneration: UInt64 = 0
        var nextWatchNumber: UInt64 = 0
        var isRunning = false
        /// Whether the thread is waiting or about to wait, so that new work must wake it up.
        var isWaiting = false
    }

    private let state = Mutex(State())
    private let wakeChannel = WakeChannel()
    /// The thread that runs now (pthread_t is an unsigned long), 0 for none.
    private let current = Atomic<UInt>(0)

    /// Without anything to wait for, the thread ends after this long.
    private let idleMilliseconds: Int32
    /// poll(2) does not count the time that the machine sleeps, but the deadlines do: with pending timers, check the
    /// clock at least this often.
    private static let waitMilliseconds: Int64 = 30_000
    /// Jobs that create new jobs delay the sockets by at most this many rounds.
    private static let jobRoundsMax = 16

    public convenience init() {
        self.init(idleMilliseconds: 5_000)
    }

    init(idleMilliseconds: Int32) {
        self.idleMilliseconds = idleMilliseconds
    }

    /// The current time on the clock that all deadlines here use.
    public var now: MonotonicInstant { MonotonicClock.now }

    /// Whether the caller runs on this thread.
    public var isCurrent: Bool { current.load(ordering: .relaxed) == pthread_self() }

    // MARK: - SerialExecutor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        change { $0.jobs.append(job) }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    public func checkIsolated() {
        precondition(isCurrent, "this code must run on its I/O thread")
    }

    public func isIsolatingCurrentContext() -> Bool? {
        isCurrent
    }

    // MARK: - Timers

    /// Runs `action` on the thread at `deadline` or soon after. An actor that lives on the thread may call
    /// `assumeIsolated` in it. If the action is cancelled on the thread before it has begun, it never runs.
    @discardableResult
    public func schedule(at deadline: MonotonicInstant, _ action: @escaping @Sendable () -> Void) -> IOTimer {
        let identifier = change { $0.timers.schedule(action, at: deadline) }
        return IOTimer(thread: self, identifier: identifier)
    }

    /// Runs `action` on the thread after `delay`; see ``schedule(at:_:)``.
    @discardableResult
    public func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> IOTimer {
        schedule(at: now + delay, action)
    }

    /// Suspends the caller until `deadline`. Throws early when its task is cancelled.
    public func sleep(until deadline: MonotonicInstant) async throws(CancellationError) {
        let elapsed = OneShot<Bool>()
        let timer = schedule(at: deadline) { elapsed.resolve(true) }
        guard await elapsed.value(ifCancelled: false) else {
            timer.cancel()
            throw CancellationError()
        }
    }

    /// Suspends the caller for `duration`; see ``sleep(until:)``.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await sleep(until: now + duration)
    }

    fileprivate func cancelTimer(_ identifier: TimerQueue<@Sendable () -> Void>.Identifier) {
        _ = state.withLock { $0.timers.cancel(identifier) }
    }

    // MARK: - Descriptors

    /// Calls `handler` on the thread whenever `descriptor` is ready for something in `interest`, repeatedly while it
    /// is. An error or a hang-up counts as ready for everything. End the watch before you close the descriptor; a
    /// watch that is ended on the thread is not called any more.
    public func watch(
        _ descriptor: Int32, for interest: IOInterest, _ handler: @escaping Handler
    ) -> IOWatch {
        let identifier = change { state in
            let identifier = WatchIdentifier(number: state.nextWatchNumber)
            state.nextWatchNumber += 1
            state.watches[identifier] = Watch(descriptor: descriptor, interest: interest, handler: handler)
            state.watchGeneration += 1
            return identifier
        }
        return IOWatch(thread: self, identifier: identifier)
    }

    fileprivate func changeWatch(_ identifier: WatchIdentifier, to interest: IOInterest) {
        change { state in
            guard let watch = state.watches[identifier], watch.interest != interest else { return }
            state.watches[identifier]?.interest = interest
            state.watchGeneration += 1
        }
    }

    fileprivate func endWatch(_ identifier: WatchIdentifier) {
        let mustWake = state.withLock { state in
            guard state.watches.removeValue(forKey: identifier) != nil else { return false }
            state.watchGeneration += 1
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        // While poll(2) waits on a descriptor, closing it does not close the connection.
        if mustWake { wakeChannel.signal() }
    }

    // MARK: - The thread

    /// Changes the work of the thread, and makes sure that the thread runs and notices.
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, mustStart, mustWake) = state.withLock { state in
            let result = body(&state)
            let before = (isRunning: state.isRunning, isWaiting: state.isWaiting)
            state.isRunning = true
            state.isWaiting = false
            return (result, !before.isRunning, before.isWaiting)
        }
        if mustStart {
            // Without it no actor on this executor could ever continue.
            precondition(Thread.start { self.run() }, "the system has no thread for network I/O")
        } else if mustWake {
            wakeChannel.signal()
        }
        return result
    }

    private func run() {
        current.store(pthread_self(), ordering: .relaxed)
        var pollSet = PollSet(wakeDescriptor: wakeChannel.pollDescriptor)
        repeat {
            runJobs()
            runTimers()
            let timeout = prepareToWait(&pollSet)
            pollSet.wait(milliseconds: timeout)
        } while goesOn(after: pollSet)
    }

    private func runJobs() {
        for _ in 0..<Self.jobRoundsMax {
            var batch: [UnownedJob] = []
            state.withLock { swap(&batch, &$0.jobs) }
            guard !batch.isEmpty else { return }
            for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }

    private func runTimers() {
        let now = now
        // One at a time: an action may cancel the next.
        while let action = state.withLock({ $0.timers.popDue(at: now) }) { action() }
    }

    /// Updates the list for poll(2), and returns how many milliseconds to wait (-1: without limit).
    private func prepareToWait(_ pollSet: inout PollSet) -> Int32 {
        state.withLock { state in
            pollSet.update(generation: state.watchGeneration, watches: state.watches)
            guard state.jobs.isEmpty else { return 0 }
            state.isWaiting = true
            guard let deadline = state.timers.nextDeadline else {
                return state.watches.isEmpty ? idleMilliseconds : -1
            }
            let nanoseconds = max(0, (deadline - now).saturatedNanoseconds)
            // Rounded up: otherwise the last millisecond would be a busy loop.
            let milliseconds = nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1)
            return Int32(min(milliseconds, Self.waitMilliseconds))
        }
    }

    /// Tells the handlers what is ready. Returns false when the thread has nothing left to do.
    private func goesOn(after pollSet: borrowing PollSet) -> Bool {
        guard pollSet.readyCount > 0 else { return !endIfIdle() }
        state.withLock { $0.isWaiting = false }
        if pollSet.isWoken { wakeChannel.drain() }
        for index in pollSet.readyIndices {
            let (identifier, ready) = pollSet[index]
            // An earlier handler may have ended this watch or dropped its interest.
            guard let watch = state.withLock({ $0.watches[identifier] }) else { continue }
            let wanted = ready.intersection(watch.interest)
            if !wanted.isEmpty { watch.handler(wanted) }
        }
        return true
    }

    private func endIfIdle() -> Bool {
        state.withLock { state in
            state.isWaiting = false
            guard state.jobs.isEmpty, state.timers.isEmpty, state.watches.isEmpty else { return false }
            current.store(0, ordering: .relaxed)
            state.isRunning = false
            return true
        }
    }
}

/// A scheduled action on an ``IOThread``.
public struct IOTimer: Sendable {
    fileprivate let thread: IOThread
    fileprivate let identifier: TimerQueue<@Sendable () -> Void>.Identifier

    /// Cancels the action if it has not begun. It may be called from anywhere, more than once.
    public func cancel() {
        thread.cancelTimer(identifier)
    }
}

/// The interest in one descriptor.
public struct IOWatch: Sendable {
    fileprivate let thread: IOThread
    fileprivate let identifier: IOThread.WatchIdentifier

    /// Waits for something else from now on, or for nothing when `interest` is empty.
    public func change(to interest: IOInterest) {
        thread.changeWatch(identifier, to: interest)
    }

    /// Ends the watch: the handler is not called again. It may be called from anywhere, more than once.
    public func end() {
        thread.endWatch(identifier)
    }
}
