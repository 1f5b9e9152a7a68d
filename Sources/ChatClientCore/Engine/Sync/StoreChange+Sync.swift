import ChatWire

extension StoreChange {
    /// The fact in a replayed change. Nil for a change that is not understood, or that lacks something essential: the
    /// lists and pages that are fetched beside the stream make up for it.
    ///
    /// Unlike events, replayed changes are from the past: a mark or a deletion counts only up to the id that it
    /// names.
    init?(_ change: SyncChange, me: UserID) {
        let members = JSONValue.object(change.members)
        func number(_ key: String) -> Int64? { members[key]?.integerValue }
        switch change.kind {
        case "message_created":
            guard let json = members["message"], let message = try? Message(json: json) else { return nil }
            self = .message(message, from: .sync)
        case "message_delivered":
            guard let id = number("message_id") else { return nil }
            self = .status(MessageID(id), .delivered)
        case "messages_read":
            guard let reader = number("reader_id"), let sender = number("sender_id"),
                let upTo = number("up_to_id")
            else { return nil }
            self =
                reader == me.rawValue
                ? .readByMe(UserID(sender), upTo: MessageID(upTo))
                : .readByPeer(UserID(reader), upTo: MessageID(upTo))
        case "message_deleted":
            guard let id = number("message_id") else { return nil }
            self = .deleted(MessageID(id))
        case "conversation_deleted":
            guard let peer = number("contact_user_id"), let upTo = number("up_to_id") else { return nil }
            self = .conversationDeleted(UserID(peer), upTo: MessageID(upTo))
        case "contact_added", "contact_renamed":
            guard let json = members["contact"], let contact = try? Contact(json: json) else { return nil }
            self = .contact(contact)
        case "contact_removed":
            guard let id = number("contact_id") else { return nil }
            self = .contactRemoved(ContactID(id))
        default: return nil
        }
    }

    /// The id of a message that the stream brought.
    var streamedID: MessageID? {
        guard case .message(let message, from: .sync) = self else { return nil }
        return message.id
    }
}
