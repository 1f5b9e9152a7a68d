/// Keys that the person tries, to see what they are called and what they do; while it is open they do nothing
/// else. Two times Escape ends it.
struct KeyTrial: Hashable, Sendable {
    /// The newest last.
    private(set) var keys: [Key] = []

    private static let keysMax = 50

    /// Takes in a key; false when it ends the trial.
    mutating func takes(_ key: Key) -> Bool {
        guard key != Key(.escape) || keys.last != key else { return false }
        keys.append(key)
        if keys.count > Self.keysMax { keys.removeFirst() }
        return true
    }
}
