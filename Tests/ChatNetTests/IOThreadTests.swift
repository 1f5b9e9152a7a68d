import ChatWire
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import ChatNet

@Suite("The I/O thread", .timeLimit(.minutes(2)))
struct IOThreadTests {
    /// An actor that lives on the thread.
    private actor Resident {
        nonisolated let thread: IOThread
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        private(set) var count = 0

        init(_ thread: IOThread) {
            self.thread = thread
        }

        func increment() -> Bool {
            count += 1
            return thread.isCurrent
        }

        func callNeighbour(_ neighbour: Resident) async -> Bool {
            let here = await neighbour.increment()
            return here && thread.isCurrent
        }

        func incrementSoon(_ done: AsyncStream<Int>.Continuation) {
            thread.schedule(after: .milliseconds(1)) {
                self.assumeIsolated { resident in
                    _ = resident.increment()
                    done.yield(resident.count)
                    done.finish()
                }
            }
        }
    }

    @Test func actorsLiveOnIt() async {
        let thread = IOThread()
        #expect(!thread.isCurrent)
        let resident = Resident(thread)
        #expect(await resident.increment())
        #expect(await resident.callNeighbour(Resident(thread)))
        #expect(await resident.count == 1)
        #expect(thread.isIsolatingCurrentContext() == false)
    }

    @Test("Calls from many tasks at once are all carried out, one at a time")
    func manyCallers() async {
        let resident = Resident(IOThread())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    for _ in 0..<50 { _ = await resident.increment() }
                }
            }
        }
        #expect(await resident.count == 10_000)
    }

    @Test("A timer's action is isolated to the actors of the thread")
    func timersAreIsolated() async {
        let resident = Resident(IOThread())
        let (counts, done) = AsyncStream.makeStream(of: Int.self)
        await resident.incrementSoon(done)
        var seen: [Int] = []
        for await count in counts { seen.append(count) }
        #expect(seen == [1])
    }

    @Test func timersRunInOrderOfDeadline() async {
        let thread = IOThread()
        let (fired, done) = AsyncStream.makeStream(of: Int.self)
        let start = thread.now + .milliseconds(20)
        thread.schedule(at: start + .milliseconds(2)) {
            done.yield(3)
            done.finish()
        }
        thread.schedule(at: start + .milliseconds(1)) { done.yield(2) }
        thread.schedule(at: start) { done.yield(1) }
        let cancelled = thread.schedule(at: start) { done.yield(99) }
        cancelled.cancel()
        cancelled.cancel()
        var order: [Int] = []
        for await number in fired { order.append(number) }
        #expect(order == [1, 2, 3])
    }

    @Test("A timer never comes early")
    func deadlines() async throws {
        let thread = IOThread()
        for milliseconds in [0, 1, 7] {
            let deadline = thread.now + .milliseconds(milliseconds)
            try await thread.sleep(until: deadline)
            #expect(thread.now >= deadline)
        }
        try await thread.sleep(until: thread.now - .seconds(1))
    }

    @Test func aSleepEndsWhenItsTaskIsCancelled() async {
        let thread = IOThread()
        let sleeper = Task { () -> Bool in
            do {
                try await thread.sleep(until: .distantFuture)
                return false
            } catch {
                return true
            }
        }
        sleeper.cancel()
        #expect(await sleeper.value)
    }

    @Test("An action may schedule the next, for as long as it likes")
    func chains() async {
        let thread = IOThread()
        let (counts, done) = AsyncStream.makeStream(of: Int.self)
        let countdown = Countdown(thread: thread, from: 100, done: done)
        countdown.step()
        var last = 0
        for await count in counts { last = count }
        #expect(last == 100)
    }

    @Test("The thread ends when it has nothing to do, and begins again, and nothing is lost in between")
    func restarts() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let thread = IOThread(idleMilliseconds: 1)
        let resident = Resident(thread)
        for round in 1...300 {
            // About as long as the thread waits before it ends.
            try await Task.sleep(for: .microseconds(Int64(generator.next() % 2_500)))
            let isHere = await resident.increment()
            #expect(isHere, "seed \(seed)")
            let count = await resident.count
            #expect(count == round, "seed \(seed)")
        }
        try await thread.sleep(for: .milliseconds(1))
    }

    @Test("The thread takes no signals, and its creator keeps its own")
    func signals() async {
        let thread = IOThread()
        let (masks, done) = AsyncStream.makeStream(of: [Bool].self)
        let before = Self.blockedSignals()
        thread.schedule(after: .zero) {
            done.yield(Self.blockedSignals())
            done.finish()
        }
        #expect(Self.blockedSignals() == before)
        for await blocked in masks { #expect(blocked == [true, true, true, true, false]) }
    }

    private static func blockedSignals() -> [Bool] {
        var mask = sigset_t()
        pthread_sigmask(SIG_SETMASK, nil, &mask)
        return [SIGTERM, SIGINT, SIGWINCH, SIGCHLD, SIGSEGV].map { sigismember(&mask, $0) == 1 }
    }

    private final class Countdown: Sendable {
        private let thread: IOThread
        private let done: AsyncStream<Int>.Continuation
        private let goal: Int
        private let count = Mutex(0)

        init(thread: IOThread, from goal: Int, done: AsyncStream<Int>.Continuation) {
            self.thread = thread
            self.goal = goal
            self.done = done
        }

        func step() {
            let value = count.withLock {
                $0 += 1
                return $0
            }
            done.yield(value)
            if value == goal { done.finish() } else { thread.schedule(after: .zero) { self.step() } }
        }
    }
}

@Suite("Watching descriptors", .timeLimit(.minutes(2)))
struct IOWatchTests {
    private let thread = IOThread()

    /// Both ends of a pipe, closed with this object.
    private final class Pipe: Sendable {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            close(reading)
            close(writing)
        }

        func write() {
            var byte: UInt8 = 1
            #expect(Glibc.write(writing, &byte, 1) == 1)
        }

        func read() {
            var byte: UInt8 = 0
            #expect(Glibc.read(reading, &byte, 1) == 1)
        }
    }

    @Test func aHandlerIsCalledForEachReadiness() async throws {
        let pipe = try Pipe()
        let (calls, call) = AsyncStream.makeStream(of: IOInterest.self)
        let watch = thread.watch(pipe.reading, for: .readable) { ready in
            pipe.read()
            call.yield(ready)
        }
        var iterator = calls.makeAsyncIterator()
        for _ in 0..<100 {
            pipe.write()
            #expect(await iterator.next() == .readable)
        }
        watch.end()
        watch.end()
    }

    @Test func aHandlerMayEndItsWatch() async throws {
        let pipe = try Pipe()
        let count = Counter()
        let (calls, call) = AsyncStream.makeStream(of: Void.self)
        let holder = Mutex<IOWatch?>(nil)
        pipe.write()
        await withCheckedContinuation { installed in
            thread.schedule(after: .zero) { [thread] in
                let watch = thread.watch(pipe.reading, for: .readable) { _ in
                    // The byte stays in the pipe: if the watch did not end, this would be called forever.
                    count.increment()
                    holder.withLock { $0 }?.end()
                    call.yield()
                }
                holder.withLock { $0 = watch }
                installed.resume()
            }
        }
        for await _ in calls { break }
        // Enough rounds for another call.
        for _ in 0..<10 { try await thread.sleep(for: .zero) }
        #expect(count.value == 1)
    }

    @Test("Without interest nothing is reported; with it again, what is there is")
    func changingInterest() async throws {
        let pipe = try Pipe()
        let count = Counter()
        let (calls, call) = AsyncStream.makeStream(of: IOInterest.self)
        let watch = thread.watch(pipe.reading, for: []) { ready in
            count.increment()
            call.yield(ready)
        }
        pipe.write()
        for _ in 0..<10 { try await thread.sleep(for: .zero) }
        #expect(count.value == 0)
        watch.change(to: [.readable])
        for await ready in calls {
            #expect(ready == .readable)
            break
        }
        watch.end()
    }
}
