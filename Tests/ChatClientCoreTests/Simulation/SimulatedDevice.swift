import ChatSQLite
import ChatWire

@testable import ChatClientCore

/// A machine of the account's owner: one cache, the programs on it, and a clock that may be wrong.
final class SimulatedDevice {
    let number: Int
    let peers: [UserID]
    let store: ChatStore
    let fuse: CommitFuse
    private(set) var programs: [SimulatedProgram] = []
    /// The program with the sender's lock.
    var holder: Int?
    /// The token in the account's file.
    var token: String?
    var now: Moment
    /// The unfinished texts, as the person left them.
    var drafts: [UserID: String] = [:]
    /// The last name that the person wished for each contact; nil inside means not to be a contact.
    var wishes: [UserID: String?] = [:]
    /// The row in which each message appeared.
    var rows: [TempID: RowID] = [:]
    /// The highest rank that each row was seen with.
    var ranks: [RowID: Int] = [:]
    /// The last message of each peer that the person has seen on this device.
    var seen: [UserID: MessageID] = [:]
    var seenChanges: Int64 = 0
    /// The server's messages that the cache held at the last check.
    var held: [MessageID: String] = [:]
    /// The numbers of the changes that the stream has delivered.
    private(set) var told: Set<Int64> = []
    /// The last change that the server had pruned when the stream last began.
    private(set) var streamBeganBehind: Int64 = 0

    init(number: Int, peers: [UserID], programs count: Int, token: String, now: Moment, seed: UInt64) throws {
        self.number = number
        self.peers = peers
        self.token = token
        self.now = now
        store = try ChatStore(inMemoryFor: ana)
        fuse = CommitFuse(on: store.database)
        for one in 0..<count {
            programs.append(
                try SimulatedProgram(on: self, number: one, seed: seed &+ UInt64(one) &* 7_777_777))
        }
        for program in programs { program.engine.setWantsLink(true, at: now) }
    }

    /// An answer of the stream of changes was received; the cursor says whether it was stored.
    func streamTold(_ part: SimulatedStreamPart) throws {
        guard try store.meta.text(.cursor) == String(part.upTo) else { return }
        if part.isBeginning { streamBeganBehind = part.after }
        if part.upTo > part.after { told.formUnion(part.after + 1...part.upTo) }
    }

    /// The known ids, changes and states of the server now belong to another database.
    ///
    /// - Parameter isThere: whether the new database has the message with a temp_id.
    func databaseWasReplaced(newest: MessageID, _ isThere: (TempID) -> Bool) throws {
        // The rest returns as separate rows: what was deleted since the backup, and what the backup lacks. The latter
        // may be taken for deleted before anything reveals that the server is another one.
        rows = try rows.filter { try isThere($0.key) && store.timeline.row($0.key)?.row.id == $0.value }
        ranks = [:]
        told = []
        streamBeganBehind = 0
        for (peer, id) in seen { seen[peer] = min(id, newest) }
        wishes = [:]
    }

    /// An impossible state, or nil, found from the cache alone.
    func contradiction(_ peer: UserID) throws -> String? {
        let rows = try store.timeline.page(with: peer, before: nil, limit: 60).rows
        let firstUnsent = rows.firstIndex { $0.state.isUnsent } ?? rows.endIndex
        if rows[firstUnsent...].contains(where: { !$0.state.isUnsent }) {
            return "an unsent row stands above a sent one"
        }
        for (one, next) in zip(rows, rows.dropFirst()) where one.position >= next.position {
            return "rows stand out of order"
        }
        let gone = rows.filter { $0.heldReason == .goneFromServer }
        for (one, next) in zip(gone, gone.dropFirst()) where one.time > next.time {
            return "messages that the server has lost are not offered in their order"
        }
        for row in rows {
            let rank = row.state.rank
            if let highest = ranks[row.id], rank < highest {
                return "row \(row.id) fell from \(highest) to \(row.state)"
            }
            ranks[row.id] = rank
            guard let tempID = row.tempID, row.isMine else { continue }
            if let known = self.rows[tempID], known != row.id {
                return "message \(tempID) moved from row \(known) to \(row.id)"
            }
            self.rows[tempID] = row.id
        }
        return nil
    }
}

/// A part of the stream of changes, as the server answered it: those numbered `after < number <= upTo`.
struct SimulatedStreamPart {
    let after: Int64
    let upTo: Int64
    /// Requested without a cursor.
    let isBeginning: Bool
}

extension RowState {
    /// A rank that never falls.
    var rank: Int {
        switch self {
        case .queued, .sending, .unknown, .failed, .held, .received: 0
        case .sent: 1
        case .delivered: 2
        case .read: 3
        }
    }
}
