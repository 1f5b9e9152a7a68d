import ChatWire

/// A dictionary of bounded size that forgets what was not used lately.
///
/// It keeps two generations. What is used moves to the younger one. The older one is dropped when the younger
/// one is half full, or older than the lifetime. So forgetting costs nothing per entry, an entry is kept for
/// at least its lifetime after its last use while there is room, and what is in use stays longest.
struct GenerationalStore<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private var birth: MonotonicInstant?
    private let half: Int
    private let lifetime: Duration

    /// - Parameters:
    ///   - capacity: the number of entries that are kept.
    ///   - lifetime: how long an entry is useful after its last use.
    init(capacity: Int, lifetime: Duration) {
        half = max(1, capacity / 2)
        self.lifetime = lifetime
    }

    /// The number of entries.
    var count: Int { young.count + old.count }

    subscript(key: Key) -> Value? { young[key] ?? old[key] }

    /// Changes the value of `key` in place; a new key begins with `initial`.
    mutating func update<Result>(
        _ key: Key, default initial: @autoclosure () -> Value, now: MonotonicInstant,
        _ change: (inout Value) -> Result
    ) -> Result {
        age(now)
        // A key in use is found with one lookup.
        if let index = young.index(forKey: key) { return change(&young.values[index]) }
        var value = old.removeValue(forKey: key) ?? initial()
        defer { young[key] = value }
        return change(&value)
    }

    mutating func remove(_ key: Key) {
        young[key] = nil
        old[key] = nil
    }

    private mutating func age(_ now: MonotonicInstant) {
        let birth = birth ?? now
        if self.birth == nil { self.birth = now }
        guard young.count >= half || now - birth >= lifetime else { return }
        old = young
        young.removeAll(keepingCapacity: false)
        self.birth = now
    }
}
