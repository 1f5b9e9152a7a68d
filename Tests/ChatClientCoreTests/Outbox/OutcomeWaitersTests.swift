import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct OutcomeWaitersTests {
    @Test func withoutASessionAllWaitingEnds() async {
        let result = await withCheckedContinuation { (continuation: OutcomeWaiters.Continuation) in
            var waiters = OutcomeWaiters()
            _ = waiters.add(TempID("one"), continuation)
            waiters.signedOut()
        }
        #expect(result == .failure(.notSignedIn))
    }

    @Test func aWaiterLeavesOnce() async {
        let result = await withCheckedContinuation { (continuation: OutcomeWaiters.Continuation) in
            var waiters = OutcomeWaiters()
            let number = waiters.add(TempID("one"), continuation)
            waiters.end(number, .success(.queued))
            // A second end would resume the continuation twice, which traps.
            waiters.end(number, .success(.discarded))
            waiters.signedOut()
        }
        #expect(result == .success(.queued))
    }
}
