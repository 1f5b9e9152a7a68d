import ChatSQLite
import ChatWire

@testable import ChatClientCore

/// A machine of the account's owner: one cache, the programs on it, a clock that may be wrong.
final class SimulatedDevice {
    let number: Int
    let peers: [UserID]
    let store: ChatStore
    let fuse: CommitFuse
    private(set) var programs: [SimulatedProgram] = []
    /// The program that has the sender's lock.
    var holder: Int?
    /// The token in the account's file.
    var token: String?
    var now: Moment
    /// The unfinished texts, as the person left them.
    var drafts: [UserID: String] = [:]
    /// What the person last wished a contact to be called; nil in it for not to be one.
    var wishes: [UserID: String?] = [:]
    /// Which row each message appeared in.
    var rows: [TempID: RowID] = [:]
    /// The highest rank that a row was seen with.
    var ranks: [RowID: Int] = [:]
    /// Up to which message of a peer the person has seen the conversation, on this device.
    var seen: [UserID: MessageID] = [:]
    var seenChanges: Int64 = 0
    /// The messages of the server that the cache held when it was looked at last.
    var held: [MessageID: String] = [:]
    /// The changes that the stream has told of, by their numbers.
    private(set) var told: Set<Int64> = []
    /// Up to which change the server had thrown them away when the stream last began.
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

    /// An answer of the stream of changes was received; the cursor says whether it was kept.
    func streamTold(_ part: SimulatedStreamPart) throws {
        guard try store.text(.cursor) == String(part.upTo) else { return }
        if part.isBeginning { streamBeganBehind = part.after }
        if part.upTo > part.after { told.formUnion(part.after + 1...part.upTo) }
    }

    /// What was known of the server's numbers, changes and states is of another database now.
    ///
    /// - Parameter isThere: whether that one has what was sent under a name.
    func databaseWasReplaced(newest: MessageID, _ isThere: (TempID) -> Bool) throws {
        // The rest comes back as rows of its own: what was deleted since the backup, and what the backup lacks, which may
        // be taken for deleted before anything tells that the server is another one.
        rows = try rows.filter { try isThere($0.key) && store.timelineRow($0.key)?.row.id == $0.value }
        ranks = [:]
        told = []
        streamBeganBehind = 0
        for (peer, id) in seen { seen[peer] = min(id, newest) }
        wishes = [:]
    }

    /// What cannot be, or nil: told by the state of the cache alone.
    func contradiction(_ peer: UserID) throws -> String? {
        let rows = try store.timeline(with: peer, before: nil, limit: 60).rows
        let firstUnsent = rows.firstIndex { $0.state.isUnsent } ?? rows.endIndex
        if rows[firstUnsent...].contains(where: { !$0.state.isUnsent }) {
            return "an unsent row stands above a sent one"
        }
        for (one, next) in zip(rows, rows.dropFirst()) where one.position >= next.position {
            return "rows stand out of order"
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

/// A stretch of the stream of changes, as the server answered it: those numbered `after < number <= upTo`.
struct SimulatedStreamPart {
    let after: Int64
    let upTo: Int64
    /// Asked for without a cursor.
    let isBeginning: Bool
}

extension RowState {
    /// What never falls.
    var rank: Int {
        switch self {
        case .queued, .sending, .unknown, .failed, .held, .received: 0
        case .sent: 1
        case .delivered: 2
        case .read: 3
        }
    }
}
