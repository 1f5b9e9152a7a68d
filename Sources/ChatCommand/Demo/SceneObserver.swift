import ChatClientCore
import ChatWire

/// Watches the newcomer's client during the headless scene: prints what changes, and lets the director wait for it.
actor SceneObserver {
    /// An event to wait for. Once seen, it stays seen.
    enum Fact: Hashable, Sendable {
        case online
        /// The person came online or left for the nth time.
        case cameOnline(UserID, times: Int)
        case wentOffline(UserID, times: Int)
        /// The person started typing for the nth time, counted from 1.
        case typing(UserID, times: Int)
        /// The nth message from the person since the beginning.
        case received(UserID, count: Int)
        /// An own message has reached at least this state.
        case atLeast(TempID, RowState)
        /// The person has unread messages.
        case unread(UserID)
    }

    private let client: ChatClient
    private let partner: UserID
    private let start: Timestamp
    private let text: SceneText
    private var seen: Set<Fact> = []
    private var waiting: [(fact: Fact, continuation: CheckedContinuation<Bool, Never>)] = []
    private var task: Task<Void, Never>?

    private var typingCounts: [UserID: Int] = [:]
    private var presences: [UserID: Presence] = [:]
    private var arrivals: [UserID: Int] = [:]
    private var departures: [UserID: Int] = [:]
    private var unread: [UserID: Int] = [:]
    private var states: [RowID: RowState] = [:]
    private var receivedCount = 0
    /// Whether changes of unread counts are news.
    private var isListKnown = false

    init(client: ChatClient, partner: UserID, start: Timestamp, text: SceneText) {
        self.client = client
        self.partner = partner
        self.start = start
        self.text = text
    }

    /// Starts watching.
    func begin() async {
        let changes = await client.changes()
        task = Task { [weak self] in
            for await change in changes {
                guard let self else { return }
                await self.receive(change)
            }
        }
    }

    /// Takes the current list as known.
    func acceptList() async {
        await readList()
        isListKnown = true
    }

    func end() {
        task?.cancel()
        for entry in waiting { entry.continuation.resume(returning: false) }
        waiting = []
    }

    /// Waits until the fact was seen; false when the time is over first.
    func wait(for fact: Fact, timeout: Duration) async -> Bool {
        if seen.contains(fact) { return true }
        let timer = Task {
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            self.giveUp(on: fact)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { waiting.append((fact, $0)) }
    }

    private func giveUp(on fact: Fact) {
        resume(fact, returning: false)
    }

    private func note(_ fact: Fact) {
        seen.insert(fact)
        resume(fact, returning: true)
    }

    private func resume(_ fact: Fact, returning value: Bool) {
        for entry in waiting where entry.fact == fact { entry.continuation.resume(returning: value) }
        waiting.removeAll { $0.fact == fact }
    }

    private func receive(_ change: ChatChange) async {
        switch change {
        case .link(.online): note(.online)
        case .typing(let peer, true):
            typingCounts[peer, default: 0] += 1
            if peer == partner { text.partnerTypes() }
            note(.typing(peer, times: typingCounts[peer, default: 0]))
        case .timeline(partner): await readTimeline()
        case .presence, .conversations: await readList()
        default: break
        }
    }

    private func readList() async {
        for conversation in (try? await client.conversations()) ?? [] {
            let peer = conversation.peer
            notePresence(conversation.presence, of: peer)
            let before = unread.updateValue(conversation.unread, forKey: peer) ?? 0
            if isListKnown, peer != partner, conversation.unread > before {
                text.unread(conversation)
                note(.unread(peer))
            }
        }
    }

    private func notePresence(_ presence: Presence, of peer: UserID) {
        let before = presences.updateValue(presence, forKey: peer) ?? .unknown
        guard before != presence else { return }
        if presence == .online {
            arrivals[peer, default: 0] += 1
            if peer == partner { text.partnerIs(.online) }
            note(.cameOnline(peer, times: arrivals[peer, default: 0]))
        } else if before == .online {
            departures[peer, default: 0] += 1
            if peer == partner { text.partnerIs(.offline) }
            note(.wentOffline(peer, times: departures[peer, default: 0]))
        }
    }

    /// How many rows are searched for changes: enough for the whole scene.
    private static let window = 60

    private func readTimeline() async {
        guard let timeline = try? await client.timeline(with: partner, before: nil, limit: Self.window) else {
            return
        }
        for row in timeline.rows where row.time >= start {
            let before = states.updateValue(row.state, forKey: row.id)
            guard before != row.state else { continue }
            before == nil ? text.message(row) : text.stateChanged(row)
            if row.state == .received {
                receivedCount += 1
                note(.received(partner, count: receivedCount))
            } else if let tempID = row.tempID {
                for state in row.state.passed { note(.atLeast(tempID, state)) }
            }
        }
    }
}

extension RowState {
    /// The states that an own message in this state has certainly been through.
    fileprivate var passed: [RowState] {
        switch self {
        case .sent: [.sent]
        case .delivered: [.sent, .delivered]
        case .read: [.sent, .delivered, .read]
        default: [self]
        }
    }
}
