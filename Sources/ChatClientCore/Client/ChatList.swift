import ChatSQLite
import ChatWire

extension ChatClient {
    /// The conversations as a list.
    public nonisolated var chats: ChatList { ChatList(client: self) }
}

/// What a person does with whole conversations: unfinished texts, pins, muting, deleting.
public struct ChatList: Sendable {
    let client: ChatClient

    /// The unfinished text of a conversation; empty when there is none.
    nonisolated(nonsending) public func draft(for peer: UserID) async -> String {
        // A cache that cannot be read shows itself in every other call.
        (try? await client.read { (store) throws(SQLiteError) in try store.conversations.draft(for: peer) })
            ?? ""
    }

    /// Keeps the unfinished text of a conversation across restarts. Each call is a commit: call it when typing
    /// pauses, not for every key.
    nonisolated(nonsending) public func setDraft(_ text: String, for peer: UserID) async throws(ChatError) {
        try await client.act { (engine) throws(ChatError) in
            try engine.setDraft(text, for: peer)
        }
    }

    /// Pins a conversation above the others, or unpins it, in this cache only.
    nonisolated(nonsending) public func setPinned(_ pinned: Bool, for peer: UserID) async throws(ChatError) {
        try await client.changeList { (store) throws(SQLiteError) in
            try store.conversations.setPinned(pinned, for: peer)
        }
    }

    /// Records that the person does not want notifications of a conversation's messages, in this cache only. The
    /// program that shows notifications must respect it.
    nonisolated(nonsending) public func setMuted(_ muted: Bool, for peer: UserID) async throws(ChatError) {
        try await client.changeList { (store) throws(SQLiteError) in
            try store.conversations.setMuted(muted, for: peer)
        }
    }

    /// Deletes a conversation for both sides: at once here, on the server as soon as it can be reached. Unsent
    /// messages stay.
    ///
    /// If the other person has written before the server could be told, the server is not told, because it would
    /// delete those messages unseen: ``ChatNotice/conversationKept(_:reason:)`` says so.
    nonisolated(nonsending) public func delete(with peer: UserID) async throws(ChatError) {
        try await client.act { (engine) throws(ChatError) in
            try engine.deleteConversation(with: peer, at: .now)
        }
    }
}
