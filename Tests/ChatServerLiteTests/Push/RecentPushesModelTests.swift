import ChatWire
import TestSupport
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Repeated pushes beside a plain calculation, in random order.
@Suite struct RecentPushesModelTests {
    /// One push on its way, as the rule describes it.
    private struct Way {
        let text: Int
        var deliveries: Set<Int64>
        var isQueued = false
        let begun: Int64
        /// When the last delivery was tried.
        var done: Int64?

        /// Whether an equal message at the time is a repetition: while it is under way, at most ten seconds, and for a
        /// second after it was tried everywhere.
        func covers(_ time: Int64) -> Bool {
            if let done { return time < done + 1000 }
            return time < begun + 10_000
        }
    }

    private func message(_ number: Int) -> Message {
        Message(
            id: MessageID(1), senderID: UserID(1), receiverID: UserID(2), content: "text \(number)",
            isRead: false, createdAt: Timestamp(seconds: 1))
    }

    private func at(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func itAgreesWithTheRule(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var recent = RecentPushes()
        var ways: [Way] = []
        var time: Int64 = 0
        var nextDelivery: Int64 = 1
        for step in 0..<300 {
            time += Int64.random(in: 0...1500, using: &random)
            let text = Int.random(in: 0..<3, using: &random)
            let present = ways.lastIndex { $0.text == text && $0.covers(time) }
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let isFresh = recent.begin(message(text), now: at(time))
                #expect(isFresh == (present == nil), "seed \(seed), step \(step)")
                if isFresh { ways.append(Way(text: text, deliveries: [], begun: time)) }
            case 1:
                // A push is queued once, soon after it has begun.
                guard let present, !ways[present].isQueued, ways[present].done == nil else { continue }
                let count = Int64.random(in: 0...3, using: &random)
                let deliveries = Array(nextDelivery..<nextDelivery + count)
                nextDelivery += count
                recent.queued(message(text), as: deliveries, now: at(time))
                ways[present].isQueued = true
                ways[present].deliveries = Set(deliveries)
                if deliveries.isEmpty { ways[present].done = time }
            default:
                guard let present,
                    let delivery = ways[present].deliveries.sorted().randomElement(using: &random)
                else { continue }
                recent.tried(delivery, now: at(time))
                ways[present].deliveries.remove(delivery)
                if ways[present].deliveries.isEmpty { ways[present].done = time }
            }
        }
    }
}
