import ChatWire

/// Recorded: a text that begins with the same 50 characters from the same sender to the same receiver is pushed once
/// within a second, and each further one makes that second begin anew.
struct RecentPushes {
    private struct Key: Hashable {
        let sender: UserID
        let receiver: UserID
        let beginning: String
    }

    private var times: [Key: MonotonicInstant] = [:]
    private var lastCleared: MonotonicInstant?

    private static let memory = Duration.seconds(1)
    private static let lengthMax = 50

    /// Takes note of a message; true when the same was there within the last second.
    mutating func isRepeated(_ message: Message, now: MonotonicInstant) -> Bool {
        clear(now)
        let key = Key(
            sender: message.senderID, receiver: message.receiverID,
            beginning: String(String.UnicodeScalarView(message.content.unicodeScalars.prefix(Self.lengthMax)))
        )
        guard let last = times.updateValue(now, forKey: key) else { return false }
        return now - last < Self.memory
    }

    /// Forgets what is too old, once a second.
    private mutating func clear(_ now: MonotonicInstant) {
        if let lastCleared, now - lastCleared < Self.memory { return }
        lastCleared = now
        times = times.filter { now - $0.value < Self.memory }
    }
}
