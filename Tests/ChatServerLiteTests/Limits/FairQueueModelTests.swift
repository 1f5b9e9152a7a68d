import ChatWire
import TestSupport
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Properties of the fair queue that hold for every order of calls.
@Suite struct FairQueueModelTests {
    /// Each request that was added is served once, dropped once, cancelled once, or still waits.
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func noRequestIsLostOrServedTwice(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = FairQueue()
        var waiting: Set<Int> = []
        for id in 0..<500 {
            let asker = FairAsker(
                group: "g\(Int.random(in: 0..<5, using: &random))",
                member: "m\(Int.random(in: 0..<3, using: &random))")
            let capacity = Int.random(in: 0...12, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0...2:
                waiting.insert(id)
                let dropped = queue.add(id, for: asker, capacity: capacity)
                // Something is dropped exactly when there is no room.
                #expect((dropped != nil) == (waiting.count > capacity), "seed \(seed), step \(id)")
                if let dropped { #expect(waiting.remove(dropped) != nil, "seed \(seed), step \(id)") }
            case 3:
                let served = queue.next()
                #expect((served == nil) == waiting.isEmpty, "seed \(seed), step \(id)")
                if let served { #expect(waiting.remove(served) != nil, "seed \(seed), step \(id)") }
            case 4:
                let chosen = Int.random(in: 0...id, using: &random)
                #expect(queue.remove(chosen) == (waiting.remove(chosen) != nil), "seed \(seed), step \(id)")
            default:
                queue.note(asker, isKnown: Bool.random(using: &random))
            }
            #expect(queue.count == waiting.count, "seed \(seed), step \(id)")
        }
    }

    /// A group with one request is served within two turns of each group, whatever the others have waiting.
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func aSingleRequestIsServedSoon(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = FairQueue()
        let groups = Int.random(in: 1...8, using: &random)
        for id in 0..<400 {
            let asker = FairAsker(
                group: "g\(id % groups)", member: "m\(Int.random(in: 0..<9, using: &random))")
            if Int.random(in: 0..<9, using: &random) == 0 { queue.note(asker, isKnown: true) }
            _ = queue.add(id, for: asker, capacity: .max)
        }
        for _ in 0..<Int.random(in: 0...50, using: &random) { _ = queue.next() }
        _ = queue.add(1000, for: FairAsker(group: "single"), capacity: .max)
        let served = (0..<2 * (groups + 1)).map { _ in queue.next() }
        #expect(served.contains(1000), "seed \(seed): \(served)")
    }

    /// Of one member, the newest request is served first: in a flood the older ones have been given up.
    @Test func theNewestOfAMemberComesFirst() {
        var queue = FairQueue()
        for id in 1...5 { _ = queue.add(id, for: FairAsker(group: "a"), capacity: 10) }
        let served = (0..<6).map { _ in queue.next() }
        #expect(served == [5, 4, 3, 2, 1, nil])
    }

    /// In a full queue the largest group's largest member loses its oldest request.
    @Test func theLargestLosesItsOldest() {
        var queue = FairQueue()
        for (id, asker) in [("a", "x"), ("a", "x"), ("a", "y"), ("b", "z"), ("b", "z")].enumerated() {
            _ = queue.add(id, for: FairAsker(group: asker.0, member: asker.1), capacity: 5)
        }
        let first = queue.add(5, for: FairAsker(group: "c"), capacity: 5)
        #expect(first == 0)
        let second = queue.add(6, for: FairAsker(group: "b", member: "z"), capacity: 5)
        #expect(second == 3)
        let third = queue.add(7, for: FairAsker(group: "d"), capacity: 5)
        #expect(third == 4)
    }

    /// The newest request of a known asker is never dropped while others can be.
    @Test func aKnownAskersNewestStays() {
        var queue = FairQueue()
        let known = FairAsker(group: "a", member: "ana")
        queue.note(known, isKnown: true)
        for id in 0..<3 { _ = queue.add(id, for: known, capacity: 3) }
        // Of the known asker's own requests, the older ones may go.
        #expect(queue.add(3, for: FairAsker(group: "b"), capacity: 3) == 0)
        #expect(queue.add(4, for: FairAsker(group: "c"), capacity: 3) == 1)
        let next = queue.add(5, for: FairAsker(group: "d"), capacity: 3)
        #expect(next != 2)
        // Whoever fails to prove who they are is known no longer.
        queue.note(known, isKnown: false)
        var left: [Int] = []
        while let id = queue.next() { left.append(id) }
        #expect(left.contains(2))
    }

    @Test func membersOfAGroupTakeTurns() {
        var queue = FairQueue()
        for id in 0..<6 {
            _ = queue.add(id, for: FairAsker(group: "a", member: id < 4 ? "greedy" : "modest"), capacity: 10)
        }
        let served = (0..<4).compactMap { _ in queue.next() }
        #expect(served.filter { $0 >= 4 } == [5, 4])
    }
}

/// A token bucket for each key, beside a plain calculation.
@Suite struct RateCounterModelTests {
    /// Whatever the order, no key gets more than a burst and what has come back since, and a refusal names the
    /// very moment at which the amount is there.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func noKeyGetsMoreThanItsRate(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rate = Rate(burst: Int.random(in: 1...20, using: &random), period: .seconds(10))
        var counter = RateCounter<Int>(rate)
        var now = MonotonicInstant(nanoseconds: 0)
        var given: [Int: [(time: MonotonicInstant, count: Int)]] = [:]
        for step in 0..<400 {
            now = now + .milliseconds(Int.random(in: 0...700, using: &random))
            let key = Int.random(in: 0..<3, using: &random)
            let count = Int.random(in: 1...3, using: &random)
            if let wait = counter.spend(count, from: key, now: now) {
                guard count <= rate.burst else { continue }
                var (early, onTime) = (counter, counter)
                let isEarly = early.take(count, from: key, now: now + wait - .nanoseconds(1))
                let isOnTime = onTime.take(count, from: key, now: now + wait)
                #expect(!isEarly && isOnTime, "seed \(seed), step \(step)")
                continue
            }
            given[key, default: []].append((now, count))
            // In every span that ends now, the key got at most a burst and what came back in that span.
            var sum = 0
            for (time, count) in (given[key] ?? []).reversed() {
                sum += count
                let back = Double(rate.burst) * ((now - time) / rate.period)
                #expect(Double(sum) <= Double(rate.burst) + back + 1e-6, "seed \(seed), step \(step)")
            }
        }
    }

    /// A bucket that is idle for a period is full, and forgetting it changes nothing.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func anIdleKeyIsFullAgain(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rate = Rate(burst: 5, period: .seconds(10))
        var counter = RateCounter<Int>(rate)
        var now = MonotonicInstant(nanoseconds: 0)
        for _ in 0..<50 {
            let wanted = Int.random(in: 1...5, using: &random)
            _ = counter.take(wanted, from: 1, now: now)
            // Other keys make it clear its memory at odd moments.
            _ = counter.take(from: 2, now: now + .seconds(5))
            now = now + .seconds(10)
            let whole = counter.take(5, from: 1, now: now)
            let more = counter.take(from: 1, now: now)
            #expect(whole && !more, "seed \(seed)")
            now = now + .seconds(10)
        }
    }

    /// More than a burst is never there.
    @Test func anAmountBeyondTheBurstIsAlwaysRefused() {
        var counter = RateCounter<Int>(Rate(burst: 3, period: .seconds(3)))
        let start = MonotonicInstant(nanoseconds: 0)
        let taken = [4, 3].map { counter.take($0, from: 1, now: start) }
        let later = counter.take(4, from: 1, now: start + .seconds(1000))
        #expect(taken == [false, true] && !later)
    }
}
