import ChatWire

extension ChatClient {
    /// Whether the cache holds the newest messages of a conversation: they were fetched since the link came
    /// up. A program that leaves the link to another one takes that one's word for it.
    public func isUpToDate(with peer: UserID) -> Bool {
        guard let engine = session?.engine, engine.linkState == .online else { return false }
        return engine.fresh.contains(peer) || !engine.isHolder
    }
}
