import ChatNet
import ChatSQLite
import ChatWire

extension ChatClient {
    func waitForOutcome(
        of tempID: TempID, in session: AccountSession, timeout: Duration
    ) async throws(ChatError) -> SendOutcome {
        let present = try storage { () throws(SQLiteError) in try session.engine.view.outcome(of: tempID) }
        guard let present else { throw .invalid(.unknownMessage(tempID)) }
        guard present == .queued, timeout > .zero else { return present }
        let result = await withCheckedContinuation { (continuation: OutcomeWaiters.Continuation) in
            let number = waiters.add(tempID, continuation)
            thread.schedule(after: timeout) { [weak self] in
                self?.assumeIsolated { $0.waiters.end(number, .success(.queued)) }
            }
        }
        return try result.get()
    }

    /// Checks again every awaited outcome.
    func wakeWaiters() {
        for (number, tempID) in waiters.all {
            guard let session else {
                waiters.end(number, .failure(.notSignedIn))
                continue
            }
            do throws(SQLiteError) {
                // A row that is gone now existed when the wait began.
                let outcome = try session.engine.view.outcome(of: tempID) ?? .discarded
                if outcome != .queued { waiters.end(number, .success(outcome)) }
            } catch {
                waiters.end(number, .failure(.storage(error)))
            }
        }
    }

    /// Turns errors of the cache into errors of the client.
    func storage<Result>(_ body: () throws(SQLiteError) -> Result) throws(ChatError) -> Result {
        do throws(SQLiteError) { return try body() } catch {
            session?.store.note(error)
            throw .storage(session?.store.reason(error) ?? error)
        }
    }
}
