import ChatWire
import Logging
import TestSupport

@testable import ChatClientCore

/// One running program on a device: a real engine, what it has open, and what its screen shows.
final class SimulatedProgram {
    /// Owns this program.
    unowned let device: SimulatedDevice
    let number: Int
    private(set) var engine: ChatEngine
    private var generator: SeededGenerator

    /// The link that the engine wants opened and that does not stand yet.
    var opening: Int?
    var wire: SimulatedWire?
    /// Questions on their way to the server, and answers on their way back.
    var questions: [(open: OpenQuestion, token: String?)] = []
    var answers: [SimulatedAnswer] = []
    /// The token it had before what happened last.
    var tokenBefore: String?
    /// Another program has committed, and this one was not told yet.
    var hasNews = false
    private(set) var screen = SimulatedScreen()
    /// Which conversation the person has before them here.
    var openPeer: UserID?

    init(on device: SimulatedDevice, number: Int, seed: UInt64) throws {
        self.device = device
        self.number = number
        generator = SeededGenerator(seed: seed)
        engine = try Self.engine(on: device, generator: &generator)
        try readScreen()
    }

    private static func engine(
        on device: SimulatedDevice, generator: inout SeededGenerator
    ) throws -> ChatEngine {
        try ChatEngine(
            store: device.store, token: device.token, heldAfter: .seconds(86_400),
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            generator: SeededGenerator(seed: generator.next()))
    }

    /// For the trace.
    var name: String { "\(device.number).\(number)" }

    /// The program is gone, and starts again on the same cache. What it had wanted done is not done.
    func restart() throws {
        wire?.isOpen = false
        wire = nil
        opening = nil
        questions = []
        answers = []
        hasNews = false
        openPeer = nil
        engine = try Self.engine(on: device, generator: &generator)
        engine.setWantsLink(true, at: device.now)
        screen = SimulatedScreen()
        try readScreen()
    }

    // MARK: The screen

    /// Takes over a change, as a program does that shows it: by reading anew what it names.
    func show(_ change: ChatChange) throws {
        switch change {
        case .timeline(let peer): screen.timelines[peer] = try visible(peer)
        case .conversations: screen.list = try engine.view.conversations()
        case .outbox(let summary): screen.outbox = summary
        case .link(let state): screen.link = state
        case .typing, .presence, .account, .notice: break
        }
    }

    private func readScreen() throws {
        for peer in device.peers { screen.timelines[peer] = try visible(peer) }
        screen.list = try engine.view.conversations()
        screen.outbox = engine.outboxSummary
        screen.link = engine.linkState
    }

    /// As many rows as a screen has.
    func visible(_ peer: UserID) throws -> Timeline {
        try engine.timeline(with: peer, before: nil, limit: 30)
    }

    /// What stands on the screen and is not so, or nil.
    func staleness() throws -> String? {
        for peer in device.peers {
            let now = try visible(peer)
            guard let shown = screen.timelines[peer], shown.rows != now.rows || shown.unread != now.unread
            else {
                continue
            }
            let difference = zip(shown.rows, now.rows).first { $0 != $1 }
            return "the conversation with \(peer) changed unannounced: \(shown.rows.count) rows, now "
                + "\(now.rows.count); unread \(shown.unread), now \(now.unread); first difference "
                + "\(difference.map { "\($0.0.content) \($0.0.state) -> \($0.1.content) \($0.1.state)" } ?? "-")"
        }
        let list = try engine.view.conversations()
        if screen.list != list {
            let difference = zip(screen.list, list).first { $0 != $1 }
            return
                "the list changed unannounced: \(difference.map { "\($0.0), now \($0.1)" } ?? "\(list.count)")"
        }
        if screen.outbox != engine.outboxSummary {
            return "the outbox changed unannounced: \(screen.outbox), now \(engine.outboxSummary)"
        }
        if screen.link != engine.linkState {
            return "the link changed unannounced: \(screen.link), now \(engine.linkState)"
        }
        return nil
    }
}

/// An answer on its way to a program.
struct SimulatedAnswer {
    let number: Int
    /// For the trace.
    let description: String
    let deliver: (ChatEngine, Moment) -> Void
    /// What it tells of the stream of changes.
    let stream: SimulatedStreamPart?

    init<Question>(
        _ asked: Asked<Question>, _ answer: Result<Question.Answer, ChatError>,
        stream: SimulatedStreamPart? = nil
    ) {
        number = asked.number
        description = "\(answer)"
        deliver = { engine, now in engine.receive(answer, to: asked, at: now) }
        self.stream = stream
    }
}

/// What a program shows: made of what changes told it to read.
struct SimulatedScreen {
    var timelines: [UserID: Timeline] = [:]
    var list: [Conversation] = []
    var outbox = OutboxSummary()
    var link = LinkState.signedOut
}
