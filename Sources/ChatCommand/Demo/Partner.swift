import ChatClientCore
import ChatTUI
import ChatWire

/// Bia: a second real client in this process, controlled by a ``PartnerScript``.
///
/// This driver is thin. It turns the reports of her client into events of the script, and carries out the script's
/// actions with the client.
actor Partner {
    private let client: ChatClient
    private let newcomer: UserID
    /// Lets the friend write a text to the newcomer.
    private let letFriendWrite: @Sendable (String) async throws(ChatError) -> Void
    private var script: PartnerScript
    /// The newcomer's newest message that the script knows, and how many there were in total.
    private var heardUpTo: MessageID?
    private var heardCount = 0
    private let start: Timestamp
    private var tasks: [Task<Void, Never>] = []
    private var timer: Task<Void, Never>?
    private var keystrokes: Task<Void, Never>?
    private var trouble: ChatError?

    /// - Parameter start: earlier messages are history and are not answered.
    init(
        client: ChatClient, newcomer: UserID, script: PartnerScript, start: Timestamp,
        letFriendWrite: @escaping @Sendable (String) async throws(ChatError) -> Void
    ) {
        self.client = client
        self.newcomer = newcomer
        self.script = script
        self.start = start
        self.letFriendWrite = letFriendWrite
    }

    /// Comes online and starts the scene.
    func begin() async {
        let changes = await client.changes()
        tasks.append(
            Task { [weak self] in
                for await change in changes {
                    guard let self else { return }
                    await self.receive(change)
                }
            })
        await client.connect()
        await client.open(newcomer)
        await take(.began)
        await hear()
    }

    /// Leaves for good.
    func end() async {
        for task in tasks { task.cancel() }
        timer?.cancel()
        keystrokes?.cancel()
        await client.disconnect()
    }

    /// Carries out the next step of a cued script and returns it; nil when none is left.
    func cue() async -> PartnerScript.Step.Kind? {
        guard let next = script.next else { return nil }
        await take(.cue)
        return next
    }

    /// The failure, if there was one.
    var failure: ChatError? { trouble }

    /// How many messages of the newcomer have been heard.
    var heard: Int { heardCount }

    private func receive(_ change: ChatChange) async {
        switch change {
        case .timeline(newcomer): await hear()
        case .typing(newcomer, let isTyping): await take(.newcomerTyping(isTyping))
        default: break
        }
    }

    /// How many messages are searched for new ones.
    private static let window = 50

    private func hear() async {
        let timeline: Timeline
        do throws(ChatError) {
            timeline = try await client.timeline(with: newcomer, before: nil, limit: Self.window)
        } catch {
            trouble = error
            return
        }
        var texts: [String] = []
        for row in timeline.rows where row.state == .received && row.time >= start {
            guard let id = row.messageID, heardUpTo.map({ id > $0 }) ?? true else { continue }
            heardUpTo = id
            texts.append(row.content)
        }
        guard !texts.isEmpty else { return }
        heardCount += texts.count
        await take(.received(texts))
    }

    private func take(_ event: PartnerScript.Event) async {
        let actions = script.receive(event, at: ChatClient.now)
        rearm()
        for action in actions { await perform(action) }
    }

    private func rearm() {
        timer?.cancel()
        timer = nil
        guard let deadline = script.deadline else { return }
        let delay = deadline - ChatClient.now
        timer = Task { [weak self] in
            guard (try? await Task.sleep(for: delay)) != nil else { return }
            await self?.take(.time)
        }
    }

    private func perform(_ action: PartnerScript.Action) async {
        switch action {
        case .read: await client.markRead(newcomer)
        case .startTyping: pressKeys()
        case .stopTyping:
            keystrokes?.cancel()
            keystrokes = nil
            await client.typing(false, to: newcomer)
        case .say(let text): await attempt { () throws(ChatError) in try await self.say(text) }
        case .goOffline: await client.disconnect()
        case .comeOnline: await client.connect()
        case .letFriendWrite(let text):
            let write = letFriendWrite
            tasks.append(
                Task { [weak self] in
                    do throws(ChatError) {
                        try await write(text)
                    } catch {
                        await self?.note(error)
                    }
                })
        }
    }

    private func say(_ text: String) async throws(ChatError) {
        _ = try await client.send(text, to: newcomer)
    }

    /// A typing person presses keys all the time: the engine forgets a person who pauses.
    private func pressKeys() {
        keystrokes?.cancel()
        let client = client
        let newcomer = newcomer
        keystrokes = Task {
            while !Task.isCancelled {
                await client.typing(true, to: newcomer)
                guard (try? await Task.sleep(for: .milliseconds(700))) != nil else { return }
            }
        }
    }

    private func attempt(_ body: () async throws(ChatError) -> Void) async {
        do throws(ChatError) {
            try await body()
        } catch {
            trouble = error
        }
    }

    private func note(_ error: ChatError) {
        trouble = error
    }
}

extension Partner {
    /// The partner of a stage, signed in and not online yet.
    static func make(
        on stage: DemoStage, language: Language, pace: PartnerScript.Pace
    ) async throws(ChatError) -> Partner {
        let client = try await stage.client(for: stage.partner)
        let script = PartnerScript(newcomer: stage.newcomer.name, language: language, pace: pace)
        let newcomer = stage.newcomer.id
        guard let friend = stage.friend else {
            return Partner(
                client: client, newcomer: newcomer, script: script, start: stage.start,
                letFriendWrite: { _ throws(ChatError) in })
        }
        let friendClient = try await stage.client(for: friend)
        return Partner(
            client: client, newcomer: newcomer, script: script, start: stage.start,
            letFriendWrite: { text throws(ChatError) in
                try await Self.write(text, from: friendClient, to: newcomer)
            })
    }

    /// How long the friend waits for the server's confirmation before leaving.
    private static let friendTimeout = Duration.seconds(10)

    /// Comes online for one message.
    private static func write(
        _ text: String, from client: ChatClient, to newcomer: UserID
    ) async throws(ChatError) {
        let tempID = try await client.send(text, to: newcomer)
        await client.connect()
        let outcome = try await client.outbox.outcome(of: tempID, timeout: friendTimeout)
        await client.disconnect()
        guard case .sent = outcome else { throw .timeout }
    }
}
