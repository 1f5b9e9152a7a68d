import ChatSQLite
import ChatWire

@testable import ChatClientCore

extension Simulation {
    /// Calls a program's engine, then carries out what it wants done.
    func act(on program: SimulatedProgram, _ body: (ChatEngine) throws -> Void) throws {
        program.tokenBefore = program.engine.token
        try body(program.engine)
        try settle(program)
    }

    /// Carries out what an engine wants done: the program's part, as its driver does it.
    func settle(_ program: SimulatedProgram) throws {
        for effect in program.engine.takeEffects() {
            trace?("    \(program.name) \(effect.summary)")
            try perform(effect, for: program)
        }
        noteCommits(on: program.device, by: program)
    }

    /// Programs learn of each other's commits, a little later.
    private func noteCommits(on device: SimulatedDevice, by program: SimulatedProgram) {
        let changes = device.store.database.totalChanges
        guard changes != device.seenChanges else { return }
        device.seenChanges = changes
        for other in device.programs where other !== program { other.hasNews = true }
    }

    private func perform(_ effect: EngineEffect, for program: SimulatedProgram) throws {
        switch effect {
        case .openLink(let number): program.opening = number
        case .closeLink(let number):
            if program.opening == number { program.opening = nil }
            guard let wire = program.wire, wire.link == number else { return }
            close(wire)
            program.wire = nil
        case .send(let text): try send(text, from: program)
        case .ask(let open):
            try checkQuestion(open.question, by: program)
            program.questions.append((open, program.engine.token))
        case .change(let change): try program.show(change)
        case .keepToken(let token): program.device.token = token
        case .forgetToken:
            try checkSignedOut(program)
            program.device.token = nil
        // Who signs in again does so a little later: `personSignsIn`.
        case .outboxMoved, .signInAgain: break
        }
    }

    private func send(_ text: [UInt8], from program: SimulatedProgram) throws {
        guard let wire = program.wire else {
            throw SimulationFault.other("something was sent without a link")
        }
        try checkSent(text, by: program)
        wire.up.append(text)
    }

    /// What was on its way to the program is lost; what was on its way to the server may still land.
    private func close(_ wire: SimulatedWire) {
        wire.isOpen = false
        wire.isStalled = false
        wire.down = []
    }

    // MARK: Links

    func openLink() throws {
        let waiting = programs.filter { $0.opening != nil }
        guard !waiting.isEmpty else { return }
        let program = waiting[roll(waiting.count)]
        guard let number = program.opening else { return }
        program.opening = nil
        if !isFine, roll(6) == 0 {
            let now = program.device.now
            return try act(on: program) { $0.linkEnded(number, .closed(code: nil), at: now) }
        }
        try forgetFormerLinks(of: program)
        wireNumber += 1
        let wire = SimulatedWire(
            number: wireNumber, link: number, program: program, recordsBefore: server.records.count)
        wires.append(wire)
        program.wire = wire
        server.opened(wire.number)
        collect()
        let now = program.device.now
        try act(on: program) { $0.linkOpened(number, at: now) }
        if isFine || roll(4) > 0 { try shakeHands(program) }
    }

    /// What was on its way on a link that the program has given up arrives before the next link is there, or never: the
    /// program's machine resets the connection.
    private func forgetFormerLinks(of program: SimulatedProgram) throws {
        for wire in wires where !wire.isOpen && wire.program === program {
            if roll(2) == 0 { wire.up.removeLast(roll(wire.up.count + 1)) }
            while !wire.up.isEmpty { try deliverUp(on: wire) }
        }
    }

    /// Most links come up at once: the connect and the question whose the token is, with their answers, one after the
    /// other. With a step for each of them, chance would hardly ever bring a link up.
    private func shakeHands(_ program: SimulatedProgram) throws {
        for _ in 0..<6 {
            guard let wire = program.wire, !wire.isStalled else { return }
            if case .up = program.engine.linkStage { return }
            while !wire.up.isEmpty { try deliverUp(on: wire) }
            if !wire.down.isEmpty { try deliverDown(wire.down.count, to: program, on: wire) }
            let index = program.questions.firstIndex { $0.open.question is AccountQuestion }
            guard let index else { continue }
            deliverQuestion(at: index, of: program)
            if !program.answers.isEmpty { try deliverAnswer(at: program.answers.count - 1, to: program) }
        }
    }

    /// Moves what the server said onto its connections.
    func collect() {
        let outgoing = server.outgoing
        server.outgoing = []
        for (number, text) in outgoing {
            guard let wire = wires.first(where: { $0.number == number }), wire.isOpen else { continue }
            wire.down.append(text)
            // Events may come twice: rooms and notifications overlap, and servers repeat themselves.
            if !isFine, text.starts(with: Array("42[".utf8)), roll(20) == 0 { wire.down.append(text) }
        }
    }

    func cutLink() throws {
        let linked = programs.filter { $0.wire != nil }
        guard !linked.isEmpty else { return }
        let program = linked[roll(linked.count)]
        guard let wire = program.wire else { return }
        program.wire = nil
        close(wire)
        // Of what was on its way, a part from the end never arrives.
        wire.up.removeLast(roll(wire.up.count + 1))
        let now = program.device.now
        try act(on: program) { $0.linkEnded(wire.link, .closed(code: nil), at: now) }
    }

    func stallLink() {
        guard let wire = programs.compactMap(\.wire).randomElement(using: &generator) else { return }
        wire.isStalled = true
    }

    /// The server learns that connections are gone; what they still carried is lost.
    func serverNotices() {
        for wire in wires where !wire.isOpen && (isFine ? wire.up.isEmpty : true) {
            server.closed(wire.number)
        }
        wires.removeAll { !$0.isOpen && (isFine ? $0.up.isEmpty : true) }
        collect()
    }

    /// The server's process dies, and is there again. Programs see their links end, or see nothing.
    func serverDies() throws {
        server.crash()
        let lost = wires
        wires = []
        for wire in lost {
            wire.up = []
            guard let program = programs.first(where: { $0.wire === wire }) else { continue }
            if roll(3) == 0 {
                wire.isStalled = true
                continue
            }
            program.wire = nil
            close(wire)
            let now = program.device.now
            try act(on: program) { $0.linkEnded(wire.link, .closed(code: 1006), at: now) }
        }
    }

    func serverBreaks() {
        // What breaks a handler often breaks reads as well: a locked database, a lost connection to it.
        if seed % 4 == 1 { server.readFaults.areAll = true }
        if roll(2) == 0 { server.breaksBeforeStoring = true } else { server.breaksAfterStoring = true }
    }

    // MARK: Delivery

    func deliverUp() throws {
        let ready = wires.filter { !$0.up.isEmpty && !$0.isStalled }
        guard !ready.isEmpty else { return }
        try deliverUp(on: ready[roll(ready.count)])
    }

    private func deliverUp(on wire: SimulatedWire) throws {
        trace?("    server hears on \(wire.number) \(String(decoding: wire.up[0], as: UTF8.self))")
        server.receive(wire.up.removeFirst(), on: wire.number)
        collect()
        try checkArrivals()
    }

    func deliverDown() throws {
        let ready = programs.filter { $0.wire.map { !$0.down.isEmpty && !$0.isStalled } ?? false }
        guard !ready.isEmpty else { return }
        let program = ready[roll(ready.count)]
        guard let wire = program.wire else { return }
        try deliverDown(roll(4) + 1, to: program, on: wire)
    }

    private func deliverDown(_ count: Int, to program: SimulatedProgram, on wire: SimulatedWire) throws {
        let burst = Array(wire.down.prefix(count))
        wire.down.removeFirst(burst.count)
        for one in burst {
            trace?("    \(program.name) hears \(String(decoding: one, as: UTF8.self))")
        }
        let now = program.device.now
        try act(on: program) { $0.linkReceived(burst, on: wire.link, at: now) }
    }

    /// A question reaches the server; its answer sets out, or is lost, or the server cannot answer now.
    func deliverQuestion() {
        let asking = programs.filter { !$0.questions.isEmpty }
        guard !asking.isEmpty else { return }
        let program = asking[roll(asking.count)]
        deliverQuestion(at: roll(program.questions.count), of: program)
    }

    private func deliverQuestion(at index: Int, of program: SimulatedProgram) {
        let (open, token) = program.questions.remove(at: index)
        deliver(open.asked, token: token, of: program)
    }

    private func deliver(_ asked: some AskedQuestion, token: String?, of program: SimulatedProgram) {
        let asked = asked.typed
        if gatewayAnswers(asked, token: token, to: program) { return }
        let trouble = isFine ? 9 : roll(24)
        if trouble == 0 {
            let error = ChatError.unavailable(status: 503, retryAfter: nil)
            return program.answers.append(SimulatedAnswer(asked, .failure(error)))
        }
        let answer = server.answer(asked.question, token: token)
        trace?("    the server answers \(asked.number)")
        collect()
        guard trouble != 1 else {
            return program.answers.append(SimulatedAnswer(asked, .failure(.timeout)))
        }
        let part = streamPart((try? answer.get()) as? SyncAnswer, to: asked.question)
        program.answers.append(SimulatedAnswer(asked, answer, stream: part))
    }

    private func streamPart(_ answer: SyncAnswer?, to question: any ServerQuestion) -> SimulatedStreamPart? {
        guard let question = question as? ChangesQuestion, case .changes(_, let next, _, _)? = answer,
            let upTo = Int64(next)
        else { return nil }
        let cursor = question.cursor
        return SimulatedStreamPart(
            after: cursor.flatMap { Int64($0) } ?? server.floor, upTo: upTo, isBeginning: cursor == nil)
    }

    func deliverAnswer() throws {
        let waiting = programs.filter { !$0.answers.isEmpty }
        guard !waiting.isEmpty else { return }
        let program = waiting[roll(waiting.count)]
        try deliverAnswer(at: roll(program.answers.count), to: program)
    }

    private func deliverAnswer(at index: Int, to program: SimulatedProgram) throws {
        let answer = program.answers.remove(at: index)
        trace?("    \(program.name) is answered \(answer.number): \(answer.description)")
        try act(on: program) { try receive(answer, $0, of: program) }
    }

    private func receive(
        _ answer: SimulatedAnswer, _ engine: ChatEngine, of program: SimulatedProgram
    ) throws {
        // Of an earlier link it is not heard.
        let isAwaited = engine.core.context.requests.running[answer.number] != nil
        answer.deliver(engine, program.device.now)
        if isAwaited, let part = answer.stream { try program.device.streamTold(part) }
    }

    func deliverNews() throws {
        for program in programs where program.hasNews { try look(program) }
    }

    private func look(_ program: SimulatedProgram) throws {
        program.hasNews = false
        let now = program.device.now
        try act(on: program) { $0.cacheChangedElsewhere(at: now) }
    }

    // MARK: Programs

    /// The first program that is there gets the lock, and holds the link.
    func takeLock(_ device: SimulatedDevice) throws {
        guard device.holder == nil else { return }
        let number = roll(device.programs.count)
        device.holder = number
        // As the driver does: what others left in the outbox comes first.
        try act(on: device.programs[number]) { $0.cacheChangedElsewhere(at: device.now) }
        try act(on: device.programs[number]) { $0.setHolder(true, at: device.now) }
    }

    func kill() throws { try end(anyProgram()) }

    /// The program dies, starts again, and the lock goes to whoever asks first.
    func end(_ program: SimulatedProgram) throws {
        if let wire = program.wire {
            close(wire)
            wire.up.removeLast(roll(wire.up.count + 1))
        }
        let device = program.device
        if device.holder == program.number { device.holder = nil }
        device.fuse.left = nil
        try program.restart()
        noteCommits(on: device, by: program)
        try takeLock(device)
        try settle(program)
    }

    /// A program dies in the middle of what it does: some of its commits are made, nothing of what it then
    /// wanted to do outside.
    func killWithinACall() throws {
        let program = anyProgram()
        program.device.fuse.left = roll(3)
        try disturb(program)
        try end(program)
    }

    /// Commits fail during one call, and the program goes on.
    func fillDisk() throws {
        let program = anyProgram()
        program.device.fuse.left = roll(2)
        try disturb(program)
        program.device.fuse.left = nil
        try settle(program)
        // The disk has room again: who failed then looks again.
        let now = program.device.now
        try act(on: program) { $0.cacheChangedElsewhere(at: now) }
    }

    /// Something happens to a program, whose effects nobody carries out.
    private func disturb(_ program: SimulatedProgram) throws {
        let now = program.device.now
        switch roll(4) {
        case 0:
            let text = newText(on: program.device)
            let peer = anyPeer()
            if let tempID = try? program.engine.send(text, to: peer, at: now) {
                entered(tempID, text, to: peer, in: program)
            }
        case 1:
            guard let wire = program.wire, !wire.isStalled, !wire.down.isEmpty else { return }
            let burst = Array(wire.down.prefix(4))
            wire.down.removeFirst(burst.count)
            program.engine.linkReceived(burst, on: wire.link, at: now)
        case 2:
            guard !program.answers.isEmpty else { return }
            try receive(program.answers.removeFirst(), program.engine, of: program)
        default: program.engine.tick(at: now)
        }
    }
}

extension EngineEffect {
    fileprivate var summary: String {
        guard case .send(let text) = self else { return "\(self)" }
        return "send \(String(decoding: text, as: UTF8.self))"
    }
}
