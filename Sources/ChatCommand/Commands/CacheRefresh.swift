import ChatClientCore
import ChatTUI
import ChatWire

/// Updates the cache before a part of it is shown.
struct CacheRefresh {
    /// Why the cache may not be up to date.
    struct Doubt {
        let remark: String
        let status: ExitStatus

        /// The status of a command that shows the cache anyway: success, unless the cache is empty.
        func status(showingNothing isEmpty: Bool) -> ExitStatus { isEmpty ? status : .success }
    }

    let client: ChatClient
    let strings: any CommandCatalogue

    /// How long the server may take before the cache is shown without an update.
    private static let timeout = Duration.seconds(5)
    /// How long older messages are fetched for in total, whatever the server says about more.
    private static let olderTimeout = Duration.seconds(60)

    /// Fetches everything that has changed since the last time.
    ///
    /// - Returns: why the cache may not be up to date; nil when it is.
    func run() async -> Doubt? {
        let wait = ServerWait(client: client, strings: strings)
        let failure = await wait.until(timeout: Self.timeout) { () throws(ChatError) in
            await client.freshness.isCaughtUp
        }
        return failure.map(doubt)
    }

    /// Fetches the new messages of one conversation, and older ones when the cache holds fewer than `limit`.
    ///
    /// - Returns: why the cache may not be up to date; nil when it is.
    func run(peer: UserID, limit: Int) async -> Doubt? {
        await client.connect()
        await client.open(peer)
        let wait = ServerWait(client: client, strings: strings)
        let failure = await wait.until(timeout: Self.timeout) { () throws(ChatError) in
            await client.freshness.isUpToDate(with: peer)
        }
        if let failure { return doubt(failure) }
        let deadline = ContinuousClock.now + Self.olderTimeout
        while ContinuousClock.now < deadline,
            let timeline = try? await client.timeline(with: peer, before: nil, limit: limit),
            timeline.rows.count < limit, timeline.mayFetchOlder
        {
            do throws(ChatError) {
                guard try await client.history.fetchOlder(with: peer) else { return nil }
            } catch {
                return doubt(strings.failure(error))
            }
        }
        return nil
    }

    private func doubt(_ failure: CommandFailure) -> Doubt {
        Doubt(remark: "\(strings.cachedOnly): \(failure.message)", status: failure.status)
    }
}
