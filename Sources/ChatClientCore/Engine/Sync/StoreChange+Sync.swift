import ChatWire

extension StoreChange {
    /// The fact in a replayed change. Nil for a change that is not understood, or that lacks something essential: the
    /// lists and pages that are fetched beside the stream make up for it.
    ///
    /// Unlike events, replayed changes are from the past: a mark or a deletion counts only up to the id that it
    /// names.
    init?(_ change: SyncChange, me: UserID) {
        switch change.fact {
        case .messageCreated(let message): self = .message(message, from: .sync)
        case .messageDelivered(let id, contact: _): self = .status(id, .delivered)
        case .messagesRead(let reader, let sender, let upTo?):
            self = reader == me ? .readByMe(sender, upTo: upTo) : .readByPeer(reader, upTo: upTo)
        case .messageDeleted(let id, contact: _): self = .deleted(id)
        case .conversationDeleted(by: _, let peer, let upTo?): self = .conversationDeleted(peer, upTo: upTo)
        case .contactAdded(let contact), .contactRenamed(let contact): self = .contact(contact)
        case .contactRemoved(let id, contact: _): self = .contactRemoved(id)
        case .messagesRead, .conversationDeleted, .unknown: return nil
        }
    }

    /// The id of a message that the stream brought.
    var streamedID: MessageID? {
        guard case .message(let message, from: .sync) = self else { return nil }
        return message.id
    }
}
