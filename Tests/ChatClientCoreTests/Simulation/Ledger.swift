import ChatWire

/// What people have entered on the devices of the account, and what the server made of it: the truth that no program
/// knows.
struct Ledger {
    enum Wish: Equatable {
        case send
        /// Taken back before anything was sent: it must never arrive.
        case never
        /// Taken back in flight, or deleted after it was sent: it must be gone at the end.
        case gone
    }

    struct Entry {
        let tempID: TempID
        let device: Int
        let peer: UserID
        var content: String
        /// Its place among all entered messages; a retried message gets a new one.
        var order: Int
        var wish = Wish.send
        var arrivals = 0
        /// Somebody has deleted the conversation since it was entered.
        var mayBeGone = false
        /// The person saw that it had arrived, and took the row that still waited away.
        var isSettledByHand = false
    }

    private(set) var entries: [TempID: Entry] = [:]
    private var order = 0
    /// The order of the last arrival, by device and peer.
    private var lastArrival: [Lane: Int] = [:]

    private struct Lane: Hashable {
        let device: Int
        let peer: UserID
    }

    mutating func enter(_ tempID: TempID, _ content: String, to peer: UserID, on device: Int) {
        order += 1
        entries[tempID] = Entry(tempID: tempID, device: device, peer: peer, content: content, order: order)
    }

    mutating func edit(_ tempID: TempID, _ content: String) { entries[tempID]?.content = content }

    /// - Parameter isGone: what has arrived is deleted at the server: it is wanted there once more.
    mutating func retry(_ tempID: TempID, isGone: Bool) {
        order += 1
        entries[tempID]?.order = order
        if isGone { entries[tempID]?.arrivals = 0 }
    }

    mutating func settledByHand(_ tempID: TempID) { entries[tempID]?.isSettledByHand = true }

    mutating func wish(_ wish: Wish, for tempID: TempID) { entries[tempID]?.wish = wish }

    /// The server has stored a message of a simulated device.
    mutating func arrived(_ tempID: TempID, _ content: String, to peer: UserID) throws(SimulationFault) {
        guard var entry = entries[tempID] else { throw .other("a message arrived that nobody entered") }
        entry.arrivals += 1
        if entry.arrivals > 1 { throw .doubled("\(content) to \(peer)") }
        if entry.wish == .never { throw .other("\(content) arrived, which was taken back before") }
        if entry.content != content || entry.peer != peer {
            throw .other("\(entry.content) to \(entry.peer) arrived as \(content) to \(peer)")
        }
        let lane = Lane(device: entry.device, peer: peer)
        if let last = lastArrival[lane], last > entry.order {
            throw .reordered("\(content) to \(peer) came after one that was entered later")
        }
        lastArrival[lane] = entry.order
        entries[tempID] = entry
    }

    mutating func conversationDeleted(_ peer: UserID) {
        for (tempID, entry) in entries where entry.peer == peer { entries[tempID]?.mayBeGone = true }
    }

    /// The server has another database: of what was entered it has what `isThere` says, and nothing is known of the order
    /// in which it came.
    mutating func databaseWasReplaced(_ isThere: (TempID) -> Bool) {
        for tempID in entries.keys { entries[tempID]?.arrivals = isThere(tempID) ? 1 : 0 }
        lastArrival = [:]
    }

    var missing: [Entry] {
        entries.values.filter { $0.wish == .send && $0.arrivals == 0 }.sorted { $0.order < $1.order }
    }
}

/// What must never happen, and did.
enum SimulationFault: Error, Equatable {
    case lost(String)
    case doubled(String)
    case reordered(String)
    /// Taken out of a cache, though the server has it and nobody deleted it.
    case erased(String)
    case other(String)
}
