import ChatSQLite
import ChatWire

@testable import ChatClientCore

extension Simulation {
    // MARK: At once

    /// Events are held against the cache and the person's doings the moment they are sent.
    func checkSent(_ text: [UInt8], by program: SimulatedProgram) throws {
        guard text.starts(with: Array("42".utf8)),
            let packet = try? SocketPacket(decoding: text[...].dropFirst()),
            let event = try? ClientEvent.decode(packet.payload)
        else { return }
        let device = program.device
        switch event {
        case .messageDelivered(let id, _):
            guard try device.store.messages.storedRow(id) == nil, try !isDeleted(id, on: device) else {
                return
            }
            throw SimulationFault.other("\(id) was receipted before it was kept")
        case .messageRead(let peer, let upTo):
            try checkReadMark(of: peer, upTo: upTo, by: program)
        case .sendMessage(_, _, let tempID):
            guard let tempID, let entry = try device.store.outbox.entry(tempID), entry.state == .attempted
            else {
                let entry = try tempID.flatMap { try device.store.outbox.entry($0) }
                throw SimulationFault.other(
                    "a message was sent whose attempt is not on the disk: \(entry.map { "\($0)" } ?? "nothing is")"
                )
            }
            guard device.holder == program.number else {
                throw SimulationFault.other("a program sent that is not the sender")
            }
        default: break
        }
    }

    /// A read mark reads all there is: only what was there before the link, and the link could tell of, counts.
    private func checkReadMark(of peer: UserID, upTo: MessageID?, by program: SimulatedProgram) throws {
        guard let seen = program.device.seen[peer] else {
            throw SimulationFault.other("\(peer) was told of reading that nobody did")
        }
        let known = MessageID(Int64(program.wire?.recordsBefore ?? 0))
        let unseen = server.messages(with: peer).filter {
            $0.senderID == peer && !$0.isRead && $0.id > seen && $0.id <= upTo ?? known
        }
        guard let one = unseen.first else { return }
        throw SimulationFault.other(
            "\(peer) is told that \(unseen.count) messages from \(one.id) on were read, seen was \(seen)")
    }

    /// A page marks as read on the original server: only what the person has before them, or has read.
    func checkQuestion(_ question: any ServerQuestion, by program: SimulatedProgram) throws {
        guard let page = question as? PageQuestion else { return }
        if page.isPeek, kind == .bundled { return }
        let peer = page.peer
        let unread = try program.device.store.unreadCounts.counts(of: peer).all
        guard unread == 0 || program.openPeer == peer else {
            throw SimulationFault.other("a page of \(peer) was asked for that marks \(unread) as read")
        }
        // The page is shown where it is open; elsewhere nothing was unread, as far as anybody knew.
        if let newest = server.messages(with: peer).filter({ $0.senderID == peer }).last?.id {
            see(peer, upTo: newest, on: program.device)
        }
    }

    // MARK: After every step

    /// - Parameter isThorough: what costs more is looked at only now and then.
    func check(isThorough: Bool) throws {
        try checkArrivals()
        for program in programs where !program.hasNews {
            if let stale = try program.staleness() { throw SimulationFault.other(stale) }
        }
        for device in devices {
            for peer in peers {
                if let text = try device.contradiction(peer) { throw SimulationFault.other(text) }
            }
            if isThorough { try checkCache(of: device) }
        }
    }

    private func checkCache(of device: SimulatedDevice) throws {
        for peer in peers {
            guard try device.store.conversations.draft(for: peer) == device.drafts[peer] ?? "" else {
                throw SimulationFault.lost("the draft for \(peer)")
            }
            try checkCompleteness(of: peer, on: device)
            try checkReading(of: peer, on: device)
            try checkCounting(of: peer, on: device)
        }
        try checkErased(on: device)
        try checkCursor(of: device)
        try checkOutbox(of: device)
        try checkNothingEndedForSpace(on: device)
    }

    /// What was confirmed stays, until somebody says that it was deleted.
    private func checkErased(on device: SimulatedDevice) throws {
        let rows = try device.store.database.rows(
            "SELECT server_id, content FROM messages WHERE server_id IS NOT NULL"
        ) { (MessageID($0.int64(0)), $0.string(1)) }
        let held = Dictionary(rows) { one, _ in one }
        let lost = device.held.filter { held[$0.key] == nil }
        device.held = held
        for (id, content) in lost.sorted(by: { $0.key < $1.key }) {
            // A server that was put back gives a number to another message.
            guard let record = server.records.first(where: { $0.message.id == id }), !record.isGone,
                record.message.content == content, try !isDeleted(id, on: device, isSure: true)
            else { continue }
            throw SimulationFault.erased("\(record.message.content) (\(id)) from cache \(device.number)")
        }
    }

    /// What was entered is in the outbox until it has arrived.
    private func checkOutbox(of device: SimulatedDevice) throws {
        let kept = Set(try device.store.outbox.entries().map(\.tempID))
        for entry in ledger.missing where entry.device == device.number && !kept.contains(entry.tempID) {
            throw SimulationFault.lost("\(entry.content) to \(entry.peer)")
        }
        guard let number = device.holder, !device.programs[number].hasNews else { return }
        let summary = device.programs[number].engine.outboxSummary
        let rows = try device.store.timeline.unsent().map(\.row.state)
        let isSame =
            rows.count { $0 == .failed } == summary.failed && rows.count { $0 == .held } == summary.held
            && rows.count { $0 == .queued } == summary.queued
        guard isSame else {
            throw SimulationFault.other("the outbox in memory is \(summary), on the disk \(rows)")
        }
    }

    /// What the stream has told is in the cache, and the cursor stands behind nothing else: but for what the server
    /// had thrown away when the stream began, which is a gap (`checkCompleteness`).
    private func checkCursor(of device: SimulatedDevice) throws {
        let cursor = try device.store.meta.text(.cursor).flatMap { Int64($0) } ?? 0
        let beganBehind = device.streamBeganBehind
        for change in server.changes {
            guard case .created(let id) = change.fact else { continue }
            let isPassed = change.sequence <= cursor && change.sequence > beganBehind
            guard isPassed || device.told.contains(change.sequence) else { continue }
            try checkKept(id, on: device, "the stream has told of it, or the cursor is behind it")
        }
    }

    /// Up to where a conversation is said to be complete, it is, but for its gaps.
    private func checkCompleteness(of peer: UserID, on device: SimulatedDevice) throws {
        guard let end = try device.store.gaps.fetchState(of: peer).contiguousTo else { return }
        let gaps = try device.store.gaps.edges(of: peer)
        for message in server.messages(with: peer) where message.id <= end {
            let id = message.id.rawValue
            guard !gaps.contains(where: { $0.after < id && id < $0.before }) else { continue }
            try checkKept(
                message.id, on: device,
                "the conversation with \(peer) is said to be complete up to \(end) but for \(gaps)")
        }
    }

    /// A message that is at the server is in the cache, or was taken out of it on purpose.
    private func checkKept(_ id: MessageID, on device: SimulatedDevice, _ why: String) throws {
        guard let record = server.records.first(where: { $0.message.id == id }), !record.isGone else {
            return
        }
        guard try device.store.messages.storedRow(id) == nil else { return }
        guard try !isDeleted(id, on: device) else { return }
        throw SimulationFault.lost(
            "\(record.message.content) (\(id)) is not in cache \(device.number), though \(why)")
    }

    /// - Parameter isSure: a page that does not show it is not enough.
    private func isDeleted(_ id: MessageID, on device: SimulatedDevice, isSure: Bool = false) throws -> Bool {
        if let message = server.records.first(where: { $0.message.id == id })?.message {
            let peer = message.senderID == ana ? message.receiverID : message.senderID
            if try id <= clearedTo(peer, on: device) { return true }
        }
        return try device.store.database.first(
            "SELECT EXISTS (SELECT 1 FROM tombstones WHERE server_id = ? AND is_doubtful <= ?)", id.rawValue,
            !isSure
        ) { $0.bool(0) } ?? false
    }

    /// A conversation that was deleted here and went on meanwhile is deleted here only.
    private func clearedTo(_ peer: UserID, on device: SimulatedDevice) throws -> MessageID {
        try device.store.database.first(
            "SELECT cleared_to FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { MessageID($0.int64(0)) } ?? MessageID(0)
    }

    /// Nothing counts as read that neither the person has seen nor the server calls read.
    private func checkReading(of peer: UserID, on device: SimulatedDevice) throws {
        let seen = device.seen[peer] ?? MessageID(0)
        let read = try device.store.database.rows(
            "SELECT server_id FROM messages WHERE peer_id = ? AND sender_id = ? AND state = 1 AND server_id > ?",
            peer.rawValue, peer.rawValue, seen.rawValue
        ) { MessageID($0.int64(0)) }
        for id in read {
            guard let record = server.records.first(where: { $0.message.id == id }),
                !record.message.isRead, !record.isGone
            else { continue }
            throw SimulationFault.other("\(id) counts as read, seen was \(seen)")
        }
    }

    /// What is shown as unread is what the cache holds, and what it is known to lack or to have too much.
    private func checkCounting(of peer: UserID, on device: SimulatedDevice) throws {
        let counts = try device.store.unreadCounts.counts(of: peer)
        let held = try device.store.database.first(
            "SELECT count(*) FROM messages WHERE peer_id = ?1 AND sender_id = ?1 AND state = 0", peer.rawValue
        ) { $0.int(0) }
        guard held == counts.all - counts.notCached else {
            throw SimulationFault.other("\(peer): \(held ?? 0) are held as unread, counted \(counts)")
        }
    }

    // MARK: In the end

    /// Fine weather, until nothing moves any more; then the people look at everything.
    func settle() throws {
        isFine = true
        server.breaksBeforeStoring = false
        server.breaksAfterStoring = false
        server.isFull = false
        server.readFaults.areAll = false
        server.readFaults.next = nil
        server.giveAccountBack()
        for program in programs {
            program.openPeer = nil
            let now = program.device.now
            try act(on: program) { $0.open(nil, at: now) }
        }
        // On the original server one device at a time has the account.
        for device in kind == .original ? devices + devices : devices { try settle(device) }
    }

    private func settle(_ device: SimulatedDevice) throws {
        for other in devices where kind == .original && other !== device {
            for program in other.programs { try act(on: program) { $0.setWantsLink(false, at: other.now) } }
        }
        for program in device.programs { try act(on: program) { $0.setWantsLink(true, at: device.now) } }
        try calm(rounds: 8)
        try checkUnread(on: device)
        for _ in 0..<12 {
            try lookAtEverything(on: device)
            try calm(rounds: 2)
        }
    }

    func calm(rounds: Int) throws {
        for _ in 0..<rounds {
            try personSignsIn()
            for program in programs where program.engine.isHolder {
                let now = program.device.now
                try act(on: program) { $0.reconnectNow(at: now) }
            }
            try drain()
            try pass(21)
            try drain()
        }
    }

    func drain() throws {
        for _ in 0..<4000 {
            try openLink()
            try deliverUp()
            try deliverDown()
            deliverQuestion()
            try deliverAnswer()
            try deliverNews()
            serverNotices()
            let isStill = programs.allSatisfy { program in
                program.opening == nil && program.questions.isEmpty && program.answers.isEmpty
                    && !program.hasNews
                    && (program.wire.map { ($0.down.isEmpty && $0.up.isEmpty) || $0.isStalled } ?? true)
            }
            if isStill { return }
        }
        throw SimulationFault.other("it never comes to rest")
    }

    private func lookAtEverything(on device: SimulatedDevice) throws {
        for program in device.programs where program.number == device.holder {
            for peer in peers {
                program.openPeer = peer
                try act(on: program) { $0.open(peer, at: device.now) }
                try drain()
                if let newest = server.messages(with: peer).filter({ $0.senderID == peer }).last?.id {
                    see(peer, upTo: newest, on: device)
                }
                try act(on: program) { $0.markRead(peer, at: device.now) }
                try drain()
                try fillGaps(of: peer, in: program)
            }
            program.openPeer = nil
            try act(on: program) { $0.open(nil, at: device.now) }
            for row in try program.engine.view.outboxRows().map(\.row)
            where row.state == .failed || row.state == .held {
                try decide(row, in: program)
            }
        }
    }

    private func fillGaps(of peer: UserID, in program: SimulatedProgram) throws {
        for _ in 0..<20 {
            guard let request = try program.engine.olderPage(of: peer) else { return }
            let page = server.page(
                with: peer, limit: request.limit, before: request.before, peek: request.isPeek)
            collect()
            let now = program.device.now
            try act(on: program) { _ = try $0.receiveOlder(page.messages, for: request, at: now) }
            try drain()
        }
    }

    /// Before anybody has looked, the list counts what the server counts.
    private func checkUnread(on device: SimulatedDevice) throws {
        guard let holder = device.holder else { return }
        for one in try device.programs[holder].engine.view.conversations() {
            let unread = server.messages(with: one.peer).filter { $0.senderID == one.peer && !$0.isRead }.map(
                \.id)
            // A mark of the original covers all there is, so it waits, and the server counts what the person has seen.
            // Whether another device has read that meanwhile, and as many others came, nobody can tell.
            let seen = device.seen[one.peer] ?? MessageID(0)
            let untold =
                try device.store.database.first(
                    "SELECT read_is_pending FROM conversations WHERE peer_id = ?", one.peer.rawValue
                ) { $0.int(0) } ?? 0
            let isUntold = [unread.count { $0 > seen }, unread.count - untold].contains(one.unread)
            // Without a contact nothing tells a server that counts nothing from one whose reads fail.
            let countsNothing = peers.allSatisfy { server.unread(from: $0) == 0 }
            let isUnwitnessed = server.contactNames.isEmpty && countsNothing
            if kind == .original, isUntold || isUnwitnessed { continue }
            guard one.unread != unread.count else { continue }
            let counts = try device.store.unreadCounts.counts(of: one.peer)
            throw SimulationFault.other(
                "\(one.peer): \(one.unread) unread here, at the server \(unread), \(counts), seen up to \(seen)"
            )
        }
    }

    func checkEnd() throws {
        try check(isThorough: true)
        if let entry = ledger.missing.first {
            throw SimulationFault.lost("\(entry.content) to \(entry.peer)")
        }
        for entry in ledger.entries.values where entry.wish == .gone {
            if let record = server.record(of: entry.tempID), !record.isGone, !isOutOfReach(record.message) {
                throw SimulationFault.other("\(entry.content), which was deleted, is still there")
            }
        }
        for entry in ledger.entries.values where entry.wish == .send && !entry.mayBeGone {
            if server.record(of: entry.tempID)?.isGone == true {
                throw SimulationFault.lost("\(entry.content) to \(entry.peer), deleted by nobody,")
            }
        }
        for device in devices { try checkEnd(of: device) }
        // Of two devices' wishes the one that came last counts, whichever that was.
        guard devices.count == 1 else { return }
        for (user, name) in devices[0].wishes where server.contactNames[user] != name {
            throw SimulationFault.lost("the wish to call \(user) \(name ?? "nothing")")
        }
    }

    /// The original shows nothing that so many newer messages follow: what was taken back on its way, and has such a place
    /// by the time there is a link again, cannot be found.
    private func isOutOfReach(_ message: Message) -> Bool {
        let newer = server.messages(with: message.receiverID).count { $0.id > message.id }
        return kind == .original && newer >= PageLimits.longest
    }

    func checkEnd(of device: SimulatedDevice) throws {
        let open = try device.store.timeline.unsent()
        guard open.isEmpty else {
            throw SimulationFault.other(
                "still in the outbox: \(open.map { "\($0.row.content) \($0.row.state)" })")
        }
        for peer in peers {
            let there = server.messages(with: peer)
            let here = try device.store.timeline.page(with: peer, before: nil, limit: 5000).rows
            let cleared = try clearedTo(peer, on: device)
            let reach = reach(there)
            let wanted = there.filter { $0.id > cleared && reach.shows($0.id, at: $0.createdAt) }
            // What was deleted where no page proves it, and was not announced, is not noticed.
            let present = Set(there.map(\.id))
            let shown = here.filter { row in
                guard let id = row.messageID, reach.shows(id, at: row.time) else { return false }
                return present.contains(id) || reach.isProved(id, at: row.time, isListed: isListed(peer))
            }
            let page = isForgetful ? reach.pageFrom : MessageID(0)
            guard shown.map(\.messageID) == wanted.map(\.id) else {
                let (here, there) = (Set(shown.compactMap(\.messageID)), Set(wanted.map(\.id)))
                throw SimulationFault.other(
                    "with \(peer): only here \(here.subtracting(there).sorted()), only at the server "
                        + "\(there.subtracting(here).sorted())")
            }
            guard shown.map(\.content) == wanted.map(\.content) else {
                throw SimulationFault.other("other texts than at the server, with \(peer)")
            }
            try checkStates(shown.filter { ($0.messageID ?? page) >= page }, wanted.filter { $0.id >= page })
            guard try device.store.unreadCounts.counts(of: peer).all == 0 else {
                throw SimulationFault.other("unread messages of \(peer) that the person has seen")
            }
        }
    }

    private func isListed(_ peer: UserID) -> Bool { server.contactNames[peer] != nil }

    private func reach(_ messages: [Message]) -> PageReach {
        PageReach(
            messages, isOriginal: kind == .original, isForgetful: isForgetful, pageLimit: PageLimits.usual
        )
    }

    /// The server does not tell everything that has changed.
    private var isForgetful: Bool { kind == .original || server.floor > 0 }

    /// Nothing is claimed beyond what the server knows; and on the bundled one, nothing is missed.
    private func checkStates(_ rows: [TimelineRow], _ messages: [Message]) throws {
        for (row, message) in zip(rows, messages) where row.isMine {
            let isRight =
                kind == .bundled
                ? (row.state == .read) == message.isRead : row.state != .read || message.isRead
            guard isRight else {
                throw SimulationFault.other("\(message.id) shows as \(row.state), read: \(message.isRead)")
            }
        }
    }
}
