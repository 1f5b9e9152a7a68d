import ChatWire

/// One answer to a sync.
struct SyncPage: Sendable {
    /// What the texts of a page may take, in bytes. A page always has one change.
    private static let bytesMax = 1 << 18

    /// A change with what it is about, as far as that still exists.
    fileprivate enum Entry: Sendable {
        case message(Change, Message)
        case contact(Change, Contact)
        case plain(Change)
    }

    /// What follows the cursor.
    fileprivate struct Changes: Sendable {
        let user: User
        let entries: [Entry]
        let cursor: SyncCursor
        let hasMore: Bool
        /// From the first change that there ever was.
        let isWhole: Bool
    }

    /// Nil for a cursor of another database, or one so old that changes after it are gone.
    private let changes: Changes?
    /// True when the cursor is of this database and beyond its end: what the client has seen was taken back.
    private let isAhead: Bool
    private let epoch: SyncCursor
    private let newestMessage: Int64

    /// True when the client is to begin anew.
    var isReset: Bool { changes == nil }

    /// The changes after `text`, from the beginning when it is nil.
    static func read(
        for user: User, since text: String?, limit: Int, _ view: any StorageView
    ) throws -> SyncPage {
        let log = try view.changeLog()
        let newestMessage = try view.newestMessage()
        func page(_ changes: Changes?, isAhead: Bool = false) -> SyncPage {
            SyncPage(
                changes: changes, isAhead: isAhead, epoch: SyncCursor(epoch: log.epoch, sequence: log.end),
                newestMessage: newestMessage)
        }
        var sequence = log.floor
        if let text {
            guard let cursor = SyncCursor(text), cursor.epoch == log.epoch else { return page(nil) }
            if cursor.sequence > log.end { return page(nil, isAhead: true) }
            guard cursor.sequence >= log.floor else { return page(nil) }
            sequence = cursor.sequence
        }
        let changes = try view.changes(for: user.id, after: sequence, limit: limit + 1)
        var entries: [Entry] = []
        var bytes = 0
        var count = 0
        for change in changes.prefix(limit) where bytes < bytesMax {
            count += 1
            guard let entry = try entry(change, for: user, view) else { continue }
            entries.append(entry)
            if case .message(_, let message) = entry { bytes += message.content.utf8.count }
        }
        // At the end, the cursor skips what concerned others only.
        let hasMore = count < changes.count
        let last = hasMore ? changes[..<count].last?.sequence ?? sequence : log.end
        return page(
            Changes(
                user: user, entries: entries, cursor: SyncCursor(epoch: log.epoch, sequence: last),
                hasMore: hasMore, isWhole: text == nil && log.floor == 0))
    }

    /// Nil for a message or a contact that is gone: a later change says so.
    private static func entry(
        _ change: Change, for user: User, _ view: any StorageView
    ) throws -> Entry? {
        switch change.kind {
        case .messageCreated:
            guard var message = try view.message(MessageID(change.subject)) else { return nil }
            let peerName = try view.userName(change.peer)
            let isOwn = message.senderID == user.id
            message.senderName = isOwn ? user.name : peerName
            message.receiverName = isOwn ? peerName : user.name
            if !isOwn { message.tempID = nil }
            return .message(change, message)
        case .contactAdded, .contactRenamed:
            guard let (_, contact) = try view.contact(ContactID(change.subject)) else { return nil }
            return .contact(change, contact)
        default:
            return .plain(change)
        }
    }

    func writeMembers(to writer: inout JSONWriter) {
        if let changes {
            writer.key("changes")
            writer.beginArray()
            for entry in changes.entries { changes.write(entry, to: &writer) }
            writer.endArray()
            writer.key("cursor")
            writer.string(changes.cursor.text)
            writer.key("has_more")
            writer.bool(changes.hasMore)
            if changes.isWhole {
                writer.key("is_whole")
                writer.bool(true)
            }
        } else {
            writer.key("reset")
            writer.bool(true)
            if isAhead {
                writer.key("ahead")
                writer.bool(true)
            }
        }
        writer.key("epoch")
        writer.string(epoch.epochText)
        writer.key("newest_id")
        writer.integer(newestMessage)
    }
}

extension SyncPage.Changes {

    func write(_ entry: SyncPage.Entry, to writer: inout JSONWriter) {
        writer.beginObject()
        switch entry {
        case .message(let change, let message):
            writeHead(of: change, to: &writer)
            writer.key("message")
            message.write(to: &writer, as: .object)
        case .contact(let change, let contact):
            writeHead(of: change, to: &writer)
            writer.key("contact")
            contact.write(to: &writer)
        case .plain(let change):
            writeHead(of: change, to: &writer)
            writeMembers(of: change, to: &writer)
        }
        writer.endObject()
    }

    private func writeHead(of change: Change, to writer: inout JSONWriter) {
        writer.key("seq")
        writer.integer(change.sequence)
        writer.key("type")
        writer.string(change.kind.name)
        writer.key("at")
        writer.timestamp(change.time, as: .object)
    }

    private func writeMembers(of change: Change, to writer: inout JSONWriter) {
        func number(_ key: StaticString, _ value: Int64) {
            writer.key(key)
            writer.integer(value)
        }
        switch change.kind {
        case .messageDelivered:
            number("message_id", change.subject)
            number("contact_user_id", change.peer.rawValue)
        case .messagesRead:
            number("reader_id", change.subject)
            number("sender_id", change.subject == user.id.rawValue ? change.peer.rawValue : user.id.rawValue)
            if let upTo = change.upTo { number("up_to_id", upTo.rawValue) }
        case .messageDeleted:
            number("message_id", change.subject)
            number("contact_user_id", change.peer.rawValue)
        case .conversationDeleted:
            number("by_user_id", change.subject)
            number("contact_user_id", change.peer.rawValue)
            if let upTo = change.upTo { number("up_to_id", upTo.rawValue) }
        case .contactRemoved:
            number("contact_id", change.subject)
            number("contact_user_id", change.peer.rawValue)
        case .messageCreated, .contactAdded, .contactRenamed: break
        }
    }
}
