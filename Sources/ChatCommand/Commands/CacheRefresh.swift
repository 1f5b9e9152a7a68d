import ChatClientCore
import ChatWire

/// Brings the cache up to date before something of it is shown.
struct CacheRefresh {
    let client: ChatClient
    let strings: CommandStrings

    /// How long the server may take before the cache is shown as it is.
    private static let timeout = Duration.seconds(5)

    /// Fetches all that changed since the last time.
    ///
    /// - Returns: why the cache may not be up to date; nil when it is.
    func run() async -> String? {
        let wait = ServerWait(client: client, strings: strings)
        let failure = await wait.until(timeout: Self.timeout) { () throws(ChatError) in
            await client.isCaughtUp
        }
        return failure.map(remark)
    }

    /// Fetches the news of one conversation and, where the cache holds fewer than `limit` messages, older ones.
    ///
    /// - Returns: why the cache may not be up to date; nil when it is.
    func run(peer: UserID, limit: Int) async -> String? {
        await client.connect()
        await client.open(peer)
        let wait = ServerWait(client: client, strings: strings)
        let failure = await wait.until(timeout: Self.timeout) { () throws(ChatError) in
            await client.isUpToDate(with: peer)
        }
        if let failure { return remark(failure) }
        while let timeline = try? await client.timeline(with: peer, before: nil, limit: limit),
            timeline.rows.count < limit, timeline.mayFetchOlder
        {
            do throws(ChatError) {
                guard try await client.fetchOlder(with: peer) else { return nil }
            } catch {
                return remark(strings.failure(error))
            }
        }
        return nil
    }

    private func remark(_ failure: CommandFailure) -> String { "\(strings.cachedOnly): \(failure.message)" }
}
