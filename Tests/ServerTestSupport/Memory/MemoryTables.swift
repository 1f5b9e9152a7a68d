import ChatWire

@testable import ChatServerLite

/// Everything that a ``MemoryStorage`` holds. It is a value, so a copy is an unchanging view.
struct MemoryTables: Sendable {
    struct ContactRow: Sendable {
        let owner: UserID
        let user: UserID
        var name: String
        let createdAt: Timestamp
    }

    struct SubscriptionRow: Sendable {
        var user: UserID
        var subscription: PushSubscription
        var updatedAt: Timestamp
    }

    /// The last ids in use. An id is never reused.
    struct Numbers: Sendable {
        var user: Int64 = 0
        var contact: Int64 = 0
        var message: Int64 = 0
        var subscription: Int64 = 0
        var push: Int64 = 0
    }

    var epoch: Int64 = 0
    var last = Numbers()
    var users: [UserID: StoredAccount] = [:]
    var disabled: [UserID: Timestamp] = [:]
    var deleted: [UserID: Timestamp] = [:]
    var contacts: [ContactID: ContactRow] = [:]
    var invitations: [[UInt8]: Invitation] = [:]
    var sessions: [SessionID: StoredSession] = [:]
    var endedSessions: Set<SessionID> = []
    var tokenStarts: [UserID: Timestamp] = [:]
    var messages: [MessageID: Message] = [:]
    var subscriptions: [SubscriptionID: SubscriptionRow] = [:]
    var pushes: [Int64: PushDelivery] = [:]
    var changes: [UserID: [Change]] = [:]
    var sequence: Int64 = 0
    var floor: Int64 = 0
    /// The positions of the change log at known times.
    var marks: [(time: Timestamp, sequence: Int64)] = []
}

/// Answers queries on ``MemoryTables``, for reads and for commands.
protocol MemoryQueries {
    var tables: MemoryTables { get }
}

struct MemoryView: MemoryQueries, StorageView {
    let tables: MemoryTables
}

extension MemoryQueries {
    func isAlive() -> Bool { true }

    func invitation(_ codeHash: [UInt8]) -> Invitation? { tables.invitations[codeHash] }

    func invitations(validAt time: Timestamp, limit: Int) -> [Invitation] {
        let valid = tables.invitations.values.filter { $0.expiresAt > time }
        return Array(valid.sorted { $0.expiresAt < $1.expiresAt }.prefix(limit))
    }

    // MARK: Sessions

    func sessions(of user: UserID, at time: Timestamp) -> [StoredSession] {
        tables.sessions.values
            .filter { $0.user == user && $0.expiresAt > time && !tables.endedSessions.contains($0.id) }
            .sorted {
                ($0.lastSeenAt, $0.createdAt, $1.id) > ($1.lastSeenAt, $1.createdAt, $0.id)
            }
    }

    func endedSessions(at time: Timestamp) -> [EndedSession] {
        tables.endedSessions.compactMap { tables.sessions[$0] }.filter { $0.expiresAt > time }
            .map { EndedSession(id: $0.id, expiresAt: $0.expiresAt) }
    }

    func tokenStart(of user: UserID) -> Timestamp? { tables.tokenStarts[user] }

    // MARK: Accounts

    func user(_ id: UserID) -> User? { tables.users[id]?.user }
    func userName(_ id: UserID) -> String? { user(id)?.name }
    func hasUsers() -> Bool { !tables.users.isEmpty }

    private var accounts: [StoredAccount] {
        tables.users.values.filter { tables.deleted[$0.user.id] == nil }.sorted { $0.user.id < $1.user.id }
    }

    func accountRecord(_ id: UserID) -> AccountRecord? {
        tables.users[id].map { account in
            let deleted = tables.deleted[id].map { AccountRecord.State.deleted(since: $0) }
            let disabled = tables.disabled[id].map { AccountRecord.State.disabled(since: $0) }
            return AccountRecord(user: account.user, state: deleted ?? disabled ?? .active)
        }
    }

    func accountRecords(after user: UserID, limit: Int) -> [AccountRecord] {
        Array(accounts.map(\.user.id).filter { $0 > user }.prefix(limit)).compactMap { accountRecord($0) }
    }

    func blockedUsers() -> [UserID] { Array(Set(tables.disabled.keys).union(tables.deleted.keys)) }

    func account(email: String) -> StoredAccount? {
        func comparable(_ text: String) -> String {
            String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "ς" ? "σ" : $0 }))
        }
        return accounts.first { comparable($0.user.email) == comparable(email) }
    }

    func account(foldedEmail email: String) -> StoredAccount? {
        accounts.first { TextFolding.fold($0.user.email) == email }
    }

    func people(matching query: String, besides user: UserID) -> [Person] {
        let folded = TextFolding.fold(query)
        guard !folded.isEmpty else { return [] }
        return people(besides: user) { Pattern(literally: folded).isFound(in: $0) }
    }

    func people(like pattern: String, besides user: UserID) -> [Person] {
        let folded = Pattern(like: TextFolding.fold(pattern))
        return people(besides: user) { folded.isFound(in: $0) }
    }

    private func people(besides user: UserID, where isWanted: (String) -> Bool) -> [Person] {
        accounts.map(\.user)
            .filter {
                $0.id != user && (isWanted(TextFolding.fold($0.name)) || isWanted(TextFolding.fold($0.email)))
            }
            .prefix(20).map { Person(id: $0.id, name: $0.name, email: $0.email) }
    }

    // MARK: Contacts

    private func contact(_ id: ContactID, _ row: MemoryTables.ContactRow) -> Contact {
        let user = user(row.user)
        return Contact(
            id: id, userID: row.user, name: row.name, userName: user?.name ?? "",
            userEmail: user?.email ?? "",
            createdAt: row.createdAt)
    }

    func contacts(of user: UserID, in order: ContactOrder) -> [Contact] {
        let entries = tables.contacts.filter { $0.value.owner == user }.map { id, row in
            (contact: contact(id, row), last: messages(of: UserPair(user, row.user)).last)
        }
        let sorted = entries.sorted { one, other in
            guard let first = one.last, let second = other.last else {
                if one.last != nil || other.last != nil { return one.last != nil }
                return order == .exact ? one.contact.id < other.contact.id : one.contact.id > other.contact.id
            }
            switch order {
            case .exact: return (first.createdAt, first.id) > (second.createdAt, second.id)
            case .wholeSeconds:
                return (first.createdAt.seconds, one.contact.id) > (
                    second.createdAt.seconds, other.contact.id
                )
            }
        }
        return sorted.map { entry in
            var contact = entry.contact
            contact.lastMessage = entry.last?.content
            contact.lastMessageTime = entry.last?.createdAt
            contact.unreadCount = unread(from: contact.userID, to: user).count
            return contact
        }
    }

    func contactUserIDs(of user: UserID) -> [UserID] {
        tables.contacts.values.filter { $0.owner == user }.map(\.user)
    }

    func entries(
        naming user: UserID, after entry: ContactID, limit: Int
    ) -> [(id: ContactID, owner: UserID, name: String)] {
        tables.contacts.filter { $0.value.user == user && $0.key > entry }.sorted { $0.key < $1.key }
            .prefix(limit).map { ($0.key, $0.value.owner, $0.value.name) }
    }

    func contact(_ id: ContactID) -> (owner: UserID, contact: Contact)? {
        tables.contacts[id].map { ($0.owner, contact(id, $0)) }
    }

    // MARK: Messages

    /// The messages of a conversation, oldest first.
    func messages(of pair: UserPair) -> [Message] {
        tables.messages.values.filter { UserPair($0.senderID, $0.receiverID) == pair }.sorted {
            $0.id < $1.id
        }
    }

    func unread(from sender: UserID, to receiver: UserID) -> [Message] {
        tables.messages.values.filter { $0.senderID == sender && $0.receiverID == receiver && !$0.isRead }
    }

    func message(_ id: MessageID) -> Message? { tables.messages[id] }

    func message(from sender: UserID, tempID: TempID) -> Message? {
        tables.messages.values.first { $0.senderID == sender && $0.tempID == tempID }
    }

    func messages(of user: UserID, after message: MessageID, limit: Int) -> OwnMessages {
        let all = tables.messages.values.filter {
            $0.id > message && ($0.senderID == user || $0.receiverID == user)
        }.sorted { $0.id < $1.id }
        let page = Array(all.prefix(limit))
        return OwnMessages(messages: page, next: page.count < all.count ? page.last?.id : nil)
    }

    func conversation(_ pair: UserPair, _ page: ConversationPage) -> [Message] {
        let all = messages(of: pair).filter {
            $0.id < page.before ?? MessageID(.max) && $0.id > page.after ?? MessageID(-1)
        }
        let wanted = page.after == nil ? all.suffix(max(0, page.limit)) : all.prefix(max(0, page.limit))
        return wanted.reversed()
    }

    func newestMessage(of pair: UserPair) -> MessageID? { messages(of: pair).last?.id }
    func newestMessage() -> Int64 { tables.last.message }

    func newestUnread(from sender: UserID, to receiver: UserID) -> MessageID? {
        unread(from: sender, to: receiver).map(\.id).max()
    }

    func unreadCounts(of receiver: UserID) -> [(sender: UserID, count: Int)] {
        let unread = tables.messages.values.filter { $0.receiverID == receiver && !$0.isRead }
        return Dictionary(grouping: unread, by: \.senderID).map { ($0.key, $0.value.count) }
    }

    // MARK: The change log

    func changeLog() -> ChangeLogExtent {
        ChangeLogExtent(epoch: tables.epoch, floor: tables.floor, end: tables.sequence)
    }

    func changes(for user: UserID, after sequence: Int64, limit: Int) -> [Change] {
        Array((tables.changes[user] ?? []).filter { $0.sequence > sequence }.prefix(limit))
    }

    // MARK: Web Push

    func subscriptions(of user: UserID) -> [SubscriptionID: PushSubscription] {
        tables.subscriptions.filter { $0.value.user == user }.mapValues(\.subscription)
    }

    func subscriptionIDs(of user: UserID) -> [SubscriptionID] { subscriptions(of: user).keys.sorted() }

    func subscription(endpoint: String) -> (id: SubscriptionID, user: UserID)? {
        tables.subscriptions.first { $0.value.subscription.endpoint == endpoint }.map {
            ($0.key, $0.value.user)
        }
    }

    func pushQueue(after id: Int64, limit: Int) -> [PushDelivery] {
        Array(tables.pushes.values.filter { $0.id > id }.sorted { $0.id < $1.id }.prefix(limit))
    }
}

/// A pattern of texts and wildcards, which is searched for in another text.
private struct Pattern {
    private enum Piece: Equatable {
        case scalar(Unicode.Scalar)
        case anyScalar
        case anyText
    }

    private var pieces: [Piece]

    init(literally text: String) {
        pieces = [.anyText] + text.unicodeScalars.map { .scalar($0) } + [.anyText]
    }

    /// `%` stands for any text and `_` for any character. `\` makes the next character literal.
    init(like text: String) {
        pieces = [.anyText]
        var isEscaped = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where isEscaped:
                pieces.append(.scalar(scalar))
                isEscaped = false
            case "\\": isEscaped = true
            case "%": pieces.append(.anyText)
            case "_": pieces.append(.anyScalar)
            default: pieces.append(.scalar(scalar))
            }
        }
        pieces.append(.anyText)
    }

    func isFound(in text: String) -> Bool { matches(pieces[...], Array(text.unicodeScalars)[...]) }

    private func matches(_ pieces: ArraySlice<Piece>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let piece = pieces.first else { return text.isEmpty }
        let rest = pieces.dropFirst()
        switch piece {
        case .scalar(let scalar): return text.first == scalar && matches(rest, text.dropFirst())
        case .anyScalar: return !text.isEmpty && matches(rest, text.dropFirst())
        case .anyText: return (text.startIndex...text.endIndex).contains { matches(rest, text[$0...]) }
        }
    }
}
