import ChatSQLite
import ChatWire

@testable import ChatClientCore

/// After a run: the server's database is replaced by an older copy of itself or by a new one.
extension Simulation {
    private enum Replacement: CaseIterable {
        /// A backup from the middle of the run. The bundled server notices it by its mark, and has another epoch.
        case backup
        /// The same, but the server notices nothing.
        case unnoticedBackup
        /// A new database, in which the account's number belongs to another person.
        case anotherPerson
        /// A new database, in which the same person has created the account again.
        case samePerson
    }

    func replaceDatabaseInTheEnd() throws {
        guard let backup else { return }
        let replacement = Replacement.allCases[roll(Replacement.allCases.count)]
        trace?("the database is replaced: \(replacement)")
        let before = MessageID(Int64(server.records.count))
        switch replacement {
        case .backup: try replace(by: backup, isNoticed: true, owner: .ana)
        case .unnoticedBackup: try replace(by: backup, isNoticed: false, owner: .ana)
        case .anotherPerson: try replace(by: empty(), isNoticed: true, owner: Self.zeca)
        case .samePerson: try replace(by: empty(), isNoticed: true, owner: Self.anaAnew)
        }
        try serverDies()
        try goOn(replacement)
        switch replacement {
        case .backup, .unnoticedBackup: try checkRestored(before: before)
        case .anotherPerson, .samePerson: try checkMadeAnew()
        }
    }

    private static let zeca = User(
        id: ana, name: "Zeca", email: "zeca@exemplo.com", createdAt: Timestamp(seconds: 1_999_999))
    private static let anaAnew = User(
        id: ana, name: User.ana.name, email: User.ana.email, createdAt: Timestamp(seconds: 1_999_999))

    private func empty() -> ServerModel { ServerModel(kind: kind, peers: peers) }

    private func replace(by other: ServerModel, isNoticed: Bool, owner: User) throws {
        server.become(other, isNoticed: isNoticed, owner: owner)
        checkedRecords = server.records.count
        ledger.databaseWasReplaced { server.record(of: $0) != nil }
        for device in devices {
            try device.databaseWasReplaced(newest: MessageID(Int64(server.records.count))) {
                server.record(of: $0).map { !$0.isGone } ?? false
            }
        }
    }

    /// Time passes before anybody has noticed: peers write, and so does the account's owner, who is offline.
    private func goOn(_ replacement: Replacement) throws {
        try pass(60)
        for _ in 0..<roll(4) {
            count += 1
            server.peerSends("novo \(count)", from: anyPeer(), byREST: roll(2) == 0)
        }
        collect()
        guard replacement == .backup || replacement == .unnoticedBackup, roll(2) == 0 else { return }
        try personEnters()
    }

    // MARK: A backup

    /// No confirmed message that is gone is shown as present. Every entered message exists or waits, and can be sent
    /// again once.
    private func checkRestored(before: MessageID) throws {
        // Where nobody writes, the original gives no sign; the next message does.
        try settle()
        for peer in peers {
            count += 1
            server.peerSends("mais novo \(count)", from: peer, byREST: false)
            collect()
        }
        try settle()
        try checkArrivals()
        for device in devices {
            try checkNothingGoneIsShown(on: device)
            for peer in peers {
                if let text = try device.contradiction(peer) { throw SimulationFault.other(text) }
            }
        }
        for program in programs where !program.hasNews {
            if let stale = try program.staleness() { throw SimulationFault.other(stale) }
        }
        for entry in ledger.missing where !entry.mayBeGone && !entry.isSettledByHand { try checkKept(entry) }
    }

    private func checkNothingGoneIsShown(on device: SimulatedDevice) throws {
        for peer in peers {
            for row in try device.store.timeline.page(with: peer, before: nil, limit: 5000).rows {
                guard let id = row.messageID else { continue }
                let record = server.records.first { $0.message.id == id }
                guard record?.message.content == row.content, record?.message.senderID == row.senderID else {
                    throw SimulationFault.other(
                        "\(row.content) shows as \(row.state) with the number \(id), which is "
                            + "\(record?.message.content ?? "nobody's") at the server")
                }
            }
        }
    }

    /// A message that is missing on the server can still be read where it was entered.
    private func checkKept(_ entry: Ledger.Entry) throws {
        let store = devices[entry.device].store
        let kept = try store.timeline.row(entry.tempID)
        guard kept == nil || kept?.row.messageID != nil else { return }
        throw SimulationFault.lost("\(entry.content) to \(entry.peer), which the backup does not have,")
    }

    // MARK: A new database

    /// Nothing of the former history is taken for part of the new one, and no message that was entered for it is
    /// sent.
    private func checkMadeAnew() throws {
        let entered = Set(ledger.entries.keys)
        // On the original server one device at a time has the account.
        for device in kind == .original ? devices + devices : devices { try lookAround(on: device) }
        for program in programs { program.openPeer = nil }
        for record in server.records {
            guard let tempID = record.tempID, entered.contains(tempID) else { continue }
            throw SimulationFault.other("\(record.message.content) was sent under another name")
        }
        for device in devices {
            try checkNothingGoneIsShown(on: device)
            let isAnother = server.owner.email != User.ana.email
            if isAnother, try device.store.messages.newestID() > MessageID(0) {
                throw SimulationFault.other("another account's messages are in the cache")
            }
            for row in try device.store.timeline.unsent().map(\.row) where row.state != .held {
                guard row.state != .failed else { continue }
                throw SimulationFault.other("\(row.content), of another account, is \(row.state)")
            }
        }
        for entry in ledger.missing where !entry.mayBeGone && !entry.isSettledByHand { try checkKept(entry) }
    }

    private func lookAround(on device: SimulatedDevice) throws {
        for other in devices where kind == .original && other !== device {
            for program in other.programs { try act(on: program) { $0.setWantsLink(false, at: other.now) } }
        }
        for program in device.programs { try act(on: program) { $0.setWantsLink(true, at: device.now) } }
        try calm(rounds: 4)
        for program in device.programs where program.number == device.holder {
            for peer in peers {
                program.openPeer = peer
                try act(on: program) { $0.open(peer, at: device.now) }
                try drain()
            }
        }
        try calm(rounds: 2)
    }
}
