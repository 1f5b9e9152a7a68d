import ChatWire
import Synchronization

/// Whether the server can serve: its database is in its place and answers.
final class Readiness: Sendable {
    private let store: any Storage
    private let waiting = Atomic<Int>(0)

    /// How many requests may wait at a time. A further one is answered at once.
    private static let waitingMax = 16
    private static let pause = Duration.milliseconds(50)

    init(store: any Storage) { self.store = store }

    var isReady: Bool {
        get async {
            guard !store.isGone else { return false }
            return (try? await store.lookUp { try $0.isAlive() }) == true
        }
    }

    /// Returns true as soon as the server is ready, and false when it is not in this time.
    func wait(atMost time: Duration) async -> Bool {
        if await isReady { return true }
        defer { waiting.subtract(1, ordering: .relaxed) }
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.waitingMax else { return false }
        let deadline = ServerClock.monotonic() + time
        while ServerClock.monotonic() < deadline {
            // A request whose client is gone is cancelled.
            guard (try? await Task.sleep(for: Self.pause)) != nil else { return false }
            if await isReady { return true }
        }
        return false
    }

    /// Reads a time in seconds (`5s`, `5`) or milliseconds (`500ms`), at most a minute; zero when there is none. Nil
    /// for anything else.
    static func wait(_ text: String?) -> Duration? {
        guard let text else { return .zero }
        let time: Duration? =
            if text.hasSuffix("ms") {
                UInt16(text.dropLast(2)).map { .milliseconds(Int($0)) }
            } else {
                UInt16(text.hasSuffix("s") ? text.dropLast() : text[...]).map { .seconds(Int($0)) }
            }
        return time.flatMap { $0 <= .seconds(60) ? $0 : nil }
    }
}
