import ChatCrypto
import ChatWire
import TestSupport
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct PushQueueTests {
    private static let key = P256PrivateKey().publicKey
    private let start = Timestamp(seconds: 1_800_000_000)

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: start.seconds + seconds) }

    private func delivery(
        _ id: Int64, to subscription: Int64, origin: String = "a", expires: Int64 = 86_400
    ) -> PushDelivery {
        PushDelivery(
            id: id, subscriptionID: SubscriptionID(subscription),
            subscription: PushSubscription(origin: origin, key: Self.key), payload: [], topic: "t",
            attempts: 0,
            nextAttempt: start, expires: at(expires))
    }

    private func started(_ queue: inout PushQueue, at seconds: Int64) -> [Int64] {
        queue.start(now: at(seconds)) { $0.endpoint }.map(\.id)
    }

    @Test func aSubscriptionHasOneDeliveryInProgressInOrder() {
        var queue = PushQueue()
        for id in Int64(1)...3 { queue.add(delivery(id, to: 7)) }
        #expect(started(&queue, at: 0) == [1])
        #expect(started(&queue, at: 0) == [])
        #expect(queue.deadline(now: at(0)) == nil)
        #expect(queue.finish(delivery(1, to: 7), .delivered, now: at(1)) == .remove(delivery: 1))
        #expect(started(&queue, at: 1) == [2])
        #expect(queue.finish(delivery(2, to: 7), .refused, now: at(1)) == .remove(delivery: 2))
        #expect(started(&queue, at: 1) == [3])
    }

    @Test func failuresBackOffAndDelayTheOthers() {
        var queue = PushQueue()
        queue.add(delivery(1, to: 7))
        queue.add(delivery(2, to: 7))
        queue.add(delivery(3, to: 8))
        #expect(started(&queue, at: 0) == [1, 3])
        #expect(
            queue.finish(delivery(1, to: 7), .unavailable(retryAfter: nil), now: at(0))
                == .postpone(delivery: 1, attempts: 1, until: at(5)))
        #expect(started(&queue, at: 4) == [])
        #expect(queue.deadline(now: at(4)) == at(5))
        let again = queue.start(now: at(5)) { $0.endpoint }
        #expect(again.map(\.id) == [1])
        #expect(again.first?.attempts == 1)
        #expect(
            again.first.flatMap { queue.finish($0, .unavailable(retryAfter: nil), now: at(5)) }
                == .postpone(delivery: 1, attempts: 2, until: at(15)))
    }

    @Test func retryAfterIsHonoured() {
        var queue = PushQueue()
        queue.add(delivery(1, to: 7))
        #expect(started(&queue, at: 0) == [1])
        #expect(
            queue.finish(delivery(1, to: 7), .unavailable(retryAfter: .seconds(120)), now: at(0))
                == .postpone(delivery: 1, attempts: 1, until: at(120)))
        #expect(started(&queue, at: 119) == [])
        #expect(started(&queue, at: 120) == [1])
    }

    @Test func givesUpAfterTheLastAttempt() {
        var limits = PushQueue.Limits()
        limits.attempts = 3
        var queue = PushQueue(limits: limits)
        queue.add(delivery(1, to: 7))
        var verdicts: [PushVerdict?] = []
        for second in stride(from: Int64(0), through: 200, by: 100) {
            for delivery in queue.start(now: at(second), origin: { $0.endpoint }) {
                verdicts.append(queue.finish(delivery, .unavailable(retryAfter: nil), now: at(second)))
            }
        }
        #expect(
            verdicts == [
                .postpone(delivery: 1, attempts: 1, until: at(5)),
                .postpone(delivery: 1, attempts: 2, until: at(110)), .remove(delivery: 1),
            ])
        #expect(started(&queue, at: 1000) == [])
    }

    @Test func doesNotWaitBeyondTheExpiry() {
        var queue = PushQueue()
        queue.add(delivery(1, to: 7, expires: 10))
        queue.add(delivery(2, to: 7, expires: 10))
        #expect(started(&queue, at: 0) == [1])
        #expect(
            queue.finish(delivery(1, to: 7, expires: 10), .unavailable(retryAfter: .seconds(60)), now: at(0))
                == .remove(delivery: 1))
        #expect(queue.expire(now: at(9)) == [])
        #expect(queue.expire(now: at(10)) == [.remove(delivery: 2)])
        #expect(started(&queue, at: 10) == [])
    }

    @Test func aDeliveryInProgressDoesNotExpire() {
        var queue = PushQueue()
        queue.add(delivery(1, to: 7, expires: 10))
        #expect(started(&queue, at: 0) == [1])
        #expect(queue.expire(now: at(20)) == [])
        #expect(
            queue.finish(delivery(1, to: 7, expires: 10), .delivered, now: at(20)) == .remove(delivery: 1))
    }

    @Test func anEndedSubscriptionLosesItsQueue() {
        var queue = PushQueue()
        for id in Int64(1)...3 { queue.add(delivery(id, to: 7)) }
        #expect(started(&queue, at: 0) == [1])
        #expect(queue.finish(delivery(1, to: 7), .gone, now: at(0)) == .prune(SubscriptionID(7)))
        #expect(started(&queue, at: 0) == [])
        #expect(queue.room == PushQueue.Limits().held)
    }

    @Test func aForgottenSubscriptionHasNoVerdict() {
        var queue = PushQueue()
        queue.add(delivery(1, to: 7))
        #expect(started(&queue, at: 0) == [1])
        queue.forget(SubscriptionID(7))
        #expect(queue.finish(delivery(1, to: 7), .delivered, now: at(0)) == nil)
        #expect(queue.room == PushQueue.Limits().held)
    }

    @Test func aServiceThatNeverAnswersLeavesRoomForTheOthers() {
        var limits = PushQueue.Limits()
        limits.underWay = 4
        limits.underWayPerOrigin = 2
        var queue = PushQueue(limits: limits)
        for id in Int64(1)...5 { queue.add(delivery(id, to: id, origin: "dead")) }
        for id in Int64(6)...8 { queue.add(delivery(id, to: id, origin: "alive")) }
        #expect(started(&queue, at: 0) == [1, 2, 6, 7])
        #expect(
            queue.finish(delivery(6, to: 6, origin: "alive"), .delivered, now: at(0)) == .remove(delivery: 6))
        #expect(started(&queue, at: 0) == [8])
        #expect(
            queue.finish(delivery(1, to: 1), .unavailable(retryAfter: nil), now: at(0))
                == .postpone(delivery: 1, attempts: 1, until: at(5)))
        #expect(started(&queue, at: 0) == [3])
    }

    /// Whatever the services do, every delivery ends, none is in progress twice, and the count is right.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func everyDeliveryEnds(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limits = PushQueue.Limits()
        limits.underWay = 5
        limits.underWayPerOrigin = 2
        limits.attempts = 4
        var queue = PushQueue(limits: limits)
        var open: Set<Int64> = []
        var underWay: [PushDelivery] = []
        for id in Int64(1)...200 {
            let subscription = Int64.random(in: 1...12, using: &random)
            queue.add(delivery(id, to: subscription, origin: "\(subscription % 4)"))
            open.insert(id)
        }
        func close(_ verdict: PushVerdict?) {
            switch verdict {
            case .remove(let id): #expect(open.remove(id) != nil, "seed \(seed)")
            case .prune, .postpone, nil: break
            }
        }
        for second in Int64(0)...90_000 {
            for verdict in queue.expire(now: at(second)) { close(verdict) }
            for delivery in queue.start(now: at(second), origin: { $0.endpoint }) {
                #expect(!underWay.contains { $0.subscriptionID == delivery.subscriptionID }, "seed \(seed)")
                underWay.append(delivery)
            }
            #expect(underWay.count <= 5, "seed \(seed)")
            guard !underWay.isEmpty else {
                guard queue.deadline(now: at(second)) != nil else { break }
                continue
            }
            let delivery = underWay.remove(at: Int.random(in: underWay.indices, using: &random))
            let outcomes: [PushOutcome] = [
                .delivered, .refused, .unavailable(retryAfter: nil), .unavailable(retryAfter: .seconds(3)),
            ]
            let outcome = outcomes[Int.random(in: outcomes.indices, using: &random)]
            close(queue.finish(delivery, outcome, now: at(second)))
        }
        #expect(open.isEmpty, "seed \(seed)")
        #expect(queue.room == limits.held, "seed \(seed)")
    }

    @Test func interpretsAnswers() throws {
        func outcome(_ status: Int, _ retryAfter: String? = nil) throws -> PushOutcome {
            var headers = HTTPHeaders()
            if let retryAfter { try headers.add("Retry-After", retryAfter) }
            return PushOutcome(
                HTTPResponse(status: status, reason: "", version: .http11, headers: headers, body: []),
                now: start)
        }
        for status in [200, 201, 202, 204] { #expect(try outcome(status) == .delivered) }
        for status in [404, 410] { #expect(try outcome(status) == .gone) }
        for status in [301, 400, 401, 403, 413] { #expect(try outcome(status) == .refused) }
        for status in [429, 500, 503] { #expect(try outcome(status) == .unavailable(retryAfter: nil)) }
        #expect(try outcome(429, "30") == .unavailable(retryAfter: .seconds(30)))
        #expect(try outcome(503, WireDate.http(at(90))) == .unavailable(retryAfter: .seconds(90)))
        #expect(try outcome(503, WireDate.http(at(-90))) == .unavailable(retryAfter: .zero))
        #expect(try outcome(503, "99999999999999999999") == .unavailable(retryAfter: nil))
        #expect(try outcome(503, "-1") == .unavailable(retryAfter: nil))
    }
}

extension PushSubscription {
    /// A subscription whose endpoint is its origin.
    fileprivate init(origin: String, key: P256PublicKey) {
        self.init(endpoint: origin, key: key, secret: [])
    }
}
