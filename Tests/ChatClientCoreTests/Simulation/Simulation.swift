import ChatSQLite
import ChatWire
import TestSupport

@testable import ChatClientCore

/// The account's devices, with the real engine and the real store on each, a model of a server, and every fault
/// between them, from a seed and on a virtual clock.
///
/// A run is a few hundred random steps, then no faults until nothing moves any more, and in some runs a deletion of a
/// conversation after that. ``check()`` has the invariants after every step, ``checkEnd()`` those at the end;
/// ``Ledger`` checks the arrivals at the server model as they come.
final class Simulation {
    /// What a run contained, for the totals of many runs.
    struct Counts {
        var messages = 0
        var steps = 0
    }

    let seed: UInt64
    let kind: ServerModel.Kind
    private let length: Int
    var generator: SeededGenerator
    var server: ServerModel
    var devices: [SimulatedDevice] = []
    let peers = [bia, caio]
    /// Every connection that the server or a program still has.
    var wires: [SimulatedWire] = []
    var wireNumber = 0
    var ledger = Ledger()
    var gateways: Gateways
    /// How many of the server's records have been checked.
    var checkedRecords = 0
    /// The server's database as it was in the middle of the run.
    private(set) var backup: ServerModel?
    private var step = 0
    private var lastStep = "the start"
    var count = 0
    /// No more faults: see ``settle()``.
    var isFine = false
    /// Receives what happens, for investigating a failure.
    var trace: ((String) -> Void)?
    private var pingAge = 0.0

    init(seed: UInt64, kind: ServerModel.Kind, length: Int = 300) throws {
        self.seed = seed
        self.kind = kind
        self.length = length
        generator = SeededGenerator(seed: seed &* 7919 &+ (kind == .bundled ? 1 : 2))
        server = ServerModel(kind: kind, peers: peers)
        gateways = Gateways(seed: seed)
        let deviceCount = seed % 3 == 0 ? 2 : 1
        for number in 0..<deviceCount {
            devices.append(
                try SimulatedDevice(
                    number: number, peers: peers, programs: roll(3) == 0 ? 2 : 1, token: server.token,
                    now: .at(0), seed: seed &* 31 &+ UInt64(number)))
        }
        for device in devices { try takeLock(device) }
    }

    /// Runs it to the end.
    func run() throws -> Counts {
        do {
            while step < length {
                step += 1
                if step == length / 2 { backup = server }
                server.isFull = gateways.isDiskFull()
                try self.next()
                try check(isThorough: step % 8 == 0)
            }
            lastStep = "settling"
            try settle()
            try checkEnd()
            if roll(4) == 0 {
                lastStep = "a conversation is deleted in the end"
                try deleteInTheEnd()
            } else if roll(2) == 0 {
                lastStep = "the server's database is replaced in the end"
                try replaceDatabaseInTheEnd()
            }
        } catch {
            throw SimulationFailure(
                seed: seed, kind: kind, step: step, action: lastStep, fault: error as? SimulationFault,
                text: "\(error)")
        }
        return Counts(messages: server.records.count, steps: step)
    }

    func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &generator) }

    func anyPeer() -> UserID { peers[roll(peers.count)] }

    var programs: [SimulatedProgram] { devices.flatMap(\.programs) }

    func anyProgram() -> SimulatedProgram {
        let all = programs
        return all[roll(all.count)]
    }

    // MARK: Steps

    private func next() throws {
        let dice = roll(1000)
        for (weight, name, action) in Self.steps where dice < weight {
            lastStep = name
            trace?("\(step) \(name)")
            return try action(self)
        }
    }

    private typealias Step = (below: Int, name: String, action: @Sendable (Simulation) throws -> Void)

    /// The possible steps, each up to its bound of a thousand.
    private static let steps: [Step] = [
        (90, "a person enters a message", { try $0.personEnters() }),
        (98, "a person edits a message", { try $0.personEdits() }),
        (106, "a person takes a message back", { try $0.personDiscards() }),
        (112, "a person deletes a sent message", { try $0.personDeletes() }),
        (126, "a person settles what waits for them", { try $0.personDecides() }),
        (160, "a person opens a conversation", { try $0.personOpens() }),
        (190, "a person has seen a conversation", { try $0.personReads() }),
        (196, "a person types", { try $0.personTypes() }),
        (198, "a person changes their contacts", { try $0.personChangesContacts() }),
        (200, "a person deletes a conversation", { try $0.personDeletesConversation() }),
        (208, "a person scrolls up", { try $0.personScrollsUp() }),
        (225, "a person asks for the link", { try $0.personReconnects() }),
        (275, "a peer writes", { $0.peerWrites() }),
        (278, "a peer writes a lot", { $0.peerWritesALot() }),
        (290, "a peer reads", { $0.server.peerReads($0.anyPeer()) }),
        (300, "a peer's program receives", { $0.server.peerReceives($0.anyPeer()) }),
        (306, "a peer deletes a message", { $0.peerDeletes() }),
        (307, "a peer deletes the conversation", { $0.peerDeletesConversation() }),
        (320, "another device writes", { $0.otherDeviceWrites() }),
        (325, "another device reads", { $0.server.otherDeviceReads($0.anyPeer()) }),
        (328, "another device takes the account", { $0.server.takeAccount() }),
        (334, "another device gives the account back", { $0.server.giveAccountBack() }),
        (364, "a link is cut", { try $0.cutLink() }),
        (372, "a link stalls", { $0.stallLink() }),
        (380, "the server notices lost links", { $0.serverNotices() }),
        (386, "the server dies", { try $0.serverDies() }),
        (392, "the server breaks in a handler", { $0.serverBreaks() }),
        (396, "the token expires", { $0.server.expireToken() }),
        (404, "a person signs in again", { try $0.personSignsIn() }),
        (406, "the server forgets old changes", { $0.server.compactChanges() }),
        (424, "a program is killed", { try $0.kill() }),
        (436, "a program is killed between two commits", { try $0.killWithinACall() }),
        (444, "the disk is full for a moment", { try $0.fillDisk() }),
        (452, "a wall clock jumps", { $0.jumpClock() }),
        (456, "the server's reads begin to fail", { $0.server.readFaults.areAll = true }),
        (466, "the server's reads work again", { $0.server.readFaults.areAll = false }),
        (474, "the next page is cut short", { $0.server.readFaults.next = .short }),
        (478, "the next page has holes", { $0.server.readFaults.next = .holes }),
        (530, "some time passes", { try $0.pass(Double($0.roll(6000)) / 1000) }),
        (550, "half a minute passes", { try $0.pass(30) }),
        (554, "two minutes pass", { try $0.pass(120) }),
        (640, "a link opens", { try $0.openLink() }),
        (740, "the server hears", { try $0.deliverUp() }),
        (840, "a program hears", { try $0.deliverDown() }),
        (900, "the server is asked", { $0.deliverQuestion() }),
        (970, "a program is answered", { try $0.deliverAnswer() }),
        (1000, "a program looks at the cache", { try $0.deliverNews() }),
    ]

    // MARK: Time

    /// Lets time pass on all devices. Programs wake at their deadlines, or late when the machine slept.
    func pass(_ seconds: Double) throws {
        pingAge += seconds
        if pingAge >= 25 {
            pingAge = 0
            for wire in wires where wire.isOpen && !wire.isStalled { wire.down.append([UInt8(ascii: "2")]) }
        }
        server.time.microseconds += Int64(seconds * 1e6)
        for device in devices {
            device.now.monotonic += .nanoseconds(Int64(seconds * 1e9))
            device.now.wall.microseconds += Int64(seconds * 1e6)
            for program in device.programs { try act(on: program) { $0.tick(at: device.now) } }
        }
    }

    private func jumpClock() {
        let device = devices[roll(devices.count)]
        let hours = [-30, -1, 1, 30][roll(4)]
        device.now.wall.microseconds += Int64(hours) * 3_600_000_000
    }

    // MARK: Arrivals

    /// Compares what the server has stored with what was entered.
    func checkArrivals() throws {
        while checkedRecords < server.records.count {
            let record = server.records[checkedRecords]
            checkedRecords += 1
            guard let tempID = record.tempID else { continue }
            try ledger.arrived(tempID, record.message.content, to: record.message.receiverID)
        }
    }
}

/// A failed run, and how to repeat it.
struct SimulationFailure: Error, CustomStringConvertible {
    let seed: UInt64
    let kind: ServerModel.Kind
    let step: Int
    let action: String
    let fault: SimulationFault?
    let text: String

    var description: String {
        "\(text), after step \(step) (\(action)). Again: make soak SEED=\(seed) KIND=\(kind.rawValue)"
    }
}
