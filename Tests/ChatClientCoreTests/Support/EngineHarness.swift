import ChatWire
import Logging

@testable import ChatClientCore

/// An engine on a store in memory, driven by hand: what it wants done is gathered, what happens is told.
final class EngineHarness {
    let store: ChatStore
    private(set) var engine: ChatEngine
    var now = Moment.at(0)
    var effects: [EngineEffect] = []
    var changes: [ChatChange] = []
    /// The link that is open or being opened.
    var link: Int?
    private let seed: UInt64
    private var restarts: UInt64 = 0

    init(
        seed: UInt64 = 1, token: String? = "token", store: ChatStore? = nil,
        cacheLimits: CacheLimits = CacheLimits()
    ) throws {
        self.seed = seed
        let store = try store ?? ChatStore(inMemoryFor: ana)
        self.store = store
        engine = try Self.engine(on: store, token: token, seed: seed, cacheLimits: cacheLimits)
    }

    private static func engine(
        on store: ChatStore, token: String?, seed: UInt64, cacheLimits: CacheLimits = CacheLimits()
    ) throws -> ChatEngine {
        try ChatEngine(
            store: store, token: token, heldAfter: .seconds(86_400), cacheLimits: cacheLimits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            generator: SplitMix64(seed: seed))
    }

    /// The program dies and starts again on the same cache.
    func restart() throws {
        restarts += 1
        engine = try Self.engine(on: store, token: "token", seed: seed &+ restarts &* 1_000_003)
        effects = []
        link = nil
    }

    /// Moves what the engine wants done into ``effects`` and ``changes``.
    func gather() {
        for effect in engine.takeEffects() {
            switch effect {
            case .change(let change): changes.append(change)
            case .openLink(let number):
                link = number
                effects.append(effect)
            case .closeLink(let number):
                if link == number { link = nil }
                effects.append(effect)
            default: effects.append(effect)
            }
        }
    }

    func take() -> [EngineEffect] {
        gather()
        defer { effects = [] }
        return effects
    }

    /// The text messages that the engine has sent since the last call.
    func takeTexts() -> [String] {
        take().compactMap { effect in
            guard case .send(let text) = effect else { return nil }
            return String(decoding: text, as: UTF8.self)
        }
    }

    func takeChanges() -> [ChatChange] {
        gather()
        defer { changes = [] }
        return changes
    }

    func begin() {
        engine.setWantsLink(true, at: now)
        engine.setHolder(true, at: now)
        gather()
    }

    func receive(_ texts: [[UInt8]]) {
        guard let link else { return }
        engine.linkReceived(texts, on: link, at: now)
        gather()
    }

    func receive(_ event: ServerEvent) { receive([event.packet().bytes]) }

    func receive(_ text: String) { receive([Array(text.utf8)]) }

    /// Opens the link up to the server's acceptance.
    func connect() {
        begin()
        guard let link else { return }
        engine.linkOpened(link, at: now)
        receive([ModelServer.opening])
        receive(#"40{"sid":"c"}"#)
        tellAccount(.ana)
    }

    /// Answers the question whose the token is, if it is open.
    func tellAccount(_ user: User) {
        gather()
        let question = effects.firstIndex { effect in
            guard case .call(_, .account) = effect else { return false }
            return true
        }
        guard let question, case .call(let number, _) = effects.remove(at: question) else { return }
        engine.receive(.success(.account(user)), to: number, at: now)
        gather()
    }

    /// Answers all open questions with what `server` says, until there are none.
    func answerAll(_ server: inout ModelServer) {
        gather()
        while let index = effects.firstIndex(where: { if case .call = $0 { true } else { false } }) {
            guard case .call(let number, let call) = effects.remove(at: index) else { return }
            engine.receive(.success(server.answer(call)), to: number, at: now)
            gather()
        }
    }

    /// Answers all open questions for a server without extensions. Of those that it lists no page is asked for when the
    /// cache knows the last message.
    func catchUp(listing contacts: [Contact], unread: [UserID: Int] = [:]) {
        var answers: [(EngineCall, EngineAnswer)] = [
            (.contacts, .contacts(contacts)), (.unread, .unread(UnreadCounts(bySender: unread))),
        ]
        let nothing = ServerInformation(name: "MyChat API", version: "1", capabilities: [])
        answers.append((.serverInformation, .serverInformation(nothing)))
        for (call, answer) in answers {
            guard
                let number = engine.core.context.requests.running.first(where: { $0.value.call == call })?.key
            else { continue }
            engine.receive(.success(answer), to: number, at: now)
            gather()
        }
    }

    /// The same for a server that lists nobody.
    func catchUpWithoutContacts(unread: [UserID: Int] = [:]) { catchUp(listing: [], unread: unread) }

    func pass(_ seconds: Double) {
        now.monotonic += .nanoseconds(Int64(seconds * 1e9))
        now.wall.microseconds += Int64(seconds * 1e6)
        engine.tick(at: now)
        gather()
    }

    func rows(_ peer: UserID = bia) throws -> [TimelineRow] {
        try engine.timeline(with: peer, before: nil, limit: 1000).rows
    }
}
