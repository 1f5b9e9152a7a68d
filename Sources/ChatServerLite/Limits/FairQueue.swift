/// Who waits for something that costs much: a group, as the address it comes from, and a member of that group, as
/// the account that it names.
package struct FairAsker: Hashable, Sendable {
    var group: String
    var member: String

    package init(group: String, member: String = "") {
        self.group = group
        self.member = member
    }
}

/// Decides what waits, what is served next, and what has to make room, so that neither a group nor a member of one
/// can fill the queue. Pure.
///
/// Groups are served in turn, the members of a group too, and of a member the newest first: in a flood the old ones
/// have been given up by then. Who is known to be well-behaved is preferred every second time. When there is no
/// room, the oldest of the member that has most in the group that has most is given up.
struct FairQueue: Sendable {
    private struct Entry {
        let id: Int
        let asker: FairAsker
    }

    /// In the order of their coming.
    private var entries: [Entry] = []
    private var lastServedGroup: [String: Int] = [:]
    private var lastServedAsker: [FairAsker: Int] = [:]
    private var turn = 0
    /// Those who are known, with the turn at which they became so.
    private var known: [FairAsker: Int] = [:]

    private static let memoryMax = 4096

    var count: Int { entries.count }

    /// Lets somebody wait. Returns what has to go for it, which may be itself.
    mutating func add(_ id: Int, for asker: FairAsker, capacity: Int) -> Int? {
        entries.append(Entry(id: id, asker: asker))
        guard entries.count > max(0, capacity) else { return nil }
        let index = capacity > 0 ? givenUp() : entries.count - 1
        return entries.remove(at: index).id
    }

    /// Takes out what nobody waits for any more; false when it is not here.
    mutating func remove(_ id: Int) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return false }
        entries.remove(at: index)
        return true
    }

    /// What is served now.
    mutating func next() -> Int? {
        turn += 1
        var candidates = Array(entries.indices)
        if turn % 2 == 1 {
            let preferred = candidates.filter { known[entries[$0].asker] != nil }
            if !preferred.isEmpty { candidates = preferred }
        }
        // The latest of equals: `min` gives the first.
        guard
            let index = candidates.reversed().min(by: {
                rank(entries[$0].asker) < rank(entries[$1].asker)
            })
        else { return nil }
        let entry = entries.remove(at: index)
        forgetOld()
        lastServedGroup[entry.asker.group] = turn
        lastServedAsker[entry.asker] = turn
        return entry.id
    }

    private func rank(_ asker: FairAsker) -> (Int, Int) {
        (lastServedGroup[asker.group] ?? 0, lastServedAsker[asker] ?? 0)
    }

    /// Remembers who has shown who they are, or forgets somebody who has not.
    mutating func note(_ asker: FairAsker, isKnown: Bool) {
        if isKnown, known[asker] == nil, known.count >= Self.memoryMax,
            let oldest = known.min(by: { $0.value < $1.value })
        {
            known[oldest.key] = nil
        }
        known[asker] = isKnown ? turn : nil
    }

    private mutating func forgetOld() {
        if lastServedGroup.count >= Self.memoryMax { lastServedGroup.removeAll() }
        if lastServedAsker.count >= Self.memoryMax { lastServedAsker.removeAll() }
    }

    private func givenUp() -> Int {
        // Of those who are known the newest stays.
        var isProtected = Set<FairAsker>()
        var candidates: [Int] = []
        for index in entries.indices.reversed() {
            let asker = entries[index].asker
            if known[asker] == nil || !isProtected.insert(asker).inserted { candidates.append(index) }
        }
        if candidates.isEmpty { candidates = Array(entries.indices) }
        var groups: [String: Int] = [:]
        var askers: [FairAsker: Int] = [:]
        for index in candidates {
            groups[entries[index].asker.group, default: 0] += 1
            askers[entries[index].asker, default: 0] += 1
        }
        func weight(_ index: Int) -> (Int, Int, Int) {
            let asker = entries[index].asker
            return (groups[asker.group] ?? 0, askers[asker] ?? 0, -index)
        }
        return candidates.max { weight($0) < weight($1) } ?? 0
    }
}
