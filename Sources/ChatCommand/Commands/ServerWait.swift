import ChatClientCore
import ChatTUI

/// Waits for a condition that only the server can fulfil. It stops early when the link cannot come up without the
/// person's help.
struct ServerWait {
    let client: ChatClient
    let strings: any CommandCatalogue

    /// How often the condition is checked: it reads memory and a small table.
    private static let interval = Duration.milliseconds(5)

    /// Connects, and waits for the condition.
    ///
    /// - Returns: nil once the condition holds; otherwise why it does not: what the server's answers lacked, if there
    ///   were any.
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
        return strings.failure(await client.freshness.callFailure ?? .timeout)
    }
}
