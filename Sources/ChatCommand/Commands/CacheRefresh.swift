import ChatClientCore
import ChatWire

/// Brings one conversation of the cache up to date before it is shown.
struct CacheRefresh {
    let client: ChatClient
    let strings: CommandStrings

    /// How long the server may take before the cache is shown as it is.
    private static let timeout = Duration.seconds(5)
    private static let interval = Duration.milliseconds(10)

    /// Fetches news and, where the cache holds fewer than `limit` messages, older ones.
    ///
    /// - Returns: why the cache may not be up to date; nil when it is.
    func run(peer: UserID, limit: Int) async -> String? {
        await client.connect()
        await client.open(peer)
        guard await isUpToDate(peer) else {
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

    /// Waits for the newest page; false when the link fails or the time is over before it comes.
    private func isUpToDate(_ peer: UserID) async -> Bool {
        let deadline = ContinuousClock.now + Self.timeout
        while ContinuousClock.now < deadline {
            if await client.isUpToDate(with: peer) { return true }
            if SendWaiter.isHopeless(await client.linkState, givesUpOffline: true) { return false }
            try? await Task.sleep(for: Self.interval)
        }
        return false
    }
}
