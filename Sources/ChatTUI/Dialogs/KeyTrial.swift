/// Keys that the person tries, to see what they are called and what they do; while it is open they do nothing
/// else. The key that closes dialogs ends it when it is pressed twice.
struct KeyTrial: Hashable, Sendable {
    /// The newest last.
    private(set) var keys: [Key] = []

    private static let keysMax = 50

    /// Takes in a key; false when it ends the trial.
    ///
    /// - Parameter closing: the key that closes dialogs; nil where none is bound, and Escape stands in for it.
    mutating func takes(_ key: Key, closing: Key?) -> Bool {
        guard key != closing ?? Key(.escape) || keys.last != key else { return false }
        keys.append(key)
        if keys.count > Self.keysMax { keys.removeFirst() }
        return true
    }
}
