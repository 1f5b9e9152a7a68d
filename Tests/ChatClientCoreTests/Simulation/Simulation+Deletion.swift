import ChatWire

@testable import ChatClientCore

/// After a run: during its few hundred steps, unsent messages usually keep a person from deleting a conversation.
extension Simulation {
    /// What happens between a deletion and the time when the server learns of it.
    private enum Meanwhile: CaseIterable {
        case nothing
        case peerWrites
        case anotherDeviceWrites
        case personWrites
    }

    /// Without faults, with everything sent and seen, a person deletes a conversation, online or offline. Other
    /// things may happen before the server learns of it. The earlier messages disappear on both sides; later ones
    /// stay.
    func deleteInTheEnd() throws {
        // On the original server the last device has the account.
        guard let device = devices.last, let holder = device.holder else { return }
        let program = device.programs[holder]
        let peer = anyPeer()
        let meanwhile = Meanwhile.allCases[roll(Meanwhile.allCases.count)]
        // Online, the deletion is in flight at once, and messages that arrive then may be deleted with it.
        let hasLink = meanwhile == .nothing && roll(2) == 0
        if !hasLink {
            for program in device.programs {
                try act(on: program) { $0.setWantsLink(false, at: device.now) }
            }
            try drain()
        }
        let isAnythingThere = !server.messages(with: peer).isEmpty
        let recordsBefore = server.records.count
        ledger.conversationDeleted(peer)
        try act(on: program) { try $0.deleteConversation(with: peer, at: device.now) }
        try happen(meanwhile, to: peer, in: program)
        try settle()
        try checkEnd()
        if meanwhile == .nothing, isAnythingThere, !server.messages(with: peer).isEmpty {
            throw SimulationFault.other(
                "the conversation with \(peer) was deleted, and is still at the server")
        }
        for record in server.records[recordsBefore...] where record.isGone {
            throw SimulationFault.lost(
                "\(record.message.content), which came after the conversation with \(peer) was deleted,")
        }
    }

    private func happen(_ meanwhile: Meanwhile, to peer: UserID, in program: SimulatedProgram) throws {
        count += 1
        let text = "depois \(count)"
        switch meanwhile {
        case .nothing: return
        case .peerWrites: server.peerSends(text, from: peer, byREST: roll(4) == 0)
        case .anotherDeviceWrites: server.otherDeviceSends(text, to: peer, byREST: roll(2) == 0)
        case .personWrites:
            let now = program.device.now
            try act(on: program) { engine in
                entered(try engine.send(text, to: peer, at: now), text, to: peer, in: program)
            }
        }
        collect()
    }
}
