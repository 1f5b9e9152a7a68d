import ChatSQLite
import ChatWire

extension ChatClient {
    /// How far the cache and the server know the same.
    public nonisolated var freshness: Freshness { Freshness(client: self) }
}

/// How far the cache and the server know the same.
public struct Freshness: Sendable {
    let client: ChatClient

    /// Whether the cache holds the newest messages of a conversation: they were fetched since the link came up. When
    /// another program holds the link, its state counts.
    nonisolated(nonsending) public func isUpToDate(with peer: UserID) async -> Bool {
        await client.look { engine in
            guard let engine, engine.linkState == .online else { return false }
            return engine.isUpToDate(with: peer) || !engine.isHolder
        }
    }

    /// Whether the cache holds everything that the server had to tell when the link came up, and since. When another
    /// program holds the link, its state counts.
    nonisolated(nonsending) public var isCaughtUp: Bool {
        get async {
            await client.look { engine in
                guard let engine, engine.linkState == .online else { return false }
                return !engine.isHolder || engine.hasCaughtUp
            }
        }
    }

    /// Why the last request failed; nil when it did not.
    nonisolated(nonsending) public var callFailure: ChatError? {
        get async { await client.look { $0?.callFailure } }
    }

    /// Whether the server still has to be told of something that the person did: reading, deleting, changing
    /// contacts.
    nonisolated(nonsending) public func hasUntoldWishes() async throws(ChatError) -> Bool {
        try await hasUntoldWishes(on: client)
    }

    private func hasUntoldWishes(on client: isolated ChatClient) throws(ChatError) -> Bool {
        guard client.session != nil else { return false }
        return try client.read { (store) throws(SQLiteError) in try store.hasUntoldWishes() }
    }
}
