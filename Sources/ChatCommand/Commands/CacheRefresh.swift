import ChatClientCore
import ChatWire

/// Brings one conversation of the cache up to date before it is shown.
struct CacheRefresh {
    let client: ChatClient
    let strings: CommandStrings

    /// How long the server may take before the cache is shown as it is.
    private static let timeout = Duration.seconds(5)

    /// Fetches news and, where the cache holds fewer than `limit` messages, older ones.
    ///
    /// - Returns: why the cache may not be up to date; nil when it is.
    func run(peer: UserID, limit: Int) async -> String? {
        await client.connect()
        await client.open(peer)
        guard await client.becomesUpToDate(with: peer, timeout: Self.timeout) else {
            return "\(strings.cachedOnly): \(strings.words(await client.linkState))"
        }
        while let timeline = try? await client.timeline(with: peer, before: nil, limit: limit),
            timeline.rows.count < limit, timeline.mayFetchOlder
        {
            do throws(ChatError) {
                guard try await client.fetchOlder(with: peer) else { return nil }
            } catch {
                return "\(strings.cachedOnly): \(strings.failure(error).message)"
            }
        }
        return nil
    }
}

extension ChatClient {
    /// Waits for the newest messages of a conversation; false when the link fails or the time is over before
    /// they come.
    func becomesUpToDate(with peer: UserID, timeout: Duration) async -> Bool {
        let deadline = ContinuousClock.now + timeout
        while ContinuousClock.now < deadline {
            if isUpToDate(with: peer) { return true }
            if SendWaiter.isHopeless(linkState, givesUpOffline: true) { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}
