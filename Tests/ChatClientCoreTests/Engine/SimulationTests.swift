import ChatWire
import Testing

@testable import ChatClientCore

/// The whole engine against a model of each kind of server, with a virtual clock and faults from a seed:
/// links cut with anything in flight, frames that land late, answers that never come, crashes at any point.
///
/// What must hold at the end, when the weather is fine again: every entered message is at the server once,
/// each conversation in the order of entry, and the cache shows what the server has.
@Suite struct SimulationTests {
    @Test(arguments: 0..<60) func nothingIsLostDoubledOrReordered(_ seed: UInt64) throws {
        for isIdempotent in [true, false] {
            var simulation = try Simulation(seed: seed, isIdempotent: isIdempotent)
            for _ in 0..<300 { try simulation.step() }
            try simulation.settle()
            try simulation.check()
        }
    }
}

struct Simulation {
    private let seed: UInt64
    private let isIdempotent: Bool
    private let harness: EngineHarness
    private var server: ModelServer
    private var generator: SplitMix64
    /// Text messages on their way to the server, with the connection they were sent on.
    private var upstream: [(connection: Int, text: [UInt8])] = []
    private var downstream: [[UInt8]] = []
    private var calls: [(number: Int, call: EngineCall)] = []
    /// The connections are counted through crashes, unlike the engine's links.
    private var connection = 0
    /// The connection whose token the server accepted last: the real server hears no other.
    private var accepted = 0
    /// The link that is being opened and does not stand yet.
    private var opening: Int?
    private var entered: [UserID: [String]] = [:]
    private var count = 0

    init(seed: UInt64, isIdempotent: Bool) throws {
        self.seed = seed
        self.isIdempotent = isIdempotent
        harness = try EngineHarness(seed: seed)
        server = ModelServer(isIdempotent: isIdempotent)
        generator = SplitMix64(seed: seed &* 7919 &+ (isIdempotent ? 1 : 2))
        harness.begin()
        collect()
    }

    mutating func step() throws {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<12: try enter()
        case 12..<18: peerSends()
        case 18..<20: otherDeviceSends()
        case 20..<24:
            harness.engine.open([nil, bia, caio].randomElement(using: &generator) ?? nil, at: harness.now)
        case 24..<27: harness.engine.markRead(anyPeer(), at: harness.now)
        case 27..<31: cut()
        case 31..<33: try crash()
        case 33..<45: harness.pass(Double.random(in: 0...6, using: &generator))
        case 45..<47: harness.pass(30)
        case 47..<50: harness.engine.reconnectNow(at: harness.now)
        case 50..<60: openLink()
        case 60..<75: deliverUp()
        case 75..<90: deliverDown()
        default: answerOne()
        }
        collect()
    }

    /// Fine weather, until nothing moves any more.
    mutating func settle() throws {
        for _ in 0..<40 {
            harness.engine.reconnectNow(at: harness.now)
            // The person looks at everything: what waits for that on the real server goes on.
            for peer in [bia, caio] {
                harness.engine.open(peer, at: harness.now)
                collect()
                drain()
            }
            harness.engine.open(nil, at: harness.now)
            harness.pass(21)
            collect()
            drain()
        }
    }

    func check() throws {
        let name: Comment = "seed \(seed), idempotent \(isIdempotent)"
        #expect(harness.engine.outboxSummary == OutboxSummary(), name)
        for peer in [bia, caio] {
            let own = server.messages.filter { $0.senderID == ana && $0.receiverID == peer }
            let fromHere = own.map(\.content).filter { !$0.hasPrefix("celular") }
            #expect(fromHere == entered[peer] ?? [], name)
            let all = server.messages.filter { $0.senderID == peer || $0.receiverID == peer }
            let rows = try harness.rows(peer)
            #expect(rows.map(\.messageID) == all.map(\.id), name)
            #expect(rows.map(\.content) == all.map(\.content), name)
        }
        let unread = try harness.engine.conversations().map(\.unread)
        #expect(unread.allSatisfy { $0 == 0 }, name)
    }

    // MARK: What people do

    private mutating func enter() throws {
        let peer = anyPeer()
        count += 1
        // Sometimes the same words again.
        let text = Bool.random(using: &generator) ? "m\(count)" : "oi"
        _ = try harness.engine.send(text, to: peer, at: harness.now)
        entered[peer, default: []].append(text)
    }

    private mutating func peerSends() {
        count += 1
        let peer = anyPeer()
        let message = server.store("p\(count)", from: peer, to: ana, tempID: nil)
        guard isUp else { return }
        downstream.append(ServerEvent.newMessage(message).packet().bytes)
        let person = Person(id: peer, name: "P\(peer)")
        downstream.append(ServerEvent.messageNotification(message, from: person).packet().bytes)
    }

    private mutating func otherDeviceSends() {
        count += 1
        _ = server.store("celular\(count)", from: ana, to: anyPeer(), tempID: nil)
    }

    private mutating func anyPeer() -> UserID { Bool.random(using: &generator) ? bia : caio }

    // MARK: The network

    private var isUp: Bool { harness.link != nil && connection == accepted && opening == nil }

    /// Takes over what the engine wants done.
    private mutating func collect() {
        for effect in harness.take() {
            switch effect {
            case .openLink(let number): opening = number
            case .closeLink: lose()
            case .send(let text): upstream.append((connection, text))
            case .call(let number, let call): calls.append((number, call))
            default: break
            }
        }
    }

    /// The link is gone. What was on its way to us is lost; what was on its way to the server may still land.
    private mutating func lose() {
        downstream = []
        opening = nil
    }

    private mutating func openLink() {
        guard let number = opening, number == harness.link else { return }
        opening = nil
        connection += 1
        harness.engine.linkOpened(number, at: harness.now)
        downstream = [ModelServer.opening]
    }

    private mutating func cut() {
        guard let link = harness.link else { return }
        harness.engine.linkEnded(link, .closed(code: nil), at: harness.now)
        lose()
        // Of what was on its way, a part from the end never arrives.
        upstream.removeLast(Int.random(in: 0...upstream.count, using: &generator))
    }

    private mutating func crash() throws {
        try harness.restart()
        lose()
        calls = []
        upstream.removeLast(Int.random(in: 0...upstream.count, using: &generator))
        harness.begin()
    }

    private mutating func deliverUp() {
        guard !upstream.isEmpty else { return }
        let (source, text) = upstream.removeFirst()
        if text.starts(with: Array("40{".utf8)) { accepted = max(accepted, source) }
        // From a new connect on, the real server hears nothing of the old socket.
        guard isIdempotent || source == accepted else { return }
        let answers = server.receive(text)
        if source == connection, harness.link != nil, opening == nil { downstream += answers }
    }

    private mutating func deliverDown() {
        guard opening == nil, !downstream.isEmpty else { return }
        let burst = downstream.prefix(Int.random(in: 1...3, using: &generator))
        downstream.removeFirst(burst.count)
        harness.receive(Array(burst))
    }

    private mutating func answerOne() {
        guard !calls.isEmpty else { return }
        let (number, call) = calls.remove(at: Int.random(in: calls.indices, using: &generator))
        if Int.random(in: 0..<8, using: &generator) == 0 {
            harness.engine.receive(.failure(.timeout), to: number, at: harness.now)
        } else {
            harness.engine.receive(.success(server.answer(call)), to: number, at: harness.now)
        }
    }

    private mutating func drain() {
        for _ in 0..<200 {
            openLink()
            collect()
            while !upstream.isEmpty { deliverUp() }
            while !downstream.isEmpty, opening == nil { deliverDown() }
            collect()
            while !calls.isEmpty {
                let (number, call) = calls.removeFirst()
                harness.engine.receive(.success(server.answer(call)), to: number, at: harness.now)
                collect()
            }
            if upstream.isEmpty, downstream.isEmpty, calls.isEmpty, opening == nil { return }
        }
    }
}
