import ChatClientCore
import ChatWire

/// What a command leads to on either screen: a sentence for the person, and effects.
struct CommandReply: Hashable, Sendable {
    var text: String?
    /// True when the command could not be carried out as it was written.
    var isRefusal = false
    var effects: [Effect] = []

    static func refusal(_ text: String) -> CommandReply { CommandReply(text: text, isRefusal: true) }
}

/// The commands that both screens carry out in the same way.
extension ChatModel {
    /// The server's limit for a name, in Unicode code points.
    static let nameLengthMax = 100
    /// The server's limit for a message, in Unicode code points.
    static let messageLengthMax = 5000

    func togglePinned(_ conversation: Conversation) -> CommandReply {
        let (peer, isPinned) = (conversation.peer, !conversation.isPinned)
        return CommandReply(
            text: strings.pinned(displayName(of: peer), isPinned), effects: [.pin(isPinned, peer)])
    }

    func toggleMuted(_ conversation: Conversation) -> CommandReply {
        let (peer, isMuted) = (conversation.peer, !conversation.isMuted)
        return CommandReply(
            text: strings.muted(displayName(of: peer), isMuted), effects: [.mute(isMuted, peer)])
    }

    func rename(_ peer: UserID, to name: String) -> CommandReply {
        guard name.unicodeScalars.count <= Self.nameLengthMax else { return .refusal(strings.nameTooLong) }
        return CommandReply(text: strings.renamed(name), effects: [.rename(peer, to: name)])
    }

    /// Sends all messages that wait for a decision again.
    func retry(_ waiting: [TempID]) -> CommandReply {
        guard !waiting.isEmpty else { return CommandReply(text: strings.nothingToRetry) }
        return CommandReply(text: strings.retried(waiting.count), effects: [.retry(waiting)])
    }

    /// Drops all messages that wait for a decision.
    func discard(_ waiting: [TempID]) -> CommandReply {
        guard !waiting.isEmpty else { return CommandReply(text: strings.nothingToRetry) }
        return CommandReply(text: strings.discarded(waiting.count), effects: [.discard(waiting)])
    }

    /// Why a gap cannot be filled now; nil when it can.
    func reasonAgainstFilling(_ gap: RowID?) -> CommandReply? {
        guard gap != nil else { return CommandReply(text: strings.noGap) }
        return link == .online ? nil : .refusal(strings.gapNeedsLink)
    }
}
