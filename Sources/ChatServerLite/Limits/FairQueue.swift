/// Who asks for expensive work: a member of a group. The group is usually the address of the request, and the
/// member the account that it names.
package struct FairAsker: Hashable, Sendable {
    var group: String
    var member: String

    package init(group: String, member: String = "") {
        self.group = group
        self.member = member
    }
}

/// Decides which requests wait, which is served next, and which is dropped, so that neither a group nor a
/// member can fill the queue. A pure value.
///
/// Groups are served in turn, and so are the members of a group. Of one member, the newest request is served
/// first, because in a flood the older ones have been abandoned by then. Every second turn prefers askers
/// that are known to be well-behaved. When the queue is full, the largest group's largest member loses its
/// oldest request.
struct FairQueue: Sendable {
    private struct Entry {
        let id: Int
        let asker: FairAsker
    }

    /// In order of arrival.
    private var entries: [Entry] = []
    private var lastServedGroup: [String: Int] = [:]
    private var lastServedAsker: [FairAsker: Int] = [:]
    private var turn = 0
    /// The known askers, each with the turn in which it became known.
    private var known: [FairAsker: Int] = [:]

    private static let memoryMax = 4096

    /// The number of waiting requests.
    var count: Int { entries.count }

    /// Adds a request.
    ///
    /// - Returns: the request that is dropped for it, which may be the new one; nil when there is room.
    mutating func add(_ id: Int, for asker: FairAsker, capacity: Int) -> Int? {
        entries.append(Entry(id: id, asker: asker))
        guard entries.count > max(0, capacity) else { return nil }
        let index = capacity > 0 ? givenUp() : entries.count - 1
        return entries.remove(at: index).id
    }

    /// Removes a request that was cancelled.
    ///
    /// - Returns: whether it was still waiting.
    mutating func remove(_ id: Int) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return false }
        entries.remove(at: index)
        return true
    }

    /// Removes and returns the next request to serve; nil when none waits.
    mutating func next() -> Int? {
        turn += 1
        var candidates = Array(entries.indices)
        if turn % 2 == 1 {
            let preferred = candidates.filter { known[entries[$0].asker] != nil }
            if !preferred.isEmpty { candidates = preferred }
        }
        // Reversed, because `min` returns the first of equals and the latest is wanted.
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

    /// Remembers an asker who has proved their identity, or forgets one who has failed to.
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
        // The newest request of each known asker stays.
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
