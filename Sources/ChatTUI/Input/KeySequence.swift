import ChatWire

/// What the keys before say about the next one.
struct KeySequence: Hashable, Sendable {
    /// True between the two keys of a pair.
    private(set) var isAfterPrefix = false
    /// When an ESC came that was there for nothing else, while no other key has followed.
    private var loneEscape: MonotonicInstant?
    /// How long an ESC waits for the rest of a sequence before it counts as a key.
    var escapeDelay = KeyDecoder.escapeDelay

    /// An Enter this soon after a lone ESC is taken for Alt-Enter.
    private static let altEnterDelay: Duration = .milliseconds(400)

    mutating func prefixPressed() { isAfterPrefix = true }

    mutating func escapePressed(at instant: MonotonicInstant) { loneEscape = instant - escapeDelay }

    /// The command of a key, as the second of a pair or by itself.
    mutating func command(for key: Key, in keymap: Keymap) -> Command? {
        defer { isAfterPrefix = false }
        return (isAfterPrefix ? keymap.commandOfPair(key) : nil) ?? keymap.command(for: key)
    }

    /// True for an Enter that is the rest of an Alt-Enter, which a slow line has cut in two: a half-written message
    /// must not go out.
    mutating func isCutAltEnter(_ key: Key, at instant: MonotonicInstant) -> Bool {
        defer { loneEscape = nil }
        guard key == Key(.enter), let loneEscape else { return false }
        return instant - loneEscape < Self.altEnterDelay
    }
}
