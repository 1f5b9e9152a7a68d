import ChatWire
import Dispatch
import Synchronization
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct FairQueueTests {
    private func asker(_ group: String, _ member: String = "") -> FairAsker {
        FairAsker(group: group, member: member)
    }

    /// Three hundred wrong requests compete with a right one, wherever they come from and whatever account
    /// they name.
    @Test(arguments: ["one account", "many accounts", "the same account", "many addresses"])
    func nobodyIsShutOut(by flood: String) {
        var queue = FairQueue()
        func attacker(_ number: Int) -> FairAsker {
            switch flood {
            case "one account": asker("10.0.0.1", "ana")
            case "many accounts": asker("10.0.0.1", "x\(number)")
            case "the same account": asker("10.0.0.1", "bia")
            default: asker("10.0.0.\(number)", "x\(number)")
            }
        }
        for number in 0..<300 { _ = queue.add(number, for: attacker(number), capacity: 12) }
        #expect(queue.count == 12)
        let gone = queue.add(1000, for: asker("10.0.0.1", "bia"), capacity: 12)
        #expect(gone != nil && gone != 1000)
        let served = (0..<12).compactMap { _ in queue.next() }
        #expect(served.count == 12)
        #expect(served.prefix(2).contains(1000))
        let rest = queue.next()
        #expect(rest == nil)
    }

    @Test func aKnownAskerStaysAndIsPreferred() {
        var queue = FairQueue()
        queue.note(asker("a", "bia"), isKnown: true)
        _ = queue.add(1, for: asker("a", "bia"), capacity: 4)
        for number in 10..<100 { _ = queue.add(number, for: asker("a", "x\(number)"), capacity: 4) }
        #expect(queue.count == 4)
        let preferred = queue.next()
        #expect(preferred == 1)
        // Every second turn considers everybody, so a known asker shuts nobody out.
        for number in 2..<10 { _ = queue.add(number, for: asker("a", "bia"), capacity: 40) }
        let served = [queue.next(), queue.next()]
        #expect(served.contains { ($0 ?? 0) >= 10 })
    }

    @Test func groupsTakeTurns() {
        var queue = FairQueue()
        for number in 0..<10 { _ = queue.add(number, for: asker("a"), capacity: 100) }
        for number in 10..<12 { _ = queue.add(number, for: asker("b"), capacity: 100) }
        let served = (0..<4).compactMap { _ in queue.next() }
        #expect(served.filter { $0 >= 10 }.count == 2)
    }

    @Test func aQueueWithoutCapacityRefusesTheNewcomer() {
        var queue = FairQueue()
        let refused = queue.add(1, for: asker("a"), capacity: 0)
        let taken = queue.add(1, for: asker("a"), capacity: 1)
        #expect(refused == 1 && taken == nil)
        let (first, second) = (queue.remove(1), queue.remove(1))
        #expect(first && !second)
    }

    private final class Served: Sendable {
        let numbers = Mutex<[Int]>([])
        let entered = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
    }

    /// A request that was cancelled before its turn is not served.
    @Test func aCancelledRequestIsNotServed() async throws {
        let worker = FairWorker(threads: 1, estimate: .milliseconds(1), lengthMax: 100)
        let served = Served()
        let first = Task {
            try await worker.run(for: FairAsker(group: "a")) {
                served.entered.continuation.yield()
                served.gate.wait()
            }
        }
        for await _ in served.entered.stream { break }
        let waiting = Task {
            try await worker.run(for: FairAsker(group: "b")) { served.numbers.withLock { $0.append(1) } }
        }
        waiting.cancel()
        await #expect(throws: FairWorker.Refused.self) { try await waiting.value }
        served.gate.signal()
        try await first.value
        try await worker.run(for: FairAsker(group: "c")) { served.numbers.withLock { $0.append(2) } }
        #expect(served.numbers.withLock { $0 } == [2])
        await worker.shutdown()
    }

    /// A request that has waited too long is refused, however short the queue is.
    @Test func aRequestDoesNotWaitForever() async throws {
        let time = VirtualClock()
        let readings = AsyncStream<Void>.makeStream()
        let clock = LimitClock {
            readings.continuation.yield()
            return time.now
        }
        let worker = FairWorker(
            threads: 1, estimate: .milliseconds(1), waitMax: .seconds(2), lengthMax: 100, clock: clock)
        let served = Served()
        let first = Task {
            try await worker.run(for: FairAsker(group: "a")) {
                served.entered.continuation.yield()
                served.gate.wait()
            }
        }
        for await _ in served.entered.stream { break }
        var reading = readings.stream.makeAsyncIterator()
        // The clock was read for the deadline of the first request, and when its turn came.
        for _ in 0..<2 { await reading.next() }
        let second = Task {
            try await worker.run(for: FairAsker(group: "b")) { served.numbers.withLock { $0.append(1) } }
        }
        await reading.next()
        time.pass(.seconds(7))
        served.gate.signal()
        try await first.value
        await #expect(throws: FairWorker.Refused.self) { try await second.value }
        #expect(served.numbers.withLock { $0 } == [])
        await worker.shutdown()
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2/64"), ("", ""),
    ])
    func groupsAddressesByNetwork(address: String, name: String) {
        #expect(PeerNetwork.name(of: address) == name)
    }

    @Test func aRateAllowsABurstAndThenAsMuchPerPeriod() {
        var counter = RateCounter<Int>(Rate(burst: 3, period: .seconds(3)))
        let start = MonotonicInstant(nanoseconds: 0)
        var taken: [Bool] = []
        for _ in 0..<5 { taken.append(counter.take(from: 1, now: start)) }
        #expect(taken == [true, true, true, false, false])
        let another = counter.take(from: 2, now: start)
        let later = counter.take(from: 1, now: start + .seconds(1))
        let tooSoon = counter.take(from: 1, now: start + .seconds(1))
        let muchLater = counter.take(3, from: 1, now: start + .seconds(60))
        #expect([another, later, tooSoon, muchLater] == [true, true, false, true])
    }
}
