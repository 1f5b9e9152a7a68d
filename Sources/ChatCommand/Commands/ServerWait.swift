import ChatClientCore
import ChatTUI

/// Waits until something holds that only the server can bring about, but not in vain: it ends early when the
/// link cannot come up without the person's doing.
struct ServerWait {
    let client: ChatClient
    let strings: any CommandCatalogue

    /// How often the condition is looked at: it is read from memory and a small table.
    private static let interval = Duration.milliseconds(5)

    /// Connects, and waits for the condition.
    ///
    /// - Returns: nil once the condition holds; else why it does not: what the server's answers lacked, where
    ///   there were any.
    func until(
        timeout: Duration, _ condition: () async throws(ChatError) -> Bool
    ) async -> CommandFailure? {
        await client.connect()
        let deadline = ContinuousClock.now + timeout
        do throws(ChatError) {
            while ContinuousClock.now < deadline {
                if try await condition() { return nil }
                let link = await client.linkState
                if SendWaiter.isHopeless(link, givesUpOffline: true) { return strings.failure(link) }
                try? await Task.sleep(for: Self.interval)
            }
        } catch {
            return strings.failure(error)
        }
        return strings.failure(await client.callFailure ?? .timeout)
    }
}
