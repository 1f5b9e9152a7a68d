import ChatClientCore
import ChatTUI
import ChatWire

/// The demo without a terminal: the same people, script, server and clients. But each step waits for the effect of
/// the previous one, instead of for the time that a person needs.
struct HeadlessScene {
    let stage: DemoStage
    let strings: any CommandCatalogue
    let text: SceneText

    /// What went wrong.
    enum Failure: Error, Equatable, Sendable {
        case chat(ChatError)
        /// An expected event was not seen.
        case notSeen(String)
    }

    /// Far longer than any step takes on a working machine.
    private static let patience = Duration.seconds(20)
    /// How many earlier messages are shown.
    private static let pastCount = 4

    func play() async throws(Failure) {
        let newcomer = try await client(for: stage.newcomer)
        let observer = SceneObserver(
            client: newcomer, partner: stage.partner.id, start: stage.start, text: text)
        let partner = try await makePartner()
        let result: Result<Void, Failure>
        do throws(Failure) {
            try await play(newcomer, partner, observer)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await observer.end()
        await partner.end()
        await newcomer.disconnect()
        try result.get()
    }

    private func client(for person: DemoServer.Person) async throws(Failure) -> ChatClient {
        do throws(ChatError) {
            return try await stage.client(for: person)
        } catch {
            throw .chat(error)
        }
    }

    private func makePartner() async throws(Failure) -> Partner {
        do throws(ChatError) {
            return try await Partner.make(on: stage, language: strings.language, pace: .cued)
        } catch {
            throw .chat(error)
        }
    }

    private func play(
        _ newcomer: ChatClient, _ partner: Partner, _ observer: SceneObserver
    ) async throws(Failure) {
        let peer = stage.partner.id
        text.title(server: stage.server.ready.url, newcomer: stage.newcomer)
        await observer.begin()
        await newcomer.connect()
        await newcomer.open(peer)
        try await see(.online, observer, partner)
        try await showPast(newcomer)
        await observer.acceptList()
        await partner.begin()
        try await see(.cameOnline(peer, times: 1), observer, partner)

        var director = Director(partner: peer, friend: stage.friend?.id)
        while true {
            if !director.isPartnerAway { try await beHeard(director.sentCount, by: partner) }
            guard let step = await partner.cue() else { break }
            for fact in director.effects(of: step) { try await see(fact, observer, partner) }
            await newcomer.markRead(peer)
            guard let line = director.lineAfter(step, strings) else { continue }
            let tempID = try await send(line, from: newcomer)
            director.sent(tempID)
            let state = director.isPartnerAway ? RowState.sent : .delivered
            try await see(.atLeast(tempID, state), observer, partner)
        }
        guard director.isComplete else { throw .notSeen("the whole scene") }
        text.finished()
    }

    private func send(_ line: String, from newcomer: ChatClient) async throws(Failure) -> TempID {
        do throws(ChatError) {
            return try await newcomer.send(line, to: stage.partner.id)
        } catch {
            throw .chat(error)
        }
    }

    private func showPast(_ newcomer: ChatClient) async throws(Failure) {
        let partner = stage.partner.id
        let wait = ServerWait(client: newcomer, strings: strings)
        let failure = await wait.until(timeout: Self.patience) { () throws(ChatError) in
            await newcomer.freshness.isUpToDate(with: partner)
        }
        guard failure == nil else { throw .notSeen("the history of the conversation") }
        do throws(ChatError) {
            text.past(
                try await newcomer.timeline(with: stage.partner.id, before: nil, limit: Self.pastCount).rows)
        } catch {
            throw .chat(error)
        }
    }

    private func see(
        _ fact: SceneObserver.Fact, _ observer: SceneObserver, _ partner: Partner
    ) async throws(Failure) {
        let wasSeen = await observer.wait(for: fact, timeout: Self.patience)
        if let error = await partner.failure { throw .chat(error) }
        guard wasSeen else { throw .notSeen("\(fact)") }
    }

    /// Waits until the partner's script knows the newcomer's messages, so that the next cue leads to the answer.
    private func beHeard(_ count: Int, by partner: Partner) async throws(Failure) {
        let deadline = ContinuousClock.now + Self.patience
        while await partner.heard < count {
            guard ContinuousClock.now < deadline else { throw .notSeen("the partner hearing the message") }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }
}

extension HeadlessScene {
    /// Knows the effect of each of the partner's steps on the newcomer's side, and the newcomer's lines. A value
    /// without I/O.
    struct Director: Hashable, Sendable {
        let partner: UserID
        let friend: UserID?
        private(set) var isPartnerAway = false
        private var typingCount = 0
        private var receivedCount = 0
        private var sentIDs: [TempID] = []
        private var hasReturned = false

        init(partner: UserID, friend: UserID?) {
            self.partner = partner
            self.friend = friend
        }

        var sentCount: Int { sentIDs.count }

        /// True when the partner has left, come back, and the newcomer has written in both states.
        var isComplete: Bool { hasReturned && sentIDs.count == 2 }

        mutating func sent(_ tempID: TempID) {
            sentIDs.append(tempID)
        }

        /// The events that must be seen before the next step.
        mutating func effects(of step: PartnerScript.Step.Kind) -> [SceneObserver.Fact] {
            switch step {
            case .read:
                return sentIDs.last.map { [.atLeast($0, .read)] } ?? []
            case .startTyping:
                typingCount += 1
                return [.typing(partner, times: typingCount)]
            case .sayLine, .sayReply:
                receivedCount += 1
                return [.received(partner, count: receivedCount)]
            case .goOffline:
                isPartnerAway = true
                return [.wentOffline(partner, times: 1)]
            case .comeOnline:
                isPartnerAway = false
                hasReturned = true
                return [.cameOnline(partner, times: 2)]
                    + (sentIDs.last.map { [.atLeast($0, .delivered)] } ?? [])
            case .friendWrites:
                return friend.map { [.unread($0)] } ?? []
            }
        }

        /// The newcomer's line after the step, if any.
        func lineAfter(_ step: PartnerScript.Step.Kind, _ strings: any CommandCatalogue) -> String? {
            switch step {
            case .sayLine(.welcome): strings.newcomerGreets
            case .goOffline: strings.newcomerWaits
            default: nil
            }
        }
    }
}
