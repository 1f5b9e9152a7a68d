import ChatWire

/// Suppresses repeated pushes as the real server does. Two messages between the same people whose texts have the same
/// first 50 characters are a repetition while the first push is in progress, at most ten seconds, and for one second
/// after it was tried at all subscriptions.
struct RecentPushes {
    private struct Key: Hashable {
        let sender: UserID
        let receiver: UserID
        let beginning: String

        init(_ message: Message) {
            sender = message.senderID
            receiver = message.receiverID
            let scalars = message.content.unicodeScalars.prefix(RecentPushes.lengthMax)
            beginning = String(String.UnicodeScalarView(scalars))
        }
    }

    private struct Way {
        /// An equal message before this time is a repetition.
        var until: MonotonicInstant
        /// The deliveries that have not been tried yet.
        var deliveries: Set<Int64> = []
    }

    private var ways: [Key: Way] = [:]
    private var keys: [Int64: Key] = [:]
    private var lastCleared: MonotonicInstant?

    private static let longestWay = Duration.seconds(10)
    private static let memory = Duration.seconds(1)
    private static let lengthMax = 50

    /// Starts the push of a message.
    ///
    /// - Returns: false when the message is a repetition.
    mutating func begin(_ message: Message, now: MonotonicInstant) -> Bool {
        clear(now)
        let key = Key(message)
        if let way = ways[key], now < way.until { return false }
        ways[key] = Way(until: now + Self.longestWay)
        return true
    }

    /// Records that the push was queued as these deliveries, one for each subscription. Without deliveries it
    /// is done.
    mutating func queued(_ message: Message, as deliveries: [Int64], now: MonotonicInstant) {
        let key = Key(message)
        guard ways[key] != nil else { return }
        for delivery in deliveries { keys[delivery] = key }
        ways[key]?.deliveries = Set(deliveries)
        if deliveries.isEmpty { ways[key]?.until = now + Self.memory }
    }

    /// Records that a delivery was attempted, successfully or not.
    mutating func tried(_ delivery: Int64, now: MonotonicInstant) {
        guard let key = keys.removeValue(forKey: delivery),
            ways[key]?.deliveries.remove(delivery) != nil, ways[key]?.deliveries.isEmpty == true
        else { return }
        ways[key]?.until = now + Self.memory
    }

    /// Removes entries that are too old, at most once a second.
    private mutating func clear(_ now: MonotonicInstant) {
        if let lastCleared, now - lastCleared < Self.memory { return }
        lastCleared = now
        ways = ways.filter { now < $0.value.until }
        keys = keys.filter { ways[$0.value]?.deliveries.contains($0.key) == true }
    }
}
