import ChatWire

@testable import ChatClientCore

extension Simulation {
    /// The same words again and again, but not on two devices at the same time: that cannot be told apart on
    /// the original server, and nothing is promised of it.
    func newText(on device: SimulatedDevice) -> String {
        count += 1
        switch roll(16) {
        case 0...3: return "oi \(device.number)"
        case 4: return "\(ServerModel.refused) \(count)"
        default: return "m\(count)"
        }
    }

    func personEnters() throws {
        let program = anyProgram()
        let peer = anyPeer()
        let text = newText(on: program.device)
        let now = program.device.now
        if roll(4) == 0 {
            try act(on: program) { try $0.setDraft("esboço \(count)", for: peer) }
            program.device.drafts[peer] = "esboço \(count)"
            if roll(2) == 0 { return }
        }
        try act(on: program) { engine in
            let tempID = try engine.send(text, to: peer, at: now)
            entered(tempID, text, to: peer, in: program)
        }
    }

    /// What `send` accepted is promised from now on, whatever happens next.
    func entered(_ tempID: TempID, _ text: String, to peer: UserID, in program: SimulatedProgram) {
        ledger.enter(tempID, text, to: peer, on: program.device.number)
        // A deletion that is on its way by now takes with it what overtakes it.
        let isBeingDeleted = programs.contains { program in
            program.engine.core.context.requests.isRunning(DeleteConversationQuestion(peer: peer))
        }
        if isBeingDeleted { ledger.conversationDeleted(peer) }
        program.device.drafts[peer] = nil
    }

    /// One of the unsent rows as a program shows them.
    private func anyUnsent(in program: SimulatedProgram) throws -> TimelineRow? {
        let rows = try program.engine.view.outboxRows()
        return rows.isEmpty ? nil : rows[roll(rows.count)].row
    }

    func personEdits() throws {
        let program = anyProgram()
        guard let row = try anyUnsent(in: program), let tempID = row.tempID else { return }
        count += 1
        let text = "corrigida \(count)"
        let now = program.device.now
        do {
            try act(on: program) { try $0.edit(tempID, text: text, at: now) }
            ledger.edit(tempID, text)
        } catch ChatError.invalid {
            // It is on its way by now, and says so.
            try settle(program)
        }
    }

    func personDiscards() throws {
        let program = anyProgram()
        guard let row = try anyUnsent(in: program), let tempID = row.tempID else { return }
        try discard(tempID, in: program)
    }

    private func discard(_ tempID: TempID, in program: SimulatedProgram) throws {
        let now = program.device.now
        let wasAttempted = try program.device.store.outbox.entry(tempID)?.state == .attempted
        try act(on: program) { try $0.discard(tempID, at: now) }
        let isThere = server.record(of: tempID) != nil
        // What is held because nobody could tell may be there; what was only queued never is.
        guard !(isThere && !wasAttempted) else {
            ledger.settledByHand(tempID)
            return ledger.wish(.send, for: tempID)
        }
        ledger.wish(wasAttempted ? .gone : .never, for: tempID)
    }

    func personDeletes() throws {
        let program = anyProgram()
        let rows = try program.visible(anyPeer()).rows.filter { $0.isMine && $0.messageID != nil }
        guard !rows.isEmpty else { return }
        let row = rows[roll(rows.count)]
        let tempID = server.records.first { $0.message.id == row.messageID }?.tempID
        // Who deletes what is known to be sent while it still waits in the outbox beside it, wants it sent again.
        if let tempID, try devices.contains(where: { try $0.store.outbox.entry(tempID) != nil }) { return }
        let now = program.device.now
        try act(on: program) { try $0.delete(row.id, at: now) }
        if let tempID { ledger.wish(.gone, for: tempID) }
    }

    /// Failed and held messages wait for the person, who looks whether they are there and sends them or not.
    func personDecides() throws {
        let program = anyProgram()
        let waiting = try program.engine.view.outboxRows().map(\.row).filter {
            $0.state == .failed || $0.state == .held
        }
        guard !waiting.isEmpty else { return }
        try decide(waiting[roll(waiting.count)], in: program)
    }

    func decide(_ row: TimelineRow, in program: SimulatedProgram) throws {
        guard let tempID = row.tempID else { return }
        let now = program.device.now
        if let record = server.record(of: tempID), !record.isGone || kind == .bundled {
            return try discard(tempID, in: program)
        }
        if row.content.hasPrefix(ServerModel.refused) {
            guard isFine || roll(3) > 0 else { return try discard(tempID, in: program) }
            count += 1
            let text = "melhor \(count)"
            do {
                try act(on: program) { try $0.edit(tempID, text: text, at: now) }
                ledger.edit(tempID, text)
            } catch ChatError.invalid {
                try settle(program)
                // Another program has sent it again meanwhile; or it waits because the server may have it, and is
                // changed once it was sent again and refused.
                guard try program.device.store.outbox.entry(tempID)?.state == .held else { return }
            }
        }
        do {
            let entry = try program.device.store.outbox.entry(tempID)
            try act(on: program) { try $0.retry(tempID, at: now) }
            // A restored server lacks what another device had sent: whoever sends it again has entered it.
            if ledger.entries[tempID] == nil, let entry {
                ledger.enter(tempID, row.content, to: entry.peer, on: program.device.number)
            }
            ledger.retry(tempID, isGone: server.record(of: tempID)?.isGone == true)
        } catch ChatError.invalid {
            try settle(program)
        }
    }

    func personOpens() throws {
        let program = anyProgram()
        let peer = roll(4) == 0 ? nil : anyPeer()
        let now = program.device.now
        program.openPeer = peer
        try act(on: program) { $0.open(peer, at: now) }
    }

    /// The person looks at the end of the conversation that is open.
    func personReads() throws {
        let program = anyProgram()
        guard let peer = program.openPeer else { return }
        let now = program.device.now
        let newest = try program.visible(peer).rows.filter { !$0.isMine }.compactMap(\.messageID).max()
        if let newest { see(peer, upTo: newest, on: program.device) }
        try act(on: program) { $0.markRead(peer, at: now) }
    }

    func see(_ peer: UserID, upTo id: MessageID, on device: SimulatedDevice) {
        device.seen[peer] = max(device.seen[peer] ?? MessageID(0), id)
    }

    func personTypes() throws {
        let program = anyProgram()
        let peer = anyPeer()
        let isTyping = roll(3) > 0
        let now = program.device.now
        try act(on: program) { $0.typing(isTyping, to: peer, at: now) }
    }

    /// Asks for what is older than the cache, and waits for it.
    func personScrollsUp() throws {
        let program = anyProgram()
        let peer = anyPeer()
        guard program.engine.isSignedIn, let request = try program.engine.olderPage(of: peer) else { return }
        let page = server.page(with: peer, limit: request.limit, before: request.before, peek: request.isPeek)
        collect()
        let shown = page.messages.map(\.id.rawValue)
        trace?("    \(program.name) \(request) brings \(shown), left out \(page.leftOut)")
        if !isFine, roll(5) == 0 { return }
        if !request.isPeek, let newest = page.messages.filter({ $0.senderID == peer }).map(\.id).max() {
            see(peer, upTo: newest, on: program.device)
        }
        let now = program.device.now
        try act(on: program) {
            _ = try $0.receiveOlder(page.messages, leftOut: page.leftOut, for: request, at: now)
        }
    }

    func personReconnects() throws {
        let program = anyProgram()
        let now = program.device.now
        try act(on: program) { $0.reconnectNow(at: now) }
    }

    func personSignsIn() throws {
        for program in programs where !program.engine.isSignedIn || program.engine.token != server.token {
            guard isFine || !program.engine.isSignedIn || roll(4) == 0 else { continue }
            program.device.token = server.token
            let now = program.device.now
            let token = server.token
            try act(on: program) { $0.renewToken(token, at: now) }
        }
    }

    // MARK: Others

    func peerWrites() {
        count += 1
        server.peerSends("p\(count)", from: anyPeer(), byREST: roll(4) == 0)
        collect()
    }

    /// More than a page, while nobody may be listening.
    func peerWritesALot() {
        let peer = anyPeer()
        for _ in 0..<60 {
            count += 1
            server.peerSends("p\(count)", from: peer, byREST: false)
        }
        collect()
    }

    func otherDeviceWrites() {
        count += 1
        server.otherDeviceSends("celular \(count)", to: anyPeer(), byREST: roll(2) == 0)
        collect()
    }

    func peerDeletes() {
        let theirs = server.messages.filter { $0.senderID != ana }
        guard !theirs.isEmpty else { return }
        let message = theirs[roll(theirs.count)]
        server.delete(message.id, by: message.senderID)
        collect()
    }

    func peerDeletesConversation() {
        let peer = anyPeer()
        guard !isAnyUnsent(for: peer) else { return }
        ledger.conversationDeleted(peer)
        server.deleteConversation(with: peer, by: peer)
        collect()
    }

    func personDeletesConversation() throws {
        let program = anyProgram()
        let peer = anyPeer()
        guard !isAnyUnsent(for: peer) else { return }
        ledger.conversationDeleted(peer)
        let now = program.device.now
        try act(on: program) { try $0.deleteConversation(with: peer, at: now) }
    }

    func personChangesContacts() throws {
        let program = anyProgram()
        let peer = anyPeer()
        let isWanted = roll(3) > 0
        count += 1
        let name = isWanted ? "nome \(count)" : nil
        program.device.wishes[peer] = .some(name)
        let now = program.device.now
        try act(on: program) { engine in
            _ = try engine.wish(peer, isWanted: isWanted, name: name, at: now)
            engine.planWishes(at: now)
        }
    }

    /// While the fate of a message is unknown, whether it was there cannot be found out after a deletion.
    private func isAnyUnsent(for peer: UserID) -> Bool {
        ledger.entries.values.contains { entry in
            guard entry.peer == peer else { return false }
            let device = devices[entry.device]
            return ((try? device.store.outbox.entry(entry.tempID)) ?? nil) != nil
        }
    }
}

extension ChatEngine {
    /// Stores what a person wants of a contact, and shows it, while no caller waits for the server.
    func wish(
        _ user: UserID, isWanted: Bool, name: String?, at now: Moment
    ) throws(ChatError) -> ContactWish {
        try core.sync.wishes.enter(user, isWanted: isWanted, name: name, &core.context)
    }
}

extension Requests {
    /// True while the server's answer to the question is awaited.
    func isRunning<Question: ServerQuestion>(_ question: Question) -> Bool {
        running.values.contains { $0.question as? Question == question }
    }
}
