import ChatNet
import ChatSQLite
import ChatWire

extension ChatClient {
    /// The unsent messages.
    public nonisolated var outbox: UnsentMessages { UnsentMessages(client: self) }
}

/// What a person and a program can do with the messages that the server does not have yet.
public struct UnsentMessages: Sendable {
    let client: ChatClient

    /// The unsent messages in the order of entry, each with its receiver.
    nonisolated(nonsending) public func rows() async throws(ChatError) -> [(peer: UserID, row: TimelineRow)] {
        try await rows(on: client)
    }

    private func rows(on client: isolated ChatClient) throws(ChatError) -> [(peer: UserID, row: TimelineRow)]
    {
        guard client.session != nil else { return [] }
        return try client.show { (engine) throws(SQLiteError) in try engine.view.outboxRows() }
    }

    /// Waits for the outcome of an entered message, for at most `timeout`.
    ///
    /// Call ``ChatClient/connect()`` first: it makes this program send, or follow the program that sends.
    ///
    /// - Returns: `.queued` when the time is over and the message still waits.
    /// - Throws: `ChatError.invalid(.unknownMessage)` for a message that this cache never held.
    nonisolated(nonsending) public func outcome(
        of tempID: TempID, timeout: Duration
    ) async throws(ChatError) -> SendOutcome {
        try await outcome(of: tempID, timeout: timeout, on: client)
    }

    private func outcome(
        of tempID: TempID, timeout: Duration, on client: isolated ChatClient
    ) async throws(ChatError) -> SendOutcome {
        let present = try client.show { (engine) throws(SQLiteError) in
            try engine.view.outcome(of: tempID)
        }
        guard let present else { throw .invalid(.unknownMessage(tempID)) }
        guard present == .queued, timeout > .zero else { return present }
        let result = await withCheckedContinuation { (continuation: OutcomeWaiters.Continuation) in
            let number = client.waiters.add(tempID, continuation)
            client.thread.schedule(after: timeout) { [weak client] in
                client?.assumeIsolated { $0.waiters.end(number, .success(.queued)) }
            }
        }
        return try result.get()
    }

    /// Sends a failed or held message again with its old temp_id, after the messages that were entered since. A
    /// queued one is sent at once, without waiting for its delay.
    nonisolated(nonsending) public func retry(_ tempID: TempID) async throws(ChatError) {
        try await client.act { (engine) throws(ChatError) in
            try engine.retry(tempID, at: .now)
        }
    }

    /// Sends all held messages, in the order in which they were entered.
    nonisolated(nonsending) public func sendHeld() async throws(ChatError) {
        try await client.act { (engine) throws(ChatError) in
            try engine.sendHeld(at: .now)
        }
    }

    /// Takes all held messages back.
    nonisolated(nonsending) public func discardHeld() async throws(ChatError) {
        try await client.act { (engine) throws(ChatError) in
            try engine.discardHeld(at: .now)
        }
    }

    /// Sends a failed or held message with a new temp_id, after the messages that were entered since. If the server
    /// has the first one after all, there will be two: the person decides.
    ///
    /// - Returns: the new temp_id; the row's ``TimelineRow/id`` stays.
    @discardableResult
    nonisolated(nonsending) public func sendAsNew(_ tempID: TempID) async throws(ChatError) -> TempID {
        try await client.act { (engine) throws(ChatError) in
            try engine.sendAsNew(tempID, at: .now)
        }
    }

    /// Replaces the text of a message that was not given to the server: queued, held or failed.
    nonisolated(nonsending) public func edit(_ tempID: TempID, text: String) async throws(ChatError) {
        try await client.act { (engine) throws(ChatError) in
            try engine.edit(tempID, text: text, at: .now)
        }
    }

    /// Takes an unsent message back. A message in flight is deleted as soon as the server's id is known.
    nonisolated(nonsending) public func discard(_ tempID: TempID) async throws(ChatError) {
        try await client.act { (engine) throws(ChatError) in
            try engine.discard(tempID, at: .now)
        }
    }

    /// Whether a message waits for the program that holds the link, and that program has not taken it up. A running
    /// program takes it up within milliseconds.
    nonisolated(nonsending) public func isNeglected(_ tempID: TempID) async -> Bool {
        await isNeglected(tempID, on: client)
    }

    private func isNeglected(_ tempID: TempID, on client: isolated ChatClient) -> Bool {
        guard client.look({ $0?.isHolder == false }) else { return false }
        let entry = try? client.read { (store) throws(SQLiteError) in try store.outbox.entry(tempID) }
        return entry?.state == .queued
    }
}
