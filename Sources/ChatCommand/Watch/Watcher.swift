import ChatClientCore
import ChatWire

/// Follows a client's changes and reports what they mean, until it has reported enough or is stopped.
///
/// The cache's content at the beginning is not news; if the cache was never filled, neither is what the first
/// connection brings. Everything later is reported once, including what arrived while the link was down.
actor Watcher {
    private let client: ChatClient
    private let printer: WatchPrinter
    /// Only this person's conversation; nil for all.
    private let peer: UserID?
    /// The watch ends after this many messages of others.
    private let countMax: Int?
    private let marksRead: Bool

    private var ledger = WatchLedger()
    private var people: [UserID: Conversation] = [:]
    private var isBegun = false
    private var lastLink: LinkState?
    private var count = 0

    /// How many rows are read at a time.
    private static let pageLength = 100

    init(client: ChatClient, printer: WatchPrinter, peer: UserID?, countMax: Int?, marksRead: Bool) {
        self.client = client
        self.printer = printer
        self.peer = peer
        self.countMax = countMax
        self.marksRead = marksRead
    }

    /// How a watch ends.
    enum Ending: Hashable, Sendable {
        case told
        /// The server no longer accepts the account.
        case refused
        /// Its task was cancelled.
        case stopped
    }

    func run(_ changes: AsyncStream<ChatChange>) async throws(ChatError) -> Ending {
        if try await !client.conversations().isEmpty { try await begin() }
        await client.connect()
        let beginning = Task { await beginWhenFilled() }
        defer { beginning.cancel() }
        for await change in changes {
            guard !Task.isCancelled else { return .stopped }
            if let ending = try await handle(change) { return ending }
            // Nobody reads the output any more.
            if printer.isBroken { return .stopped }
        }
        return .stopped
    }

    /// How often an empty cache is checked for being filled.
    private static let fillingInterval = Duration.milliseconds(20)

    private func beginWhenFilled() async {
        while !isBegun, !Task.isCancelled {
            if await client.freshness.isCaughtUp {
                // A cache that cannot be read shows itself at the next change.
                try? await begin()
            } else {
                try? await Task.sleep(for: Self.fillingInterval)
            }
        }
    }

    private func begin() async throws(ChatError) {
        guard !isBegun else { return }
        isBegun = true
        for conversation in try await conversations() {
            people[conversation.peer] = conversation
            let rows = try await client.timeline(with: conversation.peer, limit: Self.pageLength).rows
            ledger.begin(with: conversation.peer, rows: rows)
        }
    }

    private func conversations() async throws(ChatError) -> [Conversation] {
        try await client.conversations().filter { peer == nil || $0.peer == peer }
    }

    private func handle(_ change: ChatChange) async throws(ChatError) -> Ending? {
        switch change {
        case .link(let link):
            if link != lastLink {
                lastLink = link
                printer.link(link)
            }
            return link == .refused || link == .signedOut ? .refused : nil
        case .timeline(let peer): return try await look(at: peer)
        case .conversations, .outbox:
            for conversation in try await conversations() where isChanged(conversation) {
                if let ending = try await look(at: conversation.peer) { return ending }
            }
            return nil
        case .typing(let peer, let isTyping):
            if let person = try await person(peer) { printer.typing(isTyping, person) }
            return nil
        case .presence(let peer):
            guard let person = try await person(peer) else { return nil }
            printer.presence(people[peer]?.presence ?? .unknown, person)
            return nil
        case .account, .notice: return nil
        }
    }

    private func isChanged(_ conversation: Conversation) -> Bool {
        guard let before = people[conversation.peer] else { return true }
        return before.preview != conversation.preview || before.lastTime != conversation.lastTime
            || before.unread != conversation.unread || before.previewState != conversation.previewState
    }

    /// The other person of the conversation; nil when it is not watched.
    private func person(_ peer: UserID) async throws(ChatError) -> Recipient? {
        guard self.peer == nil || self.peer == peer else { return nil }
        guard let conversation = try await conversations().first(where: { $0.peer == peer }) else {
            return Recipient(id: peer, name: "#\(peer)", email: nil)
        }
        people[peer] = conversation
        return Recipient(conversation)
    }

    private func look(at peer: UserID) async throws(ChatError) -> Ending? {
        guard isBegun, let person = try await person(peer) else { return nil }
        var rows = try await client.timeline(with: peer, limit: Self.pageLength).rows
        while !ledger.reaches(back: rows.first, of: peer), let oldest = rows.first {
            let older = try await client.timeline(with: peer, before: oldest.position, limit: Self.pageLength)
            guard !older.rows.isEmpty else { break }
            rows.insert(contentsOf: older.rows, at: 0)
        }
        var isNews = false
        defer { if isNews, marksRead { Task { await client.markRead(peer) } } }
        for news in ledger.news(of: peer, in: rows) {
            printer.news(news, of: person)
            // An unreported message is not marked as read, and does not count.
            guard !printer.isBroken else { return .stopped }
            guard case .message(let row) = news, !row.isMine else { continue }
            isNews = true
            count += 1
            if count == countMax { return .told }
        }
        return nil
    }
}
