import ChatWire

/// Those who wait for the fate of messages.
struct OutcomeWaiters {
    typealias Continuation = CheckedContinuation<Result<SendOutcome, ChatError>, Never>

    private struct Waiter {
        let tempID: TempID
        let continuation: Continuation
    }

    private var waiters: [Int: Waiter] = [:]
    private var next = 0

    /// Returns a number to end the waiting by.
    mutating func add(_ tempID: TempID, _ continuation: Continuation) -> Int {
        next += 1
        waiters[next] = Waiter(tempID: tempID, continuation: continuation)
        return next
    }

    /// The waiter leaves with an outcome, if it is still there.
    mutating func end(_ number: Int, _ outcome: Result<SendOutcome, ChatError>) {
        waiters.removeValue(forKey: number)?.continuation.resume(returning: outcome)
    }

    var all: [(number: Int, tempID: TempID)] { waiters.map { ($0.key, $0.value.tempID) } }
}
