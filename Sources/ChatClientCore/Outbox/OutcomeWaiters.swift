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

    /// Looks up every awaited outcome again; without a session, all waiting ends.
    mutating func wake(by session: AccountSession?) {
        for (number, waiter) in waiters {
            guard let session else {
                end(number, .failure(.notSignedIn))
                continue
            }
            do throws(SQLiteError) {
                // A row that is gone now existed when the wait began.
                let outcome = try session.engine.view.outcome(of: waiter.tempID) ?? .discarded
                if outcome != .queued { end(number, .success(outcome)) }
            } catch {
                end(number, .failure(.storage(error)))
            }
        }
    }
}
