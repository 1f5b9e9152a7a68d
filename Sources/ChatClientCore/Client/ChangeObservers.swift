import Synchronization

/// The observers of a client's changes. Delivering a change never waits: changes that an observer has not taken yet
/// are coalesced.
final class ChangeObservers: Sendable {
    /// The stream owns its queue: when nobody holds the stream any more, the queue is gone.
    private struct Observer {
        weak var queue: ChangeQueue?
    }

    private let observers = Mutex<[Observer]>([])

    /// A stream of the changes from now on; it ends with its consumer.
    func add() -> AsyncStream<ChatChange> {
        let queue = ChangeQueue()
        observers.withLock { $0.append(Observer(queue: queue)) }
        return AsyncStream {
            await queue.next()
        } onCancel: {
            queue.finish()
        }
    }

    func announce(_ change: ChatChange) {
        for queue in present { queue.push(change) }
    }

    /// The client is gone: each stream ends after its pending changes.
    func finish() {
        for queue in present { queue.finish() }
    }

    private var present: [ChangeQueue] {
        observers.withLock { observers in
            observers.removeAll { $0.queue == nil }
            return observers.compactMap(\.queue)
        }
    }
}

/// The pending changes of one observer.
final class ChangeQueue: Sendable {
    private struct State {
        var changes: [ChatChange] = []
        var isFinished = false
        var waiter: CheckedContinuation<ChatChange?, Never>?
    }

    /// Notices are not coalesced; an observer that does not take them in time misses the oldest.
    static let capacity = 1000

    private let state = Mutex(State())

    /// Delivers the change to the observer if it waits, otherwise keeps it.
    func push(_ change: ChatChange) {
        let waiter = state.withLock { state -> CheckedContinuation<ChatChange?, Never>? in
            guard !state.isFinished else { return nil }
            if let waiter = state.waiter {
                state.waiter = nil
                return waiter
            }
            state.changes.removeAll { $0.isSuperseded(by: change) }
            if state.changes.count >= Self.capacity { state.changes.removeFirst() }
            state.changes.append(change)
            return nil
        }
        waiter?.resume(returning: change)
    }

    func finish() {
        let waiter = state.withLock { state in
            state.isFinished = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    /// The oldest change, as soon as there is one; nil at the end.
    func next() async -> ChatChange? {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> ChatChange?? in
                if !state.changes.isEmpty { return state.changes.removeFirst() }
                if state.isFinished { return .some(nil) }
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}

extension ChatChange {
    /// True when an observer that will see `newer` does not need this one before it.
    func isSuperseded(by newer: ChatChange) -> Bool {
        switch (self, newer) {
        case (.link, .link), (.conversations, .conversations), (.outbox, .outbox), (.account, .account): true
        case (.timeline(let one), .timeline(let other)): one == other
        case (.typing(let one, _), .typing(let other, _)): one == other
        case (.presence(let one), .presence(let other)): one == other
        default: false
        }
    }
}
