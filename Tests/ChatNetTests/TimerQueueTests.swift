import ChatWire
import TestSupport
import Testing

@testable import ChatNet

@Suite("The timer queue")
struct TimerQueueTests {
    private func instant(_ nanoseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds)
    }

    private func drain(_ queue: inout TimerQueue<Int>, at now: Int64) -> [Int] {
        var payloads: [Int] = []
        while let payload = queue.popDue(at: instant(now)) { payloads.append(payload) }
        return payloads
    }

    private func expect(
        _ queue: inout TimerQueue<Int>, at now: Int64, gives payloads: [Int],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let popped = drain(&queue, at: now)
        #expect(popped == payloads, sourceLocation: sourceLocation)
    }

    @Test("What is due comes out in order of deadline, then of arrival")
    func order() {
        var queue = TimerQueue<Int>()
        #expect(queue.nextDeadline == nil)
        _ = queue.schedule(1, at: instant(30))
        _ = queue.schedule(2, at: instant(10))
        _ = queue.schedule(3, at: instant(20))
        _ = queue.schedule(4, at: instant(10))
        #expect(queue.nextDeadline == instant(10))
        expect(&queue, at: 9, gives: [])
        expect(&queue, at: 20, gives: [2, 4, 3])
        #expect(queue.nextDeadline == instant(30))
        expect(&queue, at: 1000, gives: [1])
        #expect(queue.isEmpty)
        #expect(queue.nextDeadline == nil)
    }

    @Test func cancelledTimersNeverComeOut() {
        var queue = TimerQueue<Int>()
        let first = queue.schedule(1, at: instant(10))
        let second = queue.schedule(2, at: instant(20))
        let isFirst = queue.cancel(first)
        let isAgain = queue.cancel(first)
        #expect(isFirst && !isAgain)
        #expect(queue.nextDeadline == instant(20))
        expect(&queue, at: 100, gives: [2])
        let isLate = queue.cancel(second)
        #expect(!isLate)
    }

    @Test("Like a sorted list, whatever is scheduled and cancelled")
    func model() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        var queue = TimerQueue<Int>()
        var model: [(deadline: Int64, payload: Int, identifier: TimerQueue<Int>.Identifier)] = []
        for payload in 0..<5_000 {
            switch generator.next() % 4 {
            case 0, 1:
                let deadline = Int64(generator.next() % 1_000)
                model.append((deadline, payload, queue.schedule(payload, at: instant(deadline))))
            case 2 where !model.isEmpty:
                let victim = model.remove(at: Int(generator.next() % UInt64(model.count)))
                let wasThere = queue.cancel(victim.identifier)
                #expect(wasThere, "seed \(seed)")
            default:
                let now = Int64(generator.next() % 300)
                let due = model.filter { $0.deadline <= now }
                    .sorted { ($0.deadline, $0.payload) < ($1.deadline, $1.payload) }
                model.removeAll { $0.deadline <= now }
                let popped = drain(&queue, at: now)
                #expect(popped == due.map(\.payload), "seed \(seed)")
            }
            #expect(queue.count == model.count, "seed \(seed)")
            #expect(queue.nextDeadline == model.map(\.deadline).min().map(instant), "seed \(seed)")
        }
    }
}
