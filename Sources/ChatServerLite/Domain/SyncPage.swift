import ChatWire

/// Makes the answers to syncs from the change log.
enum SyncPage {
    /// The limit on the texts of a page, in bytes. A page always has at least one change.
    private static let bytesMax = 1 << 18

    /// The changes after the cursor `text`, or from the beginning when it is nil. The answer is a reset when
    /// the cursor is of another database, or so old that changes after it are gone.
    static func read(
        for user: User, since text: String?, limit: Int, _ view: any StorageView
    ) throws -> SyncAnswer {
        let log = try view.changeLog()
        var state = SyncState(
            epoch: SyncCursor(epoch: log.epoch, sequence: log.end).epochText,
            newestID: MessageID(try view.newestMessage()))
        var sequence = log.floor
        if let text {
            guard let cursor = SyncCursor(text), cursor.epoch == log.epoch else { return .reset(state) }
            state.isBehindCursor = cursor.sequence > log.end
            guard !state.isBehindCursor, cursor.sequence >= log.floor else { return .reset(state) }
            sequence = cursor.sequence
        }
        let changes = try view.changes(for: user.id, after: sequence, limit: limit + 1)
        var shown: [SyncChange] = []
        var bytes = 0
        var count = 0
        for change in changes.prefix(limit) where bytes < bytesMax {
            count += 1
            guard let fact = try fact(of: change, for: user, view) else { continue }
            shown.append(SyncChange(sequence: change.sequence, time: change.time, fact: fact))
            if case .messageCreated(let message) = fact { bytes += message.content.utf8.count }
        }
        // At the end, the cursor skips the changes that concern only others.
        let hasMore = count < changes.count
        let last = hasMore ? changes[..<count].last?.sequence ?? sequence : log.end
        state.isWhole = text == nil && log.floor == 0
        return .changes(
            PartialList(shown), cursor: SyncCursor(epoch: log.epoch, sequence: last).text, hasMore: hasMore,
            state: state)
    }

    /// Nil for a message or a contact that is gone. A later change reports that.
    private static func fact(
        of change: Change, for user: User, _ view: any StorageView
    ) throws -> SyncChange.Fact? {
        switch change.kind {
        case .messageCreated: return try message(of: change, for: user, view).map { .messageCreated($0) }
        case .contactAdded:
            return try view.contact(ContactID(change.subject)).map { .contactAdded($0.contact) }
        case .contactRenamed:
            return try view.contact(ContactID(change.subject)).map { .contactRenamed($0.contact) }
        case .messageDelivered: return .messageDelivered(MessageID(change.subject), contact: change.peer)
        case .messagesRead:
            let reader = UserID(change.subject)
            return .messagesRead(
                reader: reader, sender: reader == user.id ? change.peer : user.id, upTo: change.upTo)
        case .messageDeleted: return .messageDeleted(MessageID(change.subject), contact: change.peer)
        case .conversationDeleted:
            return .conversationDeleted(
                by: UserID(change.subject), contact: change.peer, upTo: change.upTo)
        case .contactRemoved: return .contactRemoved(ContactID(change.subject), contact: change.peer)
        }
    }

    private static func message(
        of change: Change, for user: User, _ view: any StorageView
    ) throws -> Message? {
        guard var message = try view.message(MessageID(change.subject)) else { return nil }
        let peerName = try view.userName(change.peer)
        let isOwn = message.senderID == user.id
        message.senderName = isOwn ? user.name : peerName
        message.receiverName = isOwn ? peerName : user.name
        if !isOwn { message.tempID = nil }
        return message
    }
}
