import ChatSQLite
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

    /// The number of those who still wait.
    var count: Int { waiters.count }
    var isEmpty: Bool { waiters.isEmpty }

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

    /// Nobody is signed in any more: all waiting ends.
    mutating func signedOut() {
        for number in waiters.keys { end(number, .failure(.notSignedIn)) }
    }

    /// Looks up every awaited outcome again.
    ///
    /// - Parameter outcome: the outcome as the cache has it now; nil for a message that it does not hold.
    mutating func wake(_ outcome: (TempID) throws(SQLiteError) -> SendOutcome?) {
        for (number, waiter) in waiters {
            do throws(SQLiteError) {
                // A row that is gone now existed when the wait began.
                let outcome = try outcome(waiter.tempID) ?? .discarded
                if outcome != .queued { end(number, .success(outcome)) }
            } catch {
                end(number, .failure(.storage(error)))
            }
        }
    }
}
