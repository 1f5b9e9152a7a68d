import Synchronization

/// Brings events from any thread to the main loop, which polls `descriptor`.
final class EventMailbox: Sendable {
    /// Readable while there are events.
    var descriptor: Int32 { pipe.reading }
    private let pipe: WakePipe
    private let events = Mutex<[AppEvent]>([])

    init() throws(TerminalError) { pipe = try WakePipe() }

    func post(_ event: AppEvent) {
        let wasEmpty = events.withLock { waiting in
            defer { waiting.append(event) }
            return waiting.isEmpty
        }
        if wasEmpty { pipe.wake() }
    }

    /// All events that came since the last call, in order.
    func take() -> [AppEvent] {
        _ = pipe.take()
        return events.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
