import ChatWire
import TestSupport
import Testing

/// The recorded frames, played to both of our sides.
@Suite struct RecordedSessionTests {
    private let now = MonotonicInstant(nanoseconds: 0)

    /// The cases in which the recorded client did what our client never does, and got an answer for it.
    private static let provoked = ["ws_connect_twice_same_socket", "frame_reserved_connect_event"]

    /// A client receives what the real server sent. None of it is a violation, and every event and every answer to a
    /// connect arrives.
    @Test(arguments: [WirePolicy.strict, .recorded])
    func `a client understands the real server`(policy: WirePolicy) throws {
        var (events, connects, refusals) = (0, 0, 0)
        for recorded in try Transcripts.sockets() where !Self.provoked.contains(recorded.name) {
            for (name, steps) in recorded.connections
            where steps.contains(where: { $0.frame?.hasPrefix("0{") == true }) {
                var client = SocketConnection.client(policy: policy)
                _ = client.start(now: now)
                var told: [SocketConnection.Action] = []
                // The recording lists a client's connect before the handshake that it follows.
                let frames = steps.compactMap { step in
                    step.frame.map { (isOutgoing: step.isOutgoing, text: $0) }
                }
                let opening = frames.filter { $0.text.hasPrefix("0{") }
                for (isOutgoing, text) in opening + frames.filter({ !$0.text.hasPrefix("0{") }) {
                    if !isOutgoing {
                        told += client.receive(text: Array(text.utf8)[...], now: now)
                    } else if text.hasPrefix("40/") {
                        told += client.perform {
                            $0.connect("/foo", auth: nil, timeout: .seconds(5), now: now)
                        }
                    } else if text.hasPrefix("40") {
                        told += client.perform { $0.connect(auth: nil, timeout: .seconds(5), now: now) }
                    }
                }
                let heard = frames.filter { !$0.isOutgoing }.map(\.text)
                let label = "\(recorded.name), \(name)"
                for action in told {
                    if case .closed(let reason) = action { Issue.record("\(label): \(reason)") }
                    if case .session(.fail(let error)) = action { Issue.record("\(label): \(error)") }
                    if case .session(.event) = action { events += 1 }
                    if case .session(.connected) = action { connects += 1 }
                    if case .session(.refused(_, let refusal)) = action {
                        refusals += 1
                        #expect(
                            ["Connection rejected by server", "Unable to connect"].contains(refusal.message))
                    }
                }
                let count = { (isCounted: (SocketConnection.Action) -> Bool) in told.filter(isCounted).count }
                #expect(
                    count { if case .session(.event) = $0 { true } else { false } }
                        == heard.filter { $0.hasPrefix("42") }.count, "\(label)")
            }
        }
        #expect(events > 200 && connects > 150 && refusals == 7, "\(events), \(connects), \(refusals)")
    }

    /// A server receives what the recorded clients sent; it accepts the tokens that the real server accepted. It
    /// accepts, refuses, handles and ignores the same things. An ack in the recording means that the real server
    /// handled the event.
    @Test func `a server takes what the real one took`() throws {
        var acknowledged = 0
        for recorded in try Transcripts.sockets() where !recorded.name.hasPrefix("polling") {
            for (name, steps) in recorded.connections {
                let label = "\(recorded.name), \(name)"
                var server = SocketConnection.server(EngineHandshake(sid: "e"), connectTimeout: nil)
                _ = server.start(now: now)
                var answers: [String] = []
                var heard: Set<UInt64> = []
                for frame in steps.compactMap({ $0.isOutgoing ? $0.frame : nil })
                where !frame.contains("...(") {
                    var actions = server.receive(text: Array(frame.utf8)[...], now: now)
                    while !actions.isEmpty {
                        switch actions.removeFirst() {
                        case .transmit(.text(let text)): answers.append(text.text)
                        case .session(.connectRequested(_, let auth)):
                            let isGood = auth?["token"]?.stringValue?.hasPrefix("eyJ") == true
                            actions += server.perform {
                                isGood
                                    ? $0.accept(sid: "s")
                                    : $0.refuse(message: "Connection rejected by server", leavesFirst: true)
                            }
                        case .session(.event(let event)):
                            if let id = event.acknowledgementID { heard.insert(id) }
                        default: break
                        }
                    }
                }
                // Answers to connects and disconnects, without the names of sessions.
                func isAnswer(_ frame: String) -> Bool {
                    ["40", "41", "44"].contains { frame.hasPrefix($0) }
                }
                let real = steps.compactMap { $0.isOutgoing ? nil : $0.frame }
                let shape = { (frame: String) in frame.hasPrefix("40") ? "40" : frame }
                #expect(answers.filter(isAnswer).map(shape) == real.filter(isAnswer).map(shape), "\(label)")
                for frame in real where frame.hasPrefix("43") && !isCut(recorded.name) {
                    let digits = frame.dropFirst(2).prefix { $0.isNumber }
                    let id = try #require(UInt64(digits), "\(label)")
                    #expect(heard.contains(id), "\(label): \(frame)")
                    acknowledged += 1
                }
            }
        }
        #expect(acknowledged > 80, "\(acknowledged)")
    }

    /// A case whose recording has only the websocket part, without its connect.
    private func isCut(_ name: String) -> Bool { name == "polling_then_upgrade" }

    /// Random frames on both sides, under both policies: errors are typed, nothing traps, and a closed machine stays
    /// closed.
    @Test(arguments: [81, 82, 83, 84] as [UInt64])
    func `mutated frames are survived`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let frames = try Transcripts.sockets().flatMap { $0.steps.compactMap(\.frame) }.filter {
            $0.utf8.count < 2000
        }
        for round in 0..<400 {
            let policy: WirePolicy = round % 2 == 0 ? .strict : .recorded
            var machine =
                round % 4 < 2
                ? SocketConnection.client(policy: policy)
                : SocketConnection.server(
                    EngineHandshake(sid: "e"), policy: policy, connectTimeout: .seconds(30))
            var time = now
            var isOver = false
            var actions = machine.start(now: time)
            for step in 0..<40 {
                for action in actions {
                    try #require(!isOver, "seed \(seed), round \(round), step \(step)")
                    switch action {
                    case .closed: isOver = true
                    case .opened:
                        actions += machine.perform { $0.connect(auth: [:], timeout: .seconds(5), now: time) }
                    case .session(.connectRequested(let namespace, _)):
                        _ = machine.perform { $0.accept(namespace, sid: "s") }
                    case .session(.event(let event)):
                        _ = try? event.decoded()
                        _ = try? ServerEvent.decode(event.payload)
                        _ = try? ClientEvent.decode(event.payload)
                    default: break
                    }
                }
                try #require(machine.isClosed == isOver, "seed \(seed), round \(round), step \(step)")
                time += .milliseconds(Int.random(in: 0...900, using: &generator))
                let frame = Array(frames[Int.random(in: 0..<frames.count, using: &generator)].utf8)
                switch Int.random(in: 0..<8, using: &generator) {
                case 0: actions = machine.receive(binary: frame.prefix(9), now: time)
                case 1: actions = machine.tick(now: time)
                case 2, 3: actions = machine.receive(text: frame.mutated(using: &generator)[...], now: time)
                default: actions = machine.receive(text: frame[...], now: time)
                }
            }
        }
    }
}
