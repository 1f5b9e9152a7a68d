import ChatWire
import Logging
import TestSupport
import Testing

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
            generator: SeededGenerator(seed: seed))
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

    // MARK: Questions

    /// The questions whose answers are awaited, in the order in which they were asked.
    var open: [OpenQuestion] {
        engine.core.context.requests.running.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The first question of this kind whose answer is awaited.
    func asked<Question: ServerQuestion>(_ kind: Question.Type) -> Asked<Question>? {
        open.lazy.compactMap { $0.asked as? Asked<Question> }.first
    }

    /// Takes the next question out of ``effects``.
    func takeQuestion(where matches: (any ServerQuestion) -> Bool = { _ in true }) -> OpenQuestion? {
        gather()
        for (index, effect) in effects.enumerated() {
            guard case .ask(let open) = effect, matches(open.question) else { continue }
            effects.remove(at: index)
            return open
        }
        return nil
    }

    /// Takes what the engine wants done. True when it asks a question of this kind.
    func takesQuestion<Question: ServerQuestion>(_ kind: Question.Type) -> Bool {
        defer { effects = [] }
        return takeQuestion { $0 is Question } != nil
    }

    func answer<Question: ServerQuestion>(
        _ asked: Asked<Question>, _ result: Result<Question.Answer, ChatError>
    ) {
        engine.receive(result, to: asked, at: now)
        gather()
    }

    /// Answers the question of this kind whose answer is awaited.
    func answer<Question: ServerQuestion>(
        _ kind: Question.Type, _ answer: Question.Answer, _ location: SourceLocation = #_sourceLocation
    ) throws {
        self.answer(try #require(asked(kind), sourceLocation: location), .success(answer))
    }

    func fail<Question: ServerQuestion>(
        _ kind: Question.Type, _ error: ChatError, _ location: SourceLocation = #_sourceLocation
    ) throws {
        answer(try #require(asked(kind), sourceLocation: location), .failure(error))
    }

    func fail(_ open: OpenQuestion, _ error: ChatError) { fail(open.asked, error) }

    private func fail(_ asked: some AskedQuestion, _ error: ChatError) {
        answer(asked.typed, .failure(error))
    }

    func answer(_ open: OpenQuestion, by server: inout ModelServer) { answer(open.asked, by: &server) }

    private func answer(_ asked: some AskedQuestion, by server: inout ModelServer) {
        let asked = asked.typed
        answer(asked, .success(server.answer(asked.question)))
    }

    /// Answers the question for the account of the token, if it is open.
    func tellAccount(_ user: User) {
        let open = takeQuestion { $0 is AccountQuestion }
        if let asked = open?.asked as? Asked<AccountQuestion> { answer(asked, .success(user)) }
    }

    /// Answers all open questions with what `server` says, until there are none.
    func answerAll(_ server: inout ModelServer) {
        while let open = takeQuestion() { answer(open, by: &server) }
    }

    /// Answers all open questions for a server without extensions. Of those that it lists no page is asked for when the
    /// cache knows the last message.
    func catchUp(listing contacts: [Contact], unread: [UserID: Int] = [:]) {
        if let asked = asked(ContactsQuestion.self) { answer(asked, .success(PartialList(contacts))) }
        if let asked = asked(UnreadQuestion.self) {
            answer(asked, .success(UnreadCounts(bySender: unread)))
        }
        if let asked = asked(ServerInformationQuestion.self) { answer(asked, .success(.capable(of: []))) }
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

extension ServerInformation {
    static func capable(of capabilities: Set<Capability>) -> ServerInformation {
        ServerInformation(name: "MyChat API", version: "1", capabilities: capabilities)
    }
}
